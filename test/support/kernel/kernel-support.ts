import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

/** What kernel tests run, beside node. Debian: util-linux, mount, perl-base, iproute2, iptables, conntrack. */
const TOOLS = ['unshare', 'nsenter', 'mount', 'perl', 'ip', 'iptables-legacy', 'iptables-nft', 'conntrack'];

/**
 * The command that starts another one in network and mount namespaces of its own. Without root they lie in a user
 * namespace: a new one, or that of the process `sharedWith`, so that interfaces can be moved between the two.
 */
export function unshareCommand(sharedWith?: number): readonly string[] {
  const unshare = ['unshare', '--net', '--mount'];
  if (process.getuid?.() === 0) return unshare;
  if (sharedWith === undefined) return [...unshare, '--user', '--map-root-user'];
  return ['nsenter', '--user', '--preserve-credentials', '--target', String(sharedWith), ...unshare];
}

/** Why kernel tests cannot run on this machine; undefined: they can. */
export function whyNoKernelTests(): string | undefined {
  if (process.platform !== 'linux') return 'they need Linux';
  const look = spawnSync(
    'sh',
    ['-c', 'for t; do command -v $t > /dev/null || echo $t; done', 'sh', ...TOOLS],
    {
      encoding: 'utf8',
      env: { ...process.env, PATH: pathWithSbin() },
    },
  );
  const missing = look.stdout.split('\n').filter((tool) => tool !== '');
  if (missing.length > 0) return `these programs are missing: ${missing.join(' ')}`;
  const [program = '', ...args] = unshareCommand();
  const attempt = spawnSync(program, [...args, 'mount', '-t', 'tmpfs', 'tmpfs', '/run'], {
    encoding: 'utf8',
  });
  if (attempt.status === 0) return undefined;
  return `they need root or user namespaces: ${attempt.stderr.trim()}`;
}

/** PATH with the folders that Debian leaves out of an ordinary user's. */
export function pathWithSbin(): string {
  return `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
}

/**
 * `describe` for tests that need namespaces. Where those are not to be had the tests are skipped, which the run
 * shows and one line on stderr explains; with SVCGEN_KERNEL=required that is a failure.
 */
export function describeKernel(name: string, body: () => void): void {
  const reason = whyNoKernelTests();
  if (reason === undefined) {
    describe(name, body);
    return;
  }
  if (process.env.SVCGEN_KERNEL === 'required') throw new Error(`kernel tests cannot run: ${reason}`);
  console.error(`SKIPPED kernel tests of "${name}": ${reason}`);
  describe.skip(`${name} (skipped: ${reason})`, body);
}

import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { pathWithSbin, unshareCommand } from './unshare.ts';

/** What kernel tests run, beside node. Debian: util-linux, mount, perl-base, iproute2, iptables, nftables, conntrack. */
const TOOLS = [
  'unshare',
  'nsenter',
  'mount',
  'perl',
  'ip',
  'iptables-legacy',
  'iptables-nft',
  'nft',
  'conntrack',
];

/** Why kernel tests cannot run on this machine; undefined: they can. */
function whyNoKernelTests(): string | undefined {
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

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { describe } from 'vitest';
import { pathWithSbin } from '../kernel/unshare.ts';

/** Where Debian's user-mode-linux package has the modules of its kernel, a folder for each version. */
export const UML_MODULES = '/usr/lib/uml/modules';

/** What tests in a User-Mode Linux kernel run. Debian: user-mode-linux kmod ipvsadm ipset iptables iproute2 conntrack. */
const TOOLS = ['linux.uml', 'modprobe', 'ipvsadm', 'ipset', 'ip', 'iptables-legacy', 'conntrack', 'unshare'];

/** Why tests cannot run a kernel of their own here; undefined: they can. */
function whyNoUML(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'they need Linux on x64';
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
  const hasModules = existsSync(UML_MODULES) && readdirSync(UML_MODULES).length > 0;
  return hasModules ? undefined : `there are no modules in ${UML_MODULES}`;
}

/**
 * `describe` for tests that need IPVS, which they have in a User-Mode Linux kernel. Where that is not to be had the
 * tests are skipped, which the run shows and one line on stderr explains; with SVCGEN_KERNEL=required that is a
 * failure.
 */
export function describeUML(name: string, body: () => void): void {
  const reason = whyNoUML();
  if (reason === undefined) {
    describe(name, body);
    return;
  }
  if (process.env.SVCGEN_KERNEL === 'required') throw new Error(`tests with IPVS cannot run: ${reason}`);
  console.error(`SKIPPED tests with IPVS of "${name}": ${reason}`);
  describe.skip(`${name} (skipped: ${reason})`, body);
}

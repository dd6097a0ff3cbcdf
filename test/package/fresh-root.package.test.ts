import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFences } from '../support/docs/fences.ts';
import { runFence, writeFenceFile } from '../support/docs/run-fences.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { installProgram, makeRoot } from '../support/package/empty-root.ts';
import { nodeOf } from '../support/package/node-of.ts';
import { pack } from '../support/package/pack.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-root-'));
afterAll(() => rmSync(dir, { recursive: true }));

let tarball = '';
beforeAll(() => {
  tarball = pack(join(dir, 'tree'));
});

/** A shell, what scripts of svcgen call, and what a reader's commands do. */
const PROGRAMS = [
  'bash',
  'sh',
  'env',
  'cat',
  'grep',
  'awk',
  'head',
  'tr',
  'cut',
  'rm',
  'mkdir',
  'mktemp',
  'id',
  'sleep',
  'flock',
  'uname',
];
const OF_RULES = [
  'iptables',
  'iptables-save',
  'iptables-restore',
  'ip6tables',
  'ip6tables-save',
  'ip6tables-restore',
];

/** The first page of README: up to what svcgen is for. The checkout is not part of an installation. */
function firstPage() {
  const fences = readFences('README.md');
  const end = fences.findIndex(({ text }) => text.startsWith('kubectl '));
  expect(end).toBeGreaterThan(3);
  return fences.slice(0, end).filter(({ text }) => !text.startsWith('npm ci'));
}

/** Enters the root, in namespaces that end with the command. */
const enter = (root: string) => [
  ...['unshare', '--net', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec'],
  'mount --rbind /dev "$1/dev"; mount -t proc proc "$1/proc"; root=$1; shift; exec chroot "$root" /usr/bin/env -i -C /root HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin "$@"',
  ...['sh', root],
];

describeKernel('a host that has nothing', () => {
  describe.each(['20', '22', '24'])('but a shell, iptables and Node %s', (version) => {
    const root = join(dir, `root-${version}`);
    beforeAll(() => {
      makeRoot(root, [...PROGRAMS, ...OF_RULES]);
      installProgram(root, join(nodeOf(version, join(dir, `node-${version}`)), 'node'), '/usr/bin/node');
      const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
      cpSync(join(dirname(realpathSync(npm)), '..'), join(root, 'usr/lib/node_modules/npm'), {
        recursive: true,
      });
      symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/bin/npm'));
      cpSync(tarball, join(root, 'svcgen.tgz'));
    });

    test('is that Node', () => {
      const [program = '', ...args] = [...enter(root), 'node', '--version'];
      expect(execFileSync(program, args, { encoding: 'utf8' })).toMatch(new RegExp(`^v${version}\\.`));
    });

    test('does all that the first page of README says', { timeout: 600_000 }, async () => {
      const fences = firstPage();
      expect(fences.map(({ language }) => language)).toEqual(['sh', 'yaml', 'console', 'sh']);
      for (const fence of fences) {
        if (fence.file !== undefined) {
          writeFenceFile(fence.file, fence.text, join(root, 'root'));
          continue;
        }
        const text = fence.text.replace(/^npm install -g svcgen$/m, 'npm install -g --offline /svcgen.tgz');
        const run = await runFence({ ...fence, text }, dir, enter(root));
        if (fence.language === 'console') expect(run.text).toBe(text);
        else
          expect({ status: run.status, text: run.status === 0 ? '' : run.text }).toEqual({
            status: 0,
            text: '',
          });
      }
    });
  });
});

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkFixedThenRandom } from '../support/fixed-cases.ts';
import { runQuietly } from '../support/run-program.ts';
import { shareOf } from '../support/share.ts';

const IPTABLES_WORDS = [
  '!',
  '-j',
  '-m',
  '--dport',
  '80',
  '"',
  '-s',
  '-g',
  'FORWARD',
  'KUBE-SERVICES',
  '--comment',
  '\\',
];

const NFT_WORDS = [
  '{',
  '}',
  ',',
  '"',
  ':',
  '.',
  '!=',
  'drop',
  'goto',
  'services',
  'vmap',
  '@service-ips',
  'ip',
  'daddr',
  '10.0.0.0/33',
  'numgen random mod 0 vmap { 0 : drop }',
  '# handle 3',
];

const IPVS_WORDS = [
  'create',
  'add',
  'KUBE-CLUSTER-IP',
  '10.96.0.80,tcp:80',
  '10.96.0.80,tcp:99999',
  'hash:ip,port',
  'bitmap:port',
  'timeout 5',
  '-A',
  '-a',
  '-t',
  '-f',
  '-r',
  '[fd00::1]:80',
  '10.0.0.1:0',
  '-w',
  '-s',
  '-p',
  '\u202e',
  '-1',
];

const DUMPS = [
  ['iptables', 'fixtures/explain/node-rules/node.rules', IPTABLES_WORDS],
  ['nftables, layout compact', 'fixtures/explain/node-nftables/compact.rules', NFT_WORDS],
  ['nftables, layout kube-proxy', 'fixtures/explain/node-nftables/kube-proxy.rules', NFT_WORDS],
  ['ipvs', 'fixtures/explain/node-ipvs/node-a.rules', IPVS_WORDS],
] as const;

/** What is left of a dump when somebody has edited it, or a pipe has broken. */
function damaged(saved: string, words: readonly string[]): fc.Arbitrary<string> {
  const lines = saved.split('\n');
  return fc.oneof(
    fc
      .record({
        at: fc.nat(saved.length),
        removed: fc.nat(40),
        inserted: fc.string({ maxLength: 12, unit: 'binary' }),
      })
      .map(({ at, removed, inserted }) => saved.slice(0, at) + inserted + saved.slice(at + removed)),
    fc.nat(saved.length).map((end) => saved.slice(0, end)),
    fc
      .record({ from: fc.nat(lines.length - 1), to: fc.nat(lines.length - 1) })
      .map(({ from, to }) => lines.with(to, lines[from] ?? '').join('\n')),
    fc
      .record({
        line: fc.nat(lines.length - 1),
        words: fc.array(fc.constantFrom(...words), { maxLength: 6 }),
      })
      .map(({ line, words: more }) => lines.with(line, `${lines[line]} ${more.join(' ')}`).join('\n')),
  );
}

test.each(DUMPS)('%s: a damaged dump is explained, or refused with the line', async (_, path, words) => {
  let explained = 0;
  const property = fc.asyncProperty(damaged(readFileSync(path, 'utf8'), words), async (text) => {
    const args = [
      'explain',
      '--rules',
      '-',
      '--node-ip',
      '192.168.7.11',
      '--from',
      '10.244.1.9',
      '--to',
      '10.96.0.80:80',
    ];
    const { exitCode, stdout, stderr } = await runQuietly(args, text);
    if (exitCode === 0) {
      explained += 1;
      // Damage can look like rules of another version.
      if (stderr !== '') expect(stderr).toMatch(/^warning\[saved-rules-version\]: /);
      expect(stdout).toContain('TCP from 10.244.1.9');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: whatever was in the input, a terminal gets none of it
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    } else {
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/<stdin>:\d+:\d+: error\[saved-rules-[a-z]+\]/);
    }
  });
  const reached = () => expect(explained).toBeGreaterThan(5);
  await checkFixedThenRandom(property, { fixed: 50, numRuns: shareOf(300), reached });
});

test.each(DUMPS.slice(1))(
  '%s: a damaged dump is compared, or refused with the line',
  async (name, path, words) => {
    const mode = name === 'ipvs' ? name : 'nftables';
    let compared = 0;
    const property = fc.asyncProperty(damaged(readFileSync(path, 'utf8'), words), async (text) => {
      const args = ['diff', 'fixtures/valid/ipvs/input.yaml', '--rules', '-', '--mode', mode];
      const { exitCode, stdout, stderr } = await runQuietly([...args, '--node', 'node-a'], text);
      if (exitCode === 2) {
        expect(stdout).toBe('');
        expect(stderr).toMatch(/<stdin>:\d+:\d+: error\[saved-rules-[a-z]+\]/);
      } else {
        compared += 1;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: as above
        expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }
    });
    const reached = () => expect(compared).toBeGreaterThan(4);
    await checkFixedThenRandom(property, { fixed: 40, numRuns: shareOf(200), reached });
  },
);

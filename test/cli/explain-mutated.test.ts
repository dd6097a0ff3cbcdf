import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

/** Dumps of every form, whose lines are shuffled, repeated, cut and mixed. */
const DUMPS = [
  'dump-forms/saved.txt',
  'dump-forms/specified.txt',
  'dump-forms/listed.txt',
  'dump-forms/grepped.txt',
  'live-nodes/docker-24-bridges.save',
  'live-nodes/half-blocked.save',
  'live-nodes/both-variants.txt',
  'live-nodes/ipvsadm-Ln.txt',
  'live-nodes/ipset-list.txt',
  'node-nftables/kube-proxy.rules',
  'node-ipvs/node-a.rules',
].map((name) => readFileSync(`fixtures/explain/${name}`, 'utf8').split('\n'));

const CHAINS = /(-[Ajg]) (KUBE-\S+|DOCKER\S*|FORWARD|PREROUTING)/g;

const mutation = fc.record({
  kind: fc.constantFrom('drop', 'repeat', 'move', 'cut', 'mix', 'rename', 'flip'),
  at: fc.nat(),
  to: fc.nat(),
});

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutated(lines: readonly string[], { kind, at, to }: Mutation): readonly string[] {
  const index = at % Math.max(1, lines.length);
  const [line = ''] = lines.slice(index);
  const other = to % Math.max(1, lines.length);
  const replaced = (text: string) => lines.with(Math.min(index, lines.length - 1), text);
  if (lines.length === 0) return lines;
  switch (kind) {
    case 'drop':
      return lines.toSpliced(index, 1);
    case 'repeat':
      return lines.toSpliced(index, 0, ...Array<string>(1 + (to % 20)).fill(line));
    case 'move':
      return lines.toSpliced(index, 1).toSpliced(other, 0, line);
    case 'cut':
      return replaced(line.slice(0, to % (line.length + 1)));
    case 'mix':
      return [...lines, ...(DUMPS[to % DUMPS.length] ?? [])];
    case 'rename': {
      const names = lines.flatMap((each) => [...each.matchAll(CHAINS)].map(([, , name = '']) => name));
      return replaced(
        line.replace(CHAINS, (_, option) => `${option} ${names[to % Math.max(1, names.length)]}`),
      );
    }
    case 'flip':
      return replaced(line.replace(/\d/, `${to % 10}`));
  }
}

test('whatever a dump is, there is an answer or an error, and neither is long', async () => {
  const changed = fc.tuple(fc.nat(DUMPS.length - 1), fc.array(mutation, { minLength: 1, maxLength: 12 }));
  await fc.assert(
    fc.asyncProperty(changed, async ([which, mutations]) => {
      const text = mutations.reduce(mutated, DUMPS[which] ?? []).join('\n');
      const args = ['--node-ip', '192.168.1.11', '--from', '10.42.1.77', '--to', '10.43.0.9:80'];
      const { exitCode, stdout, stderr } = await runProgram(['explain', '--rules', '-', ...args], text);
      expect([0, 1]).toContain(exitCode);
      expect(stderr).not.toContain('bug');
      if (exitCode === 1) expect(stdout).toBe('');
      expect(stdout.split('\n').length).toBeLessThan(150);
    }),
    { numRuns: 60 },
  );
});

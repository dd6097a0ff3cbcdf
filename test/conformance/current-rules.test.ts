import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';
import { type ConformanceCase, readCases } from './case.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-conformance-'));
afterAll(() => rmSync(dir, { recursive: true }));

const cases = readCases('iptables').map((each) => [each.name, each] as const);

/** What would change kube-proxy's own rules. */
async function changes({ name, input, flags }: ConformanceCase, rules: string) {
  const path = join(dir, name);
  writeFileSync(path, rules);
  return runQuietly(['render', '-', ...flags, '--current', path], input);
}

const NONE = { chains: { differing: 0, missing: 0, stale: 0 }, rules: { missing: 0, extra: 0 } };

async function drift({ name, input, flags }: ConformanceCase, rules: string) {
  const path = join(dir, name);
  writeFileSync(path, rules);
  const run = await runQuietly(['diff', '-', ...flags, '--rules', path, '--output', 'json'], input);
  return { exitCode: run.exitCode, stdout: JSON.parse(run.stdout) };
}

describe("kube-proxy's own rules", () => {
  test.for(cases)('%s: nothing is to be changed', async ([, theCase]) => {
    expect(await changes(theCase, theCase.expectedRules)).toEqual({
      exitCode: 0,
      stdout: '',
      // Manifests may have warnings of their own.
      stderr: expect.stringMatching(/^(?:.*\n)?nothing to change: the node has these rules\n$/s),
    });
  });

  test.for(cases)('%s: one rule that is otherwise is changed, and its chain alone', async ([, theCase]) => {
    const rule = theCase.expectedRules.split('\n').findLast((line) => line.startsWith('-A KUBE-'));
    const chain = rule?.split(' ')[1];
    const changed = theCase.expectedRules.replace(`${rule}\n`, `-A ${chain} -j DROP\n`);
    const { exitCode, stdout } = await changes(theCase, changed);
    const chains = new Set([...stdout.matchAll(/^(?:-[ADIX] |:)(\S+)/gm)].map(([, name]) => name));
    expect({ exitCode, chains: [...chains] }).toEqual({ exitCode: 0, chains: [chain] });
  });

  test.for(cases)('%s: there is no drift', async ([, theCase]) => {
    const { exitCode, stdout } = await drift(theCase, theCase.expectedRules);
    expect({ exitCode, ...stdout }).toEqual({
      exitCode: 0,
      same: true,
      verdict: expect.stringMatching(/^no drift: /),
      services: { wanted: expect.any(Number), differing: [] },
      summary: NONE,
      chains: [],
    });
  });

  test.for(cases)('%s: one rule that is otherwise is all the drift', async ([, theCase]) => {
    const lines = theCase.expectedRules.split('\n');
    const index = lines.findLastIndex((line) => line.startsWith('-A KUBE-'));
    const rule = lines[index];
    const name = rule?.split(' ')[1];
    const table = lines.slice(0, index).findLast((line) => line.startsWith('*'));
    lines[index] = `-A ${name} -p tcp -m tcp --dport 1 -j DROP`;
    const { exitCode, stdout } = await drift(theCase, lines.join('\n'));
    expect({ exitCode, chains: stdout.chains }).toMatchObject({
      exitCode: 1,
      chains: [
        { table: table?.slice(1), name, kind: 'differs', has: [{ line: index + 1, text: lines[index] }] },
      ],
    });
    expect(stdout.chains[0].lacks).toHaveLength(1);
  });
});

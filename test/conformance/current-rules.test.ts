import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { type ConformanceCase, readCases } from './case.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-conformance-'));
afterAll(() => rmSync(dir, { recursive: true }));

const cases = readCases('iptables').map((each) => [each.name, each] as const);

/** What would change kube-proxy's own rules. */
async function changes({ name, input, flags }: ConformanceCase, rules: string) {
  const path = join(dir, name);
  writeFileSync(path, rules);
  return runProgram(['render', '-', ...flags, '--current', path], input);
}

describe("kube-proxy's own rules", () => {
  test.for(cases)('%s: nothing is to be changed', async ([, theCase]) => {
    expect(await changes(theCase, theCase.expectedRules)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'nothing to change: the node has these rules\n',
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
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { type NftablesCase, readNftablesCases } from './case.ts';

const folder = mkdtempSync(join(tmpdir(), 'svcgen-nftables-'));
afterAll(() => rmSync(folder, { recursive: true }));

const VERSION = '--kubernetes-version';

/** What `svcgen diff` says of the tables of kube-proxy 1.30.5. Flags come later than those of the case, and win. */
function drift({ name, input, expected, flags }: NftablesCase, ...more: readonly string[]) {
  const rules = join(folder, name);
  writeFileSync(rules, expected);
  return runProgram(['diff', '-', '--rules', rules, ...flags, ...more], input);
}

/** Without the version, which the tables tell then. */
function untold({ flags, ...theCase }: NftablesCase): NftablesCase {
  const at = flags.indexOf(VERSION);
  return { ...theCase, flags: flags.filter((_, index) => index !== at && index !== at + 1) };
}

const cases = readNftablesCases();

describe("kube-proxy's tables, read back from a kernel", () => {
  test.for(cases.map((each) => [each.name, each] as const))('%s', async ([, theCase]) => {
    const { exitCode, stdout } = await drift(theCase);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^no drift: /) });
  });

  test.for(cases.map((each) => [each.name, each] as const))(
    '%s is not that of later versions',
    async ([, theCase]) => {
      expect((await drift(theCase, VERSION, '1.34')).exitCode).toBe(1);
      expect((await drift(theCase, VERSION, '1.36')).stderr).toContain('saved-rules-version');
    },
  );

  test('the version is told by each of them', async () => {
    for (const theCase of cases) {
      const { stdout, stderr } = await drift(untold(theCase));
      // By default only 1.33 and later drop what ServiceCIDRs leave unallocated.
      expect(stdout).toMatch(/by kube-proxy 1\.3(?:0|1|3\.0)\s/);
      expect(stderr).not.toContain('saved-rules-version');
    }
  });
});

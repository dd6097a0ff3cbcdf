import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFixedThenRandom } from '../support/fixed-cases.ts';
import {
  asJSON,
  hostileInput,
  type Input,
  VALID_UNTIL,
  validInput,
} from '../support/kernel/arbitrary-input.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { runProgram } from '../support/run-program.ts';
import { shareOf } from '../support/share.ts';

const RUNS = 60;
/** Of them, those that are the same in every run. */
const FIXED = 10;
const OF_VERSION = ['--kubernetes-version', VALID_UNTIL] as const;
const LAYOUTS = ['compact', 'kube-proxy'] as const;

describeKernel('whatever comes in, what goes out is nothing or tables that nft takes', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('property');
  });
  afterAll(() => host?.stop());

  test('valid manifests', async () => {
    let rendered = 0;
    const property = fc.asyncProperty(validInput, async (input) => {
      if (await rendersOrRefuses(input)) rendered += 1;
    });
    // Some are refused: two Services with one name or nodePort. Most have to get through, or this proves nothing.
    const reached = () => expect(rendered).toBeGreaterThan(FIXED / 2);
    await checkFixedThenRandom(property, { fixed: FIXED, numRuns: shareOf(RUNS), reached });
  });

  test('manifests with something hostile inside', async () => {
    const property = fc.asyncProperty(hostileInput, async (input) => {
      await rendersOrRefuses(input);
    });
    await fc.assert(property, { numRuns: shareOf(RUNS * 5) });
  });

  /**
   * Each text replaces those before, in whichever layout they were, and itself.
   * @returns whether there are rules
   */
  async function rendersOrRefuses(input: Input): Promise<boolean> {
    for (const layout of LAYOUTS) {
      const args = ['render', '-', '--mode', 'nftables', '--layout', layout, ...OF_VERSION, ...input.flags];
      const { exitCode, stdout, stderr } = await runProgram(args, asJSON(input));
      if (exitCode !== 0) {
        expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
        expect(stderr).toContain('error');
        return false;
      }
      expect(linesOfOthers(stdout)).toEqual([]);
      await host.must(['nft', '-f', '-'], stdout);
      await host.must(['nft', '-f', '-'], stdout);
    }
    const tables = (await host.must(['nft', 'list', 'tables'])).split('\n');
    expect(tables.filter((table) => !/^(?:table ip6? kube-proxy)?$/.test(table))).toEqual([]);
    return true;
  }
});

/** Commands and the lines of blocks that we mean to print. Nothing else than comments is in quotes, but interfaces. */
const OUR_LINE =
  /^(?:(?:add|delete|flush) (?:table|chain|set|map) ip6? kube-proxy(?: [a-z-]+)?(?: \{ comment "[a-z -]+"; \})?|table ip6? kube-proxy \{|\}|\t(?:set|map|chain) \S+ \{|\t\}|\t\t[^;"]*(?:priority -?\d+;|comment "[^"]*"(?:,| : .*)?)?|\tcomment "[a-z -]+")$/;

function linesOfOthers(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !OUR_LINE.test(line));
}

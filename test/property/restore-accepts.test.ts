import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkFixedThenRandom } from '../support/fixed-cases.ts';
import {
  asJSON,
  asYAML,
  hostileInput,
  type Input,
  VALID_UNTIL,
  validInput,
} from '../support/kernel/arbitrary-input.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { runProgram } from '../support/run-program.ts';
import { shareOf } from '../support/share.ts';

const RUNS = 100;
/** Of them, those that are the same in every run. */
const FIXED = 10;
const LAYOUTS = ['kube-proxy', 'compact'] as const;

interface Damage {
  /** Where, as a share of the text's length. */
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.integer({ min: 0, max: 3 }),
  inserted: fc.oneof(
    fc.string({ maxLength: 6, unit: 'binary' }),
    fc.constantFrom('\n', '---\n', '- ', '&a ', '*a'),
  ),
});

function damaged(text: string, { at, removed, inserted }: Damage): string {
  const start = Math.floor(at * text.length);
  return text.slice(0, start) + inserted + text.slice(start + removed);
}

describeKernel('whatever comes in, what goes out is nothing or rules that the kernel takes', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('property');
  });
  afterAll(() => host?.stop());

  test('valid manifests', async () => {
    let rendered = 0;
    const property = fc.asyncProperty(validInput, async (input) => {
      const flags = [...input.flags, '--kubernetes-version', VALID_UNTIL];
      if (await rendersOrRefuses({ ...input, flags }, asJSON(input))) rendered += 1;
    });
    // Some are refused: two Services with one name or nodePort. Most have to get through, or this proves nothing.
    const reached = () => expect(rendered).toBeGreaterThan(FIXED / 2);
    await checkFixedThenRandom(property, { fixed: FIXED, numRuns: shareOf(RUNS), reached });
  });

  test('manifests with something hostile inside', async () => {
    const property = fc.asyncProperty(hostileInput, async (input) => {
      await rendersOrRefuses(input, asJSON(input));
    });
    await fc.assert(property, { numRuns: shareOf(RUNS * 5) });
  });

  test('YAML text with damage', async () => {
    const property = fc.asyncProperty(
      validInput,
      fc.array(damage, { maxLength: 2 }),
      async (input, damages) => {
        await rendersOrRefuses(input, damages.reduce(damaged, asYAML(input)));
      },
    );
    await fc.assert(property, { numRuns: shareOf(RUNS) });
  });

  /**
   * Each text replaces those before, in whichever layout they were.
   * @returns whether there are rules
   */
  async function rendersOrRefuses({ family, flags }: Input, text: string): Promise<boolean> {
    const program = family === 'IPv4' ? 'iptables' : 'ip6tables';
    const programs = ['legacy', 'nft'].map((variant) => `${program}-${variant}-restore`);
    for (const layout of LAYOUTS) {
      const args = ['render', '-', '--family', family.toLowerCase(), '--layout', layout, ...flags];
      const { exitCode, stdout, stderr } = await runProgram(args, text);
      if (exitCode !== 0) {
        expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
        expect(stderr).toContain('error');
        return false;
      }
      expect(linesOfOthers(stdout)).toEqual([]);
      await Promise.all(programs.map((each) => host.must([each], stdout)));
    }
    return true;
  }
});

const OUR_LINE =
  /^(?:\*(?:filter|nat)|COMMIT|:(?:[A-Z]+ ACCEPT|KUBE-[A-Z2-7-]+ -) \[0:0\]|-A KUBE-[A-Z2-7-]+ .*)$/;

/** The ways from the kernel's chains into ours are the same whatever the manifests say. */
const JUMP =
  /^-A (?:PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)(?: -m conntrack --ctstate NEW| -m comment --comment "kubernetes [a-z -]+")* -j KUBE-[A-Z-]+$/;

/** Lines of restore text that are none of what we mean to print. */
function linesOfOthers(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !OUR_LINE.test(line) && !JUMP.test(line));
}

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { IPFamily } from '../../src/model/cluster.ts';
import type { JsonValue } from '../../src/model/json.ts';
import { hostileValue, replaceSomewhere, serviceManifests } from '../support/kernel/arbitrary-manifests.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { runProgram } from '../support/run-program.ts';

const RUNS = 100;
const TIMEOUT_MS = 120_000;

/** One run of `svcgen render`. */
interface Input {
  readonly family: IPFamily;
  readonly flags: readonly string[];
  readonly manifests: readonly JsonValue[];
}

interface Damage {
  /** Where, as a share of the text's length. */
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

const flagSets: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.constantFrom([], ['--masquerade-all'], ['--iptables-masquerade-bit', '31']),
    fc.constantFrom([], ['--cluster-cidr', '10.244.0.0/16,fd00:10:244::/48']),
    fc.constantFrom([], ['--iptables-localhost-nodeports=false']),
    fc.constantFrom([], ['--node-ip', '192.0.2.7', '--nodeport-addresses', '192.0.2.0/24']),
  )
  .map((parts) => ['--node', 'worker-1', ...parts.flat()]);

const validInput: fc.Arbitrary<Input> = fc.constantFrom<IPFamily[]>('IPv4', 'IPv6').chain((family) =>
  fc.record({
    family: fc.constant(family),
    flags: flagSets,
    manifests: fc.array(serviceManifests(family), { minLength: 1, maxLength: 3 }).map((each) => each.flat()),
  }),
);

/** Any place, not the small numbers that fast-check prefers: those are the same few fields. */
const change = fc.record({ value: hostileValue, place: fc.noBias(fc.nat()) });

const hostileInput: fc.Arbitrary<Input> = fc
  .tuple(validInput, fc.array(change, { minLength: 1, maxLength: 2 }))
  .map(([input, changes]) => ({ ...input, manifests: changes.reduce(applyChange, input.manifests) }));

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

function applyChange(manifests: readonly JsonValue[], { value, place }: { value: JsonValue; place: number }) {
  const index = place % manifests.length;
  return manifests.with(index, replaceSomewhere(manifests[index] ?? {}, value, place));
}

function asJSON({ manifests }: Input): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
}

function asYAML({ manifests }: Input): string {
  return manifests.map((manifest) => `---\n${stringify(manifest)}`).join('');
}

describeKernel('whatever comes in, what goes out is nothing or rules that the kernel takes', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('property');
  });
  afterAll(() => host?.stop());

  test('valid manifests', { timeout: TIMEOUT_MS }, async () => {
    let rendered = 0;
    const property = fc.asyncProperty(validInput, async (input) => {
      if (await rendersOrRefuses(input, asJSON(input))) rendered += 1;
    });
    await fc.assert(property, { numRuns: RUNS });
    // Some are refused: two Services with one name or nodePort. Most have to get through, or this proves nothing.
    expect(rendered).toBeGreaterThan(RUNS / 2);
  });

  test('manifests with something hostile inside', { timeout: TIMEOUT_MS }, async () => {
    const property = fc.asyncProperty(hostileInput, async (input) => {
      await rendersOrRefuses(input, asJSON(input));
    });
    await fc.assert(property, { numRuns: RUNS * 5 });
  });

  test('YAML text with damage', { timeout: TIMEOUT_MS }, async () => {
    const property = fc.asyncProperty(
      validInput,
      fc.array(damage, { maxLength: 2 }),
      async (input, damages) => {
        await rendersOrRefuses(input, damages.reduce(damaged, asYAML(input)));
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  });

  /** @returns whether there are rules */
  async function rendersOrRefuses({ family, flags }: Input, text: string): Promise<boolean> {
    const args = ['render', '-', '--family', family.toLowerCase(), ...flags];
    const { exitCode, stdout, stderr } = await runProgram(args, text);
    if (exitCode !== 0) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain('error');
      return false;
    }
    expect(linesOfOthers(stdout)).toEqual([]);
    const program = family === 'IPv4' ? 'iptables' : 'ip6tables';
    const programs = ['legacy', 'nft'].map((variant) => `${program}-${variant}-restore`);
    await Promise.all(programs.map((each) => host.must([each], stdout)));
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

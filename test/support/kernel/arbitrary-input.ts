import fc from 'fast-check';
import { stringify } from 'yaml';
import type { IPFamily } from '../../../src/model/cluster.ts';
import type { JsonValue } from '../../../src/model/json.ts';
import { hostileValue, replaceSomewhere, serviceManifests } from './arbitrary-manifests.ts';

/** One run of `svcgen render`. */
export interface Input {
  readonly family: IPFamily;
  readonly flags: readonly string[];
  readonly manifests: readonly JsonValue[];
}

const flagSets: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.constantFrom([], ['--masquerade-all'], ['--iptables-masquerade-bit', '31']),
    fc.constantFrom([], ['--cluster-cidr', '10.244.0.0/16,fd00:10:244::/48']),
    fc.constantFrom([], ['--iptables-localhost-nodeports=false']),
    fc.constantFrom([], ['--node-ip', '192.0.2.7', '--nodeport-addresses', '192.0.2.0/24']),
  )
  .map((parts) => ['--node', 'worker-1', ...parts.flat()]);

/** Valid for this version of `--kubernetes-version`. Later ones refuse the odd spellings of addresses that half of them have. */
export const VALID_UNTIL = '1.35';

export const validInput: fc.Arbitrary<Input> = fc.constantFrom<IPFamily[]>('IPv4', 'IPv6').chain((family) =>
  fc.record({
    family: fc.constant(family),
    flags: flagSets,
    manifests: fc.array(serviceManifests(family), { minLength: 1, maxLength: 3 }).map((each) => each.flat()),
  }),
);

/** Any place, not the small numbers that fast-check prefers: those are the same few fields. */
const change = fc.record({ value: hostileValue, place: fc.noBias(fc.nat()) });

export const hostileInput: fc.Arbitrary<Input> = fc
  .tuple(validInput, fc.array(change, { minLength: 1, maxLength: 2 }))
  .map(([input, changes]) => ({ ...input, manifests: changes.reduce(applyChange, input.manifests) }));

function applyChange(manifests: readonly JsonValue[], { value, place }: { value: JsonValue; place: number }) {
  const index = place % manifests.length;
  return manifests.with(index, replaceSomewhere(manifests[index] ?? {}, value, place));
}

export function asJSON({ manifests }: Input): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
}

export function asYAML({ manifests }: Input): string {
  return manifests.map((manifest) => `---\n${stringify(manifest)}`).join('');
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printRule } from '../../src/lang/iptables/print/print-rule.ts';
import { builtTable, iptablesFirewall, type RuleTable } from '../../src/lang/iptables/walk/firewall.ts';
import type { Host } from '../../src/lang/packet/host.ts';
import type { Packet } from '../../src/lang/packet/packet.ts';
import { itemsOf } from '../../src/lang/packet/way.ts';
import { joinHostPort } from '../../src/model/ip.ts';
import type { NodeState } from '../../src/model/node-state.ts';
import type { RuleLayout } from '../../src/model/proxy-config.ts';
import { buildTables } from '../../src/render/iptables/build.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import type { FollowedWay } from '../../src/trace/follow.ts';
import { checkFixedThenRandom } from '../support/fixed-cases.ts';
import { shareOf } from '../support/share.ts';
import { arbitraryCrowdedNode, arbitraryNode } from '../support/walk/arbitrary-node.ts';
import { hostOf, packets } from '../support/walk/packets.ts';
import { waysOf } from '../support/walk/ways-of.ts';

/** Connections to try in one case: there can be thousands. */
const TRIES = 60;

/** What the kernel's 31 bits of chance may change. */
const TOLERANCE = 1e-7;

/** Other rules than ours. */
const policies = fc.constantFrom('ACCEPT', 'DROP');

test.each([
  ['few Services', arbitraryNode, { fixed: 20, numRuns: shareOf(100) }],
  // Making a case of so many smaller would take longer than anybody waits.
  [
    'many Services and endpoints',
    arbitraryCrowdedNode,
    { fixed: 6, numRuns: shareOf(30), endOnFailure: true },
  ],
] as const)(
  'iptables: both layouts send every connection to the same endpoints with the same odds: %s',
  async (_, nodes, runs) => {
    const seen = new Set<string>();
    const property = fc.property(
      nodes,
      policies,
      fc.nat(),
      ({ network, cluster, config }, policy, offset) => {
        const { state } = resolve(cluster, { config, family: network.family });
        const host = hostOf(network);
        const usual = nodeIn('kube-proxy', { state, host, policy });
        const compact = nodeIn('compact', { state, host, policy });
        for (const packet of some([...packets(state, network)], offset)) {
          const [expected, actual] = [summarize(usual(packet)), summarize(compact(packet))];
          expect({ packet, ends: [...actual.keys()].sort() }).toEqual({
            packet,
            ends: [...expected.keys()].sort(),
          });
          for (const [end, share] of expected) {
            expect(Math.abs((actual.get(end) ?? 0) - share), end).toBeLessThan(TOLERANCE);
          }
          for (const chain of chainsOf(compact(packet))) seen.add(chain);
        }
      },
    );
    // What no packet passes is not tested.
    const special = nodes === arbitraryNode ? [] : ['KUBE-DST', 'KUBE-SUB'];
    const wanted = ['KUBE-SVC', 'KUBE-SVL', 'KUBE-EXT', 'KUBE-FW', ...special];
    const reached = () => expect([...seen]).toEqual(expect.arrayContaining(wanted));
    await checkFixedThenRandom(property, { ...runs, reached });
  },
);

interface NodeParts {
  readonly state: NodeState;
  readonly host: Host;
  /** Of FORWARD and INPUT. */
  readonly policy: 'ACCEPT' | 'DROP';
}

function nodeIn(
  layout: RuleLayout,
  { state, host, policy }: NodeParts,
): (packet: Packet) => readonly FollowedWay[] {
  const tables = buildTables(state, { form: 'tables', layout }).map((table) =>
    withPolicy(builtTable(table), policy),
  );
  const firewall = iptablesFirewall(tables, host, (_, rule) => printRule(rule));
  return (packet) => waysOf(firewall, host, packet);
}

function withPolicy(table: RuleTable, policy: 'ACCEPT' | 'DROP'): RuleTable {
  if (table.name !== 'filter') return table;
  const chains = new Map(table.chains);
  for (const name of ['FORWARD', 'INPUT']) chains.set(name, { rules: [], ...chains.get(name), policy });
  return { ...table, chains };
}

function some<T>(list: readonly T[], offset: number): readonly T[] {
  const step = Math.max(1, Math.floor(list.length / TRIES));
  return list.filter((_, index) => (index + offset) % step === 0);
}

/** Which share of all connections ends how. */
function summarize(outcomes: readonly FollowedWay[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { end, packet, share, when } of outcomes) {
    expect(when.kind).toBe('share');
    const { destination, port, mark, rewrittenSource = 'kept', affinitySeconds = 0 } = packet;
    const what = [
      end.kind === 'delivered' ? end.to : end.kind,
      joinHostPort(destination, port),
      `source ${rewrittenSource}`,
      `mark ${mark}`,
      `remembered ${affinitySeconds}`,
    ].join(', ');
    const part = Number((share.numerator << 60n) / share.denominator) / 2 ** 60;
    shares.set(what, (shares.get(what) ?? 0) + part);
  }
  return shares;
}

/** Which kinds of chains a packet was in. */
function chainsOf(outcomes: readonly FollowedWay[]): readonly string[] {
  return outcomes
    .flatMap(({ steps }) => itemsOf(steps))
    .flatMap((step) => (step.kind === 'rule' ? [step.rule.chain.replace(/-[A-Z2-7]{16}$/, '')] : []));
}

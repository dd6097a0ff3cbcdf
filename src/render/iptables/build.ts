import type { NodeState } from '../../model/node-state.ts';
import type { Chain, Table } from '../../model/ruleset.ts';
import { filterChains } from './filter-chains.ts';
import { JUMPS } from './jumps.ts';
import { nameServicePort } from './names.ts';
import { natChains } from './nat-chains.ts';
import { serviceChainNames } from './service-chains.ts';

/**
 * `tables`: whole tables, built-in chains and jumps included, for a bare host. `noflush`: only our own chains, for
 * `iptables-restore --noflush` on a host whose jumps are in place.
 */
export type Layout = 'tables' | 'noflush';

const BUILT_IN_CHAINS = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
} as const;

const OWN_FILTER_CHAINS = [
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-FIREWALL',
  'KUBE-FORWARD',
  'KUBE-NODEPORTS',
  'KUBE-PROXY-FIREWALL',
  'KUBE-SERVICES',
];

const OWN_NAT_CHAINS = ['KUBE-MARK-MASQ', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-SERVICES'];

/** The rules that kube-proxy's iptables mode (1.30 and later) programs for this state, chain by chain. */
export function buildTables(state: NodeState, layout: Layout): Table[] {
  const servicePorts = state.servicePorts.map(nameServicePort);
  return [
    {
      name: 'filter',
      chainNames: [...builtInChainNames('filter', layout), ...OWN_FILTER_CHAINS],
      chains: concat(builtInChains('filter', layout), filterChains(state, servicePorts)),
    },
    {
      name: 'nat',
      chainNames: [
        ...builtInChainNames('nat', layout),
        ...OWN_NAT_CHAINS,
        ...servicePorts.flatMap(serviceChainNames),
      ],
      chains: concat(builtInChains('nat', layout), natChains(state, servicePorts)),
    },
  ];
}

function builtInChainNames(table: Table['name'], layout: Layout): readonly string[] {
  return layout === 'tables' ? BUILT_IN_CHAINS[table] : [];
}

/** The built-in chains with their jumps into ours. */
function builtInChains(table: Table['name'], layout: Layout): Chain[] {
  return builtInChainNames(table, layout).map((name) => ({
    name,
    rules: JUMPS.filter((jump) => jump.table === table && jump.from === name).map(({ rule }) => rule),
  }));
}

function* concat<T>(...parts: readonly Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}

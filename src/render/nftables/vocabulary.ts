import type { SetValues } from '../../lang/nftables/elements/element.ts';
import type { NftField } from '../../lang/nftables/elements/field.ts';
import type { NftKey } from '../../lang/nftables/elements/key.ts';
import type { NftHook } from '../../lang/nftables/hook.ts';
import type { NftablesFacts } from '../../model/kubernetes-version.ts';
import type { RuleLayout } from '../../model/proxy-config.ts';

/**
 * Every chain, set and map that our tables or kube-proxy's can have: its name, what it is made of, what it is for and
 * which layouts have it. Builders take names from here, and whoever meets a name finds here what it means.
 */

/** The table of each family, under kube-proxy's name: whoever of the two programs it last, replaces the other's. */
export const TABLE_NAME = 'kube-proxy';

/** Where tables hook their base chains: ours as we do, kube-proxy's as its version does. */
export type HookLayout = 'compact' | NftablesFacts['baseChains'];

/** What chains, sets and maps have in common. */
export interface VocabularyRow {
  /** All of the name, or how such names begin. */
  readonly name: string;
  readonly isPrefix?: true;
  /** What it is for. */
  readonly role: string;
  /** Whose it is. */
  readonly in: readonly RuleLayout[];
  /** Of kube-proxy's layout: what a version has to be like to have it; absent: all have it. */
  readonly when?: Partial<NftablesFacts>;
  /** Only a gate that is off by default makes kube-proxy have it, so builders make none, and nobody misses it. */
  readonly isGated?: true;
  /** kube-proxy's; our layout has none. */
  readonly comment?: string;
}

export interface ChainRow extends VocabularyRow {
  /** Of a base chain. */
  readonly hooks?: Readonly<Partial<Record<HookLayout, NftHook>>>;
}

export interface SetRow extends VocabularyRow {
  readonly fields: readonly NftField[];
}

export interface MapRow extends VocabularyRow {
  readonly key: NftKey;
  readonly values: Exclude<SetValues, 'none'>;
}

const KUBE_PROXY = ['kube-proxy'] as const satisfies readonly RuleLayout[];
const ALL = ['compact', 'kube-proxy'] as const satisfies readonly RuleLayout[];

/** Priorities of hooks: where the kernel translates destinations, and sources; where it filters. */
const DESTINATIONS = -100;
const SOURCES = 100;
const FILTER = 0;

type Hooks = NonNullable<ChainRow['hooks']>;

/** In every layout. */
function translating(at: NftHook['at'], priority: number): Hooks {
  const hook: NftHook = { type: 'nat', at, priority };
  return { compact: hook, early: hook, late: hook };
}

/** Where all but one chain see destinations as they came. */
function filteringEarly(at: NftHook['at'], priority: number): Hooks {
  const hook: NftHook = { type: 'filter', at, priority };
  return { compact: hook, early: hook };
}

/** Where sources are checked before the translation, and the rest after it (kubernetes#132456). */
function filteringLate(at: NftHook['at'], priority: number): Hooks {
  const hook: NftHook = { type: 'filter', at, priority };
  return { late: hook };
}

function filtering(at: NftHook['at']): Hooks {
  return { ...filteringEarly(at, DESTINATIONS - 10), ...filteringLate(at, FILTER) };
}

function baseChain(name: string, hooks: Hooks): ChainRow {
  const { compact, early, late } = hooks;
  return {
    name,
    role: 'where the kernel begins',
    in: compact === undefined ? KUBE_PROXY : ALL,
    ...(early !== undefined && late !== undefined
      ? {}
      : { when: { baseChains: early === undefined ? 'late' : 'early' } }),
    hooks,
  };
}

/** The chains of a service port, or of an endpoint that it has. */
function chainsOf(prefix: string, role: string): ChainRow {
  return { name: prefix, isPrefix: true, role, in: ALL };
}

const REFUSES_ADDRESSES = 'refuses traffic to Services without endpoints';

export const NFT_CHAINS = {
  filterPrerouting: baseChain('filter-prerouting', filteringEarly('prerouting', DESTINATIONS - 10)),
  filterInput: baseChain('filter-input', filtering('input')),
  filterForward: baseChain('filter-forward', filtering('forward')),
  filterOutput: baseChain('filter-output', filtering('output')),
  filterOutputPostDNAT: baseChain('filter-output-post-dnat', filteringEarly('output', DESTINATIONS + 10)),
  filterPreroutingPreDNAT: baseChain(
    'filter-prerouting-pre-dnat',
    filteringLate('prerouting', DESTINATIONS - 10),
  ),
  filterOutputPreDNAT: baseChain('filter-output-pre-dnat', filteringLate('output', DESTINATIONS - 10)),
  natPrerouting: baseChain('nat-prerouting', translating('prerouting', DESTINATIONS)),
  natOutput: baseChain('nat-output', translating('output', DESTINATIONS)),
  natPostrouting: {
    ...baseChain('nat-postrouting', translating('postrouting', SOURCES)),
    role: 'masquerades what is marked',
  },
  services: { name: 'services', role: 'finds the Service of an address', in: ALL },
  clusterIPsCheck: {
    name: 'cluster-ips-check',
    role: 'refuses other ports of clusterIPs',
    in: KUBE_PROXY,
  },
  firewallCheck: {
    name: 'firewall-check',
    role: 'finds load balancers that only some clients may use',
    in: KUBE_PROXY,
  },
  serviceEndpointsCheck: { name: 'service-endpoints-check', role: REFUSES_ADDRESSES, in: KUBE_PROXY },
  nodePortEndpointsCheck: {
    name: 'nodeport-endpoints-check',
    role: 'refuses nodePorts of Services without endpoints',
    in: KUBE_PROXY,
  },
  /** Refuses; it is a chain because the verdict of a map can't. */
  reject: {
    name: 'reject-chain',
    role: REFUSES_ADDRESSES,
    in: ALL,
    comment: 'helper for @no-endpoint-services / @no-endpoint-nodeports',
  },
  localnetCheck: {
    name: 'localnet-check',
    role: 'keeps others away from loopback addresses',
    in: ['compact'],
  },
  mark: {
    name: 'mark-for-masquerade',
    role: 'marks what is to be masqueraded',
    in: KUBE_PROXY,
    when: { marksBy: 'chain' },
  },
  masquerading: { name: 'masquerading', role: 'masquerades what is marked', in: KUBE_PROXY },
  service: chainsOf('service-', 'the choice of an endpoint'),
  local: chainsOf('local-', 'the choice of an endpoint on this node'),
  external: chainsOf('external-', 'traffic from outside'),
  firewall: chainsOf('firewall-', 'the source ranges'),
  endpoint: chainsOf('endpoint-', 'an endpoint'),
  /** One a protocol, of gate KubeProxyNFTablesLocalhostNodePorts (1.37). */
  localhostReject: {
    name: 'localhost-nodeport-reject-',
    isPrefix: true,
    role: 'keeps nodePorts from answering on loopback addresses',
    in: KUBE_PROXY,
    isGated: true,
  },
} as const satisfies Record<string, ChainRow>;

export const NFT_SETS = {
  hairpin: {
    name: 'hairpin',
    role: 'endpoints that may reach themselves',
    in: ['compact'],
    fields: ['saddr', 'daddr'],
  },
  hairpinConnections: {
    name: 'hairpin-connections',
    role: 'endpoints that may reach themselves',
    in: KUBE_PROXY,
    when: { hairpinBy: 'set' },
    comment: 'service hairpin connections',
    fields: ['saddr', 'daddr', 'l4proto', 'dport'],
  },
  clusterIPs: {
    name: 'cluster-ips',
    role: 'addresses whose other ports are refused',
    in: KUBE_PROXY,
    comment: 'Active ClusterIPs',
    fields: ['daddr'],
  },
  nodePortIPs: {
    name: 'nodeport-ips',
    role: 'addresses where nodePorts answer',
    in: KUBE_PROXY,
    comment: 'IPs that accept NodePort traffic',
    fields: ['daddr'],
  },
  affinity: {
    name: 'affinity-',
    isPrefix: true,
    role: 'clients that stay with an endpoint',
    in: ALL,
    fields: ['saddr'],
  },
} as const satisfies Record<string, SetRow>;

/** Keys of maps: an address, protocol and port of a Service; a node port. */
const SERVICE_KEY = ['daddr', 'l4proto', 'dport'] as const;
const NODE_PORT_KEY = ['l4proto', 'dport'] as const;

export const NFT_MAPS = {
  serviceIPs: {
    name: 'service-ips',
    role: 'leads addresses to their Services',
    in: ALL,
    comment: 'ClusterIP, ExternalIP and LoadBalancer IP traffic',
    key: SERVICE_KEY,
    values: 'verdict',
  },
  serviceNodePorts: {
    name: 'service-nodeports',
    role: 'leads nodePorts to their Services',
    in: ALL,
    comment: 'NodePort traffic',
    key: NODE_PORT_KEY,
    values: 'verdict',
  },
  noEndpointServices: {
    name: 'no-endpoint-services',
    role: 'addresses of Services without endpoints',
    in: ALL,
    comment: 'vmap to drop or reject packets to services with no endpoints',
    key: SERVICE_KEY,
    values: 'verdict',
  },
  noEndpointNodePorts: {
    name: 'no-endpoint-nodeports',
    role: 'nodePorts of Services without endpoints',
    in: ALL,
    comment: 'vmap to drop or reject packets to service nodeports with no endpoints',
    key: NODE_PORT_KEY,
    values: 'verdict',
  },
  firewallIPs: {
    name: 'firewall-ips',
    role: 'load balancers that only some clients may use',
    in: ALL,
    comment: 'destinations that are subject to LoadBalancerSourceRanges',
    key: SERVICE_KEY,
    values: 'verdict',
  },
  /** Of gate KubeProxyNFTablesLocalhostNodePorts (1.37). */
  localhostRejects: {
    name: 'localhost-nodeport-reject-ports',
    role: 'nodePorts that do not answer on loopback addresses',
    in: KUBE_PROXY,
    isGated: true,
    comment: 'localhost NodePorts rejected by kube-proxy',
    key: NODE_PORT_KEY,
    values: 'verdict',
  },
  /** One a protocol: by clusterIP and a drawn number, of clusterIPs with one port, whose endpoints have one too. */
  endpointIPs: {
    name: 'endpoint-ips-',
    isPrefix: true,
    role: 'endpoints of Services',
    in: ['compact'],
    key: ['daddr', { kind: 'random', modulus: 1 }],
    values: 'address',
  },
  /** One a protocol: by clusterIP, port and a drawn number. */
  endpoints: {
    name: 'endpoints-',
    isPrefix: true,
    role: 'endpoints of Services',
    in: ['compact'],
    key: ['daddr', 'dport', { kind: 'random', modulus: 1 }],
    values: 'destination',
  },
} as const satisfies Record<string, MapRow>;

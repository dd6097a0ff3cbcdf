import type { TableName } from '../../lang/iptables/ruleset.ts';

/**
 * Who makes a chain: layouts of svcgen, kube-proxy beside what svcgen renders (canaries, old versions, a mode that is
 * gone), the kubelet.
 */
export type ChainMaker = RenderedLayout | 'kube-proxy' | 'kubelet';

/** A mode and its layout. */
export type RenderedLayout =
  | 'iptables/kube-proxy'
  | 'iptables/compact'
  | 'ipvs/kube-proxy'
  | 'userspace/kube-proxy';

/** What a chain is for in one table: a chain of one name may do something else in another. */
export interface ChainUse {
  readonly table: TableName;
  readonly by: readonly ChainMaker[];
  /** For whoever reads about it: `marks what is to be masqueraded`. */
  readonly role: string;
  /**
   * Any order of its rules does, since no packet matches those of two Services. kube-proxy fills such chains while it
   * walks a Go map, in another order each time.
   */
  readonly isListIn?: readonly RenderedLayout[];
}

/** A chain, or all whose names begin alike and end in a hash. */
export interface NamedChain {
  /** All of it, or what stands before the hash. */
  readonly name: string;
  readonly isHashed?: true;
  /** At most one for each table. */
  readonly uses: readonly ChainUse[];
}

const IPTABLES = ['iptables/kube-proxy', 'iptables/compact'] as const;
const COMPACT = ['iptables/compact'] as const;
const IPVS = ['ipvs/kube-proxy'] as const;
const USERSPACE = ['userspace/kube-proxy'] as const;
const ALL_MODES = [...IPTABLES, ...IPVS] as const;
/** Where chains of one kind refuse connections. */
const REFUSING = [...IPTABLES, ...USERSPACE] as const;
const LIST = { isListIn: ['iptables/kube-proxy'] } as const;

/**
 * Every chain that svcgen or kube-proxy makes, in any mode, layout or version: the only place that spells their names.
 * The kubelet's are pkg/kubelet/kubelet_network_linux.go, 1.34; those that end in -PORTALS and -NODEPORT- were of
 * kube-proxy's userspace mode, up to 1.25; KUBE-XLB- became KUBE-EXT- in 1.24.
 */
export const CHAINS = {
  services: {
    name: 'KUBE-SERVICES',
    uses: [
      { table: 'filter', by: REFUSING, role: 'refuses traffic to Services without endpoints', ...LIST },
      { table: 'nat', by: ALL_MODES, role: 'finds the Service of an address', ...LIST },
    ],
  },
  nodePorts: {
    name: 'KUBE-NODEPORTS',
    uses: [
      { table: 'filter', by: REFUSING, role: 'lets health checks of load balancers in', ...LIST },
      { table: 'nat', by: IPTABLES, role: 'finds the Service of a nodePort', ...LIST },
    ],
  },
  externalServices: inFilter('KUBE-EXTERNAL-SERVICES', {
    by: REFUSING,
    role: 'refuses what comes from outside for Services without endpoints',
    ...LIST,
  }),
  proxyFirewall: inFilter('KUBE-PROXY-FIREWALL', {
    by: [...ALL_MODES, ...USERSPACE],
    role: 'drops what loadBalancerSourceRanges keep out',
    ...LIST,
  }),
  forward: inFilter('KUBE-FORWARD', {
    by: [...ALL_MODES, ...USERSPACE],
    role: 'lets traffic of Services pass',
  }),
  postrouting: inNat('KUBE-POSTROUTING', { by: ALL_MODES, role: 'masquerades what is marked' }),
  markForMasquerade: inNat('KUBE-MARK-MASQ', { by: ALL_MODES, role: 'marks what is to be masqueraded' }),
  loopbackGuard: inFilter('KUBE-FIREWALL', {
    by: [...REFUSING, 'kubelet'],
    role: 'keeps others away from loopback addresses',
  }),

  ipvsAccess: inFilter('KUBE-IPVS-FILTER', { by: IPVS, role: 'refuses what has no virtual server' }),
  ipvsOutAccess: inFilter('KUBE-IPVS-OUT-FILTER', {
    by: IPVS,
    role: 'refuses what has no virtual server',
  }),
  ipvsNodePort: {
    name: 'KUBE-NODE-PORT',
    uses: [
      { table: 'filter', by: IPVS, role: 'lets health checks of load balancers in' },
      { table: 'nat', by: IPVS, role: 'masquerades traffic of nodePorts' },
    ],
  },
  ipvsLoadBalancer: inNat('KUBE-LOAD-BALANCER', {
    by: IPVS,
    role: 'masquerades traffic of load balancers',
  }),
  ipvsSourceRanges: inFilter('KUBE-SOURCE-RANGES-FIREWALL', {
    by: IPVS,
    role: 'drops what loadBalancerSourceRanges keep out',
  }),

  service: hashed('KUBE-SVC-', { by: IPTABLES, role: 'the choice of an endpoint' }),
  localService: hashed('KUBE-SVL-', { by: IPTABLES, role: 'the choice of an endpoint on this node' }),
  external: hashed('KUBE-EXT-', { by: IPTABLES, role: 'traffic from outside' }),
  sourceRanges: hashed('KUBE-FW-', { by: IPTABLES, role: 'the source ranges' }),
  endpoint: hashed('KUBE-SEP-', { by: ['iptables/kube-proxy'], role: 'an endpoint' }),
  share: hashed('KUBE-SUB-', { by: COMPACT, role: 'some endpoints' }),
  destinations: {
    name: 'KUBE-DST-',
    isHashed: true,
    uses: [
      { table: 'filter', by: COMPACT, role: 'some destinations' },
      { table: 'nat', by: COMPACT, role: 'some destinations' },
    ],
  },

  oldExternal: hashed('KUBE-XLB-', { by: ['kube-proxy'], role: 'traffic from outside, of a Local policy' }),
  markForDrop: inNat('KUBE-MARK-DROP', {
    by: ['kube-proxy', 'kubelet'],
    role: 'marks what is to be dropped',
  }),
  portalsOfContainers: inNat(
    'KUBE-PORTALS-CONTAINER',
    userspace('finds the port of a Service for containers'),
  ),
  portalsOfHost: inNat('KUBE-PORTALS-HOST', userspace('finds the port of a Service for the node')),
  nodePortsOfContainers: inNat('KUBE-NODEPORT-CONTAINER', userspace('finds a nodePort for containers')),
  nodePortsOfHost: inNat('KUBE-NODEPORT-HOST', userspace('finds a nodePort for the node')),
  foreignNodePorts: inFilter('KUBE-NODEPORT-NON-LOCAL', userspace('lets traffic to nodePorts in')),
  proxyCanary: canary('KUBE-PROXY-CANARY', 'kube-proxy'),
  kubeletCanary: canary('KUBE-KUBELET-CANARY', 'kubelet'),
  kubeletHint: {
    name: 'KUBE-IPTABLES-HINT',
    uses: [{ table: 'mangle', by: ['kubelet'], role: 'tells which variant of iptables the kubelet uses' }],
  },
} as const satisfies Readonly<Record<string, NamedChain>>;

/** Names a kind of chain in this program. */
export type ChainId = keyof typeof CHAINS;

type UseInTable = Omit<ChainUse, 'table'>;

function inFilter(name: string, use: UseInTable): NamedChain {
  return { name, uses: [{ table: 'filter', ...use }] };
}

function inNat(name: string, use: UseInTable): NamedChain {
  return { name, uses: [{ table: 'nat', ...use }] };
}

function hashed(name: string, use: UseInTable): NamedChain {
  return { ...inNat(name, use), isHashed: true };
}

function userspace(role: string): UseInTable {
  return { by: [...USERSPACE, 'kube-proxy'], role };
}

/** It has no rules: when it is gone, somebody has flushed the tables, and its maker fills them again. */
function canary(name: string, by: ChainMaker): NamedChain {
  const role = 'tells its maker when somebody flushes the table';
  return { name, uses: (['mangle', 'nat', 'filter'] as const).map((table) => ({ table, by: [by], role })) };
}

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

/** Layouts that have a chain: both of iptables mode. */
export const IPTABLES = ['iptables/kube-proxy', 'iptables/compact'] as const;
export const IPVS = ['ipvs/kube-proxy'] as const;
export const USERSPACE = ['userspace/kube-proxy'] as const;
const ALL_MODES = [...IPTABLES, ...IPVS] as const;
/** Where chains of one kind refuse connections. */
const REFUSING = [...IPTABLES, ...USERSPACE] as const;
const LIST = { isListIn: ['iptables/kube-proxy'] } as const;

/**
 * Chains of several modes, and those that svcgen never makes: the kubelet's (pkg/kubelet/kubelet_network_linux.go, 1.34),
 * and kube-proxy's canaries and old ones. KUBE-XLB- became KUBE-EXT- in 1.24. Chains of one mode are in its renderer's
 * `vocabulary.ts`. Nobody else spells their names.
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

  oldExternal: hashedInNat('KUBE-XLB-', {
    by: ['kube-proxy'],
    role: 'traffic from outside, of a Local policy',
  }),
  markForDrop: inNat('KUBE-MARK-DROP', {
    by: ['kube-proxy', 'kubelet'],
    role: 'marks what is to be dropped',
  }),
  proxyCanary: canary('KUBE-PROXY-CANARY', 'kube-proxy'),
  kubeletCanary: canary('KUBE-KUBELET-CANARY', 'kubelet'),
  kubeletHint: {
    name: 'KUBE-IPTABLES-HINT',
    uses: [{ table: 'mangle', by: ['kubelet'], role: 'tells which variant of iptables the kubelet uses' }],
  },
} as const satisfies Readonly<Record<string, NamedChain>>;

type UseInTable = Omit<ChainUse, 'table'>;

export function inFilter(name: string, use: UseInTable): NamedChain {
  return { name, uses: [{ table: 'filter', ...use }] };
}

export function inNat(name: string, use: UseInTable): NamedChain {
  return { name, uses: [{ table: 'nat', ...use }] };
}

/** Chains whose names end in a hash. */
export function hashedInNat(name: string, use: UseInTable): NamedChain {
  return { ...inNat(name, use), isHashed: true };
}

/** It has no rules: when it is gone, somebody has flushed the tables, and its maker fills them again. */
function canary(name: string, by: ChainMaker): NamedChain {
  const role = 'tells its maker when somebody flushes the table';
  return { name, uses: (['mangle', 'nat', 'filter'] as const).map((table) => ({ table, by: [by], role })) };
}

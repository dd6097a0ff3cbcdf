/** Chains that are known by their names, whatever table they are in. */
export interface ChainNames {
  readonly fixed: readonly string[];
  /** Before a hash of HASH_LENGTH characters. */
  readonly hashedPrefixes: readonly string[];
}

/** Of base32, as in every name that kube-proxy hashes. */
export const HASH_LENGTH = 16;

/**
 * What the modes and layouts of svcgen make, and nobody else: kube-proxy's names, and none of those that look alike.
 * KUBE-FIREWALL is not among them, since the kubelet makes it, too.
 */
export const OWN_CHAINS: ChainNames = {
  fixed: [
    'KUBE-EXTERNAL-SERVICES',
    'KUBE-FORWARD',
    'KUBE-IPVS-FILTER',
    'KUBE-IPVS-OUT-FILTER',
    'KUBE-LOAD-BALANCER',
    'KUBE-MARK-MASQ',
    'KUBE-NODE-PORT',
    'KUBE-NODEPORTS',
    'KUBE-POSTROUTING',
    'KUBE-PROXY-FIREWALL',
    'KUBE-SERVICES',
    'KUBE-SOURCE-RANGES-FIREWALL',
  ],
  hashedPrefixes: ['KUBE-DST-', 'KUBE-EXT-', 'KUBE-FW-', 'KUBE-SEP-', 'KUBE-SUB-', 'KUBE-SVC-', 'KUBE-SVL-'],
};

/** All of the above, and what kube-proxy makes besides: its canaries, and what old versions of it made. */
export const KUBE_PROXY_CHAINS: ChainNames = {
  fixed: [
    ...OWN_CHAINS.fixed,
    'KUBE-FIREWALL',
    'KUBE-MARK-DROP',
    'KUBE-NODEPORT-CONTAINER',
    'KUBE-NODEPORT-HOST',
    'KUBE-NODEPORT-NON-LOCAL',
    'KUBE-PORTALS-CONTAINER',
    'KUBE-PORTALS-HOST',
    'KUBE-PROXY-CANARY',
  ],
  hashedPrefixes: [...OWN_CHAINS.hashedPrefixes, 'KUBE-XLB-'],
};

/** Those of them that the kubelet makes, too, with their tables: kubelet_network_linux.go, up to 1.27 the second. */
export const KUBELET_CHAINS: readonly (readonly [table: string, chain: string])[] = [
  ['filter', 'KUBE-FIREWALL'],
  ['nat', 'KUBE-MARK-DROP'],
];

const HASH = /^[A-Z2-7]+$/;

/** Whether a chain has one of these names. */
export function isNamed(chain: string, { fixed, hashedPrefixes }: ChainNames): boolean {
  if (fixed.includes(chain)) return true;
  return hashedPrefixes.some(
    (prefix) =>
      chain.startsWith(prefix) &&
      chain.length === prefix.length + HASH_LENGTH &&
      HASH.test(chain.slice(prefix.length)),
  );
}

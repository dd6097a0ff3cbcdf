import type { IPFamily } from '../../model/cluster.ts';

/** `ip` or `ip6`: nft's word for a family, and for the header that its addresses are in. */
export type NftFamily = 'ip' | 'ip6';

export const FAMILIES = { IPv4: 'ip', IPv6: 'ip6' } as const satisfies Record<IPFamily, NftFamily>;

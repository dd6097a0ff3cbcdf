import type { NftablesFacts } from '../../../model/kubernetes-version.ts';
import { type ChainRow, NFT_CHAINS } from '../vocabulary.ts';

/** A base chain, and the chains that it leads to. */
interface AskingChain {
  readonly chain: ChainRow;
  readonly asks: readonly ChainRow[];
  readonly of: 'new connections' | 'all connections';
}

const NEW = 'new connections';
const EVERY = 'all connections';

const {
  filterPrerouting,
  filterPreroutingPreDNAT,
  filterInput,
  filterForward,
  filterOutput,
  filterOutputPreDNAT,
  filterOutputPostDNAT,
  natPrerouting,
  natOutput,
  natPostrouting,
  services,
  masquerading,
  firewallCheck,
  clusterIPsCheck,
  nodePortEndpointsCheck,
  serviceEndpointsCheck,
} = NFT_CHAINS;

const TRANSLATION: readonly AskingChain[] = [
  { chain: natPrerouting, asks: [services], of: EVERY },
  { chain: natOutput, asks: [services], of: EVERY },
  { chain: natPostrouting, asks: [masquerading], of: EVERY },
];

/** Base chains in their order (nftablesJumpChains in proxier.go); where they are hooked is in the vocabulary. */
export const BASE_CHAIN_JUMPS: Readonly<Record<NftablesFacts['baseChains'], readonly AskingChain[]>> = {
  early: [
    { chain: filterPrerouting, asks: [firewallCheck], of: NEW },
    { chain: filterInput, asks: [nodePortEndpointsCheck, serviceEndpointsCheck], of: NEW },
    { chain: filterForward, asks: [serviceEndpointsCheck, clusterIPsCheck], of: NEW },
    { chain: filterOutput, asks: [serviceEndpointsCheck, firewallCheck], of: NEW },
    { chain: filterOutputPostDNAT, asks: [clusterIPsCheck], of: NEW },
    ...TRANSLATION,
  ],
  late: [
    { chain: filterPreroutingPreDNAT, asks: [firewallCheck], of: NEW },
    { chain: filterOutputPreDNAT, asks: [firewallCheck], of: NEW },
    { chain: filterInput, asks: [nodePortEndpointsCheck, serviceEndpointsCheck], of: NEW },
    { chain: filterForward, asks: [serviceEndpointsCheck, clusterIPsCheck], of: NEW },
    { chain: filterOutput, asks: [serviceEndpointsCheck, clusterIPsCheck], of: NEW },
    ...TRANSLATION,
  ],
};

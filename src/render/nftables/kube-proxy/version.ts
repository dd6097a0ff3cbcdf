import { type ChainRow, type LayoutVersion, NFT_CHAINS } from '../vocabulary.ts';

/**
 * What differs between versions of kube-proxy's layout, as data: builders read it, and never ask which version it is.
 * Which names a version has, and where its base chains are hooked, is in the vocabulary.
 */
export interface KubeProxyVersion {
  readonly layout: LayoutVersion;
  /** Its base chains in their order, and the chains that they lead to (nftablesJumpChains in proxier.go). */
  readonly baseChains: readonly AskingChain[];
}

interface AskingChain {
  readonly chain: ChainRow;
  readonly asks: readonly ChainRow[];
  readonly of: 'new connections' | 'all connections';
}

const NEW = 'new connections';
const EVERY = 'all connections';

const {
  filterPrerouting,
  filterInput,
  filterForward,
  filterOutput,
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

/** Up to 1.33.5. */
export const KUBE_PROXY_1_31: KubeProxyVersion = {
  layout: '1.31',
  baseChains: [
    { chain: filterPrerouting, asks: [firewallCheck], of: NEW },
    { chain: filterInput, asks: [nodePortEndpointsCheck, serviceEndpointsCheck], of: NEW },
    { chain: filterForward, asks: [serviceEndpointsCheck, clusterIPsCheck], of: NEW },
    { chain: filterOutput, asks: [serviceEndpointsCheck, firewallCheck], of: NEW },
    { chain: filterOutputPostDNAT, asks: [clusterIPsCheck], of: NEW },
    { chain: natPrerouting, asks: [services], of: EVERY },
    { chain: natOutput, asks: [services], of: EVERY },
    { chain: natPostrouting, asks: [masquerading], of: EVERY },
  ],
};

import type { NftMatch } from '../../../lang/nftables/expressions/match.ts';
import type { NftChain, NftRule } from '../../../lang/nftables/ruleset.ts';
import type { NftablesFacts } from '../../../model/kubernetes-version.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { baseChain } from '../base-chains.ts';
import {
  jumpTo,
  mapVerdict,
  NFT_DROP,
  named,
  notLoopback,
  OF_NEW_CONNECTION,
  rule,
  TO_THIS_HOST,
} from '../expressions.ts';
import { type ChainRow, NFT_CHAINS, NFT_MAPS, NFT_SETS } from '../vocabulary.ts';
import { masqueradeClusterIPs, masqueradingRules, ownMark } from './marking.ts';

/** The chains that do not depend on Services: base chains, and those that they jump to. */
export function kubeProxyHookChains(state: NodeState): NftChain[] {
  const { family, proxy } = state;
  const { baseChains } = proxy.nftables;
  return [
    ...BASE_CHAIN_JUMPS[baseChains].map(({ chain, asks, of }) => {
      const matches = of === 'new connections' ? [OF_NEW_CONNECTION] : [];
      const rules = asks.map((asked) => rule(matches, [jumpTo(asked)]));
      return baseChain(chain, baseChains, rules);
    }),
    chainOf(NFT_CHAINS.clusterIPsCheck, [rejectOtherPorts(), ...dropUnallocated(state)]),
    chainOf(NFT_CHAINS.firewallCheck, [rule([], [mapVerdict(NFT_MAPS.firewallIPs)])]),
    chainOf(NFT_CHAINS.serviceEndpointsCheck, [rule([], [mapVerdict(NFT_MAPS.noEndpointServices)])]),
    chainOf(NFT_CHAINS.nodePortEndpointsCheck, [
      rule(nodePortMatch(state, notLoopback(family)), [mapVerdict(NFT_MAPS.noEndpointNodePorts)]),
    ]),
    chainOf(NFT_CHAINS.reject, [rule([], [{ kind: 'reject' }])]),
    chainOf(NFT_CHAINS.services, [
      ...masqueradeClusterIPs(state),
      rule([], [mapVerdict(NFT_MAPS.serviceIPs)]),
      rule(nodePortMatch(state, TO_THIS_HOST, notLoopback(family)), [mapVerdict(NFT_MAPS.serviceNodePorts)]),
    ]),
    ...ownMark(state).map((each) => chainOf(NFT_CHAINS.mark, [each])),
    chainOf(NFT_CHAINS.masquerading, masqueradingRules(state)),
  ];
}

function chainOf({ name, comment }: ChainRow, rules: readonly NftRule[]): NftChain {
  return comment === undefined ? { name, rules } : { name, comment, rules };
}

/** What is served at a clusterIP has another destination by now. */
function rejectOtherPorts(): NftRule {
  const { name, fields } = NFT_SETS.clusterIPs;
  const toClusterIP: NftMatch = { kind: 'in-set', fields, set: named(name) };
  return rule([toClusterIP], [{ kind: 'reject' }], 'Reject traffic to invalid ports of ClusterIPs');
}

function dropUnallocated({ serviceCIDRs }: NodeState): NftRule[] {
  if (serviceCIDRs.length === 0) return [];
  const elements = serviceCIDRs.map((cidr) => ({ key: [cidr] }));
  const toServiceCIDR: NftMatch = {
    kind: 'in-set',
    fields: ['daddr'],
    set: { kind: 'anonymous', elements },
  };
  return [rule([toServiceCIDR], [NFT_DROP], 'Drop traffic to unallocated ClusterIPs')];
}

function nodePortMatch(
  { nodePortAddresses }: NodeState,
  ...everywhere: readonly NftMatch[]
): readonly NftMatch[] {
  if (nodePortAddresses.kind === 'local') return everywhere;
  const { name, fields } = NFT_SETS.nodePortIPs;
  return [{ kind: 'in-set', fields, set: named(name) }];
}

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
const BASE_CHAIN_JUMPS: Readonly<Record<NftablesFacts['baseChains'], readonly AskingChain[]>> = {
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

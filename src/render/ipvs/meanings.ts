import { CHAINS } from '../netfilter/chains.ts';
import { excludesClients, type RuleMeaning } from '../netfilter/rule-meaning.ts';
import { IPVS_CHAINS } from './vocabulary.ts';

const MARK = [CHAINS.markForMasquerade];
const CLUSTER_IPS = ['KUBE-CLUSTER-IP'] as const;
const ALL_ENDPOINTS = 'an endpoint may be on another node (externalTrafficPolicy: Cluster)';

/** What rules of ipvs mode are for: sets hold what they are about. The first that fits counts. */
export const IPVS_MEANINGS: readonly RuleMeaning[] = [
  {
    chains: [CHAINS.services],
    leadsTo: MARK,
    asks: excludesClients,
    looksInto: CLUSTER_IPS,
    side: 'dst',
    words: 'the client is no pod of the node',
  },
  {
    chains: [CHAINS.services],
    leadsTo: MARK,
    looksInto: CLUSTER_IPS,
    side: 'src',
    words: 'the node itself sent it',
  },
  {
    chains: [CHAINS.services],
    leadsTo: MARK,
    looksInto: CLUSTER_IPS,
    side: 'dst',
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  {
    chains: [CHAINS.services],
    leadsTo: MARK,
    looksInto: ['KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL', 'KUBE-LOAD-BALANCER'],
    words: ALL_ENDPOINTS,
  },
  { chains: [IPVS_CHAINS.loadBalancer], leadsTo: MARK, words: ALL_ENDPOINTS },
  {
    chains: [IPVS_CHAINS.loadBalancer, IPVS_CHAINS.nodePort],
    does: 'return',
    words: 'the source stays (externalTrafficPolicy: Local)',
  },
  {
    chains: [CHAINS.services],
    leadsTo: [IPVS_CHAINS.loadBalancer],
    words: 'a load balancer of a Service',
  },
  {
    chains: [CHAINS.services],
    leadsTo: [IPVS_CHAINS.nodePort],
    words: 'an address of the node, maybe a nodePort',
  },
  {
    chains: [CHAINS.services],
    does: 'accept',
    asks: ({ kind }) => kind === 'set',
    words: 'IPVS has a virtual server for it',
  },
  { chains: [IPVS_CHAINS.access], does: 'return', words: 'a Service has this port, so it may be reached' },
  {
    chains: [IPVS_CHAINS.access],
    does: 'reject',
    words: 'the address is that of a Service, which has no such port',
  },
  {
    chains: [IPVS_CHAINS.outAccess],
    does: 'drop',
    words: 'the node itself is outside loadBalancerSourceRanges',
  },
  {
    chains: [CHAINS.proxyFirewall],
    leadsTo: [IPVS_CHAINS.sourceRanges],
    words: 'a load balancer that only some clients may use',
  },
  { chains: [IPVS_CHAINS.sourceRanges], does: 'return', words: 'the client is in loadBalancerSourceRanges' },
  {
    chains: [IPVS_CHAINS.sourceRanges],
    does: 'drop',
    words: 'the client is outside loadBalancerSourceRanges',
  },
  {
    chains: [CHAINS.postrouting],
    looksInto: ['KUBE-LOOP-BACK'],
    words: 'the endpoint reaches itself (hairpin)',
  },
];

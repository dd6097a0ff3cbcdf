import { excludesClients, type RuleMeaning } from './rule-meaning.ts';

const MARK = ['markForMasquerade'] as const;
const CLUSTER_IPS = ['KUBE-CLUSTER-IP'] as const;
const ALL_ENDPOINTS = 'endpoints of other nodes may be chosen (externalTrafficPolicy: Cluster)';

/** Rules of kube-proxy's ipvs mode: sets hold what they are about. The first that fits counts. */
export const IPVS_MEANINGS: readonly RuleMeaning[] = [
  {
    chains: ['services'],
    leadsTo: MARK,
    asks: excludesClients,
    looksInto: CLUSTER_IPS,
    side: 'dst',
    words: 'the client is no pod of the node',
  },
  {
    chains: ['services'],
    leadsTo: MARK,
    looksInto: CLUSTER_IPS,
    side: 'src',
    words: 'the node itself sent it',
  },
  {
    chains: ['services'],
    leadsTo: MARK,
    looksInto: CLUSTER_IPS,
    side: 'dst',
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  {
    chains: ['services'],
    leadsTo: MARK,
    looksInto: ['KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL', 'KUBE-LOAD-BALANCER'],
    words: ALL_ENDPOINTS,
  },
  { chains: ['ipvsLoadBalancer'], leadsTo: MARK, words: ALL_ENDPOINTS },
  {
    chains: ['ipvsLoadBalancer', 'ipvsNodePort'],
    does: 'return',
    words: 'the source stays (externalTrafficPolicy: Local)',
  },
  {
    chains: ['services'],
    leadsTo: ['ipvsLoadBalancer'],
    words: 'it goes to a load balancer of a Service',
  },
  {
    chains: ['services'],
    leadsTo: ['ipvsNodePort'],
    words: 'it goes to an address of the node, maybe to a nodePort',
  },
  {
    chains: ['services'],
    does: 'accept',
    asks: ({ kind }) => kind === 'set',
    words: 'IPVS has a virtual server for it',
  },
  { chains: ['ipvsAccess'], does: 'return', words: 'a Service has this port, so it may be reached' },
  {
    chains: ['ipvsAccess'],
    does: 'reject',
    words: 'the address is that of a Service, which has no such port',
  },
  { chains: ['ipvsOutAccess'], does: 'drop', words: 'the node itself is outside loadBalancerSourceRanges' },
  {
    chains: ['proxyFirewall'],
    leadsTo: ['ipvsSourceRanges'],
    words: 'it goes to a load balancer that only some clients may use',
  },
  { chains: ['ipvsSourceRanges'], does: 'return', words: 'the client is in loadBalancerSourceRanges' },
  { chains: ['ipvsSourceRanges'], does: 'drop', words: 'the client is outside loadBalancerSourceRanges' },
  { chains: ['postrouting'], looksInto: ['KUBE-LOOP-BACK'], words: 'the endpoint reaches itself (hairpin)' },
];

import { MARK_CHAIN } from './mark.ts';
import type { Meaning } from './meaning.ts';

const TO_CLUSTER_IP = /KUBE-(?:6-)?CLUSTER-IP dst,dst/;
const TO_EXTERNAL = /^Kubernetes service (?:external ip|lb portal|nodeport)/;

/** Rules of kube-proxy's ipvs mode: sets hold what they are about. */
export const IPVS_MEANINGS: readonly Meaning[] = [
  {
    chain: /^KUBE-SERVICES$/,
    leadsTo: MARK_CHAIN,
    text: /! -[si] .*CLUSTER-IP dst,dst/,
    words: 'the client is no pod of the node',
  },
  {
    chain: /^KUBE-SERVICES$/,
    leadsTo: MARK_CHAIN,
    text: /CLUSTER-IP src,dst/,
    words: 'the node itself sent it',
  },
  {
    chain: /^KUBE-SERVICES$/,
    leadsTo: MARK_CHAIN,
    text: TO_CLUSTER_IP,
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  {
    chain: /^(?:KUBE-SERVICES|KUBE-NODE-PORT)$/,
    comment: TO_EXTERNAL,
    leadsTo: MARK_CHAIN,
    words: 'endpoints of other nodes may be chosen (externalTrafficPolicy: Cluster)',
  },
  {
    chain: /^KUBE-LOAD-BALANCER$/,
    leadsTo: MARK_CHAIN,
    words: 'endpoints of other nodes may be chosen (externalTrafficPolicy: Cluster)',
  },
  {
    chain: /^(?:KUBE-LOAD-BALANCER|KUBE-NODE-PORT)$/,
    effect: /^RETURN$/,
    words: 'the source stays (externalTrafficPolicy: Local)',
  },
  {
    chain: /^KUBE-SERVICES$/,
    leadsTo: /^KUBE-LOAD-BALANCER$/,
    words: 'it goes to a load balancer of a Service',
  },
  {
    chain: /^KUBE-SERVICES$/,
    leadsTo: /^KUBE-NODE-PORT$/,
    words: 'it goes to an address of the node, maybe to a nodePort',
  },
  {
    chain: /^KUBE-SERVICES$/,
    effect: /^ACCEPT$/,
    text: /match-set/,
    words: 'IPVS has a virtual server for it',
  },
  { chain: /^KUBE-IPVS-FILTER$/, effect: /^RETURN$/, words: 'a Service has this port, so it may be reached' },
  {
    chain: /^KUBE-IPVS-FILTER$/,
    effect: /^REJECT/,
    words: 'the address is that of a Service, which has no such port',
  },
  {
    chain: /^KUBE-IPVS-OUT-FILTER$/,
    effect: /^DROP$/,
    words: 'the node itself is outside loadBalancerSourceRanges',
  },
  {
    chain: /^KUBE-PROXY-FIREWALL$/,
    leadsTo: /^KUBE-SOURCE-RANGES-FIREWALL$/,
    words: 'it goes to a load balancer that only some clients may use',
  },
  {
    chain: /^KUBE-SOURCE-RANGES-FIREWALL$/,
    effect: /^RETURN$/,
    words: 'the client is in loadBalancerSourceRanges',
  },
  {
    chain: /^KUBE-SOURCE-RANGES-FIREWALL$/,
    effect: /^DROP$/,
    words: 'the client is outside loadBalancerSourceRanges',
  },
  {
    chain: /^KUBE-POSTROUTING$/,
    comment: /solving hairpin purpose$/,
    words: 'the endpoint reaches itself (hairpin)',
  },
];

import { CHAINS } from '../netfilter/chains.ts';
import { counts, excludesClients, type RuleMeaning } from '../netfilter/rule-meaning.ts';
import { IPTABLES_CHAINS } from './vocabulary.ts';

const MARK = [CHAINS.markForMasquerade];

/** What rules of iptables mode are for, in kube-proxy's layout and in ours. The first that fits counts. */
export const IPTABLES_MEANINGS: readonly RuleMeaning[] = [
  { chains: [IPTABLES_CHAINS.endpoint], leadsTo: MARK, words: 'the endpoint reaches itself (hairpin)' },
  {
    chains: [IPTABLES_CHAINS.external],
    comment: 'masquerade',
    leadsTo: MARK,
    words: 'an endpoint may be on another node (externalTrafficPolicy: Cluster)',
  },
  {
    chains: [IPTABLES_CHAINS.external],
    comment: 'masqueradeLocal',
    leadsTo: MARK,
    words: 'the node itself sent it',
  },
  {
    chains: [IPTABLES_CHAINS.service, IPTABLES_CHAINS.localService],
    comment: 'clusterIP',
    leadsTo: MARK,
    asks: excludesClients,
    words: 'the client is no pod of the node',
  },
  {
    chains: [IPTABLES_CHAINS.service, IPTABLES_CHAINS.localService],
    comment: 'clusterIP',
    leadsTo: MARK,
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  { chains: [CHAINS.services], comment: 'clusterIP', words: 'the clusterIP of $1' },
  { chains: [CHAINS.services], comment: 'externalIP', words: 'an external IP of $1' },
  {
    chains: [CHAINS.services],
    comment: 'loadBalancerIP',
    leadsTo: [IPTABLES_CHAINS.sourceRanges],
    words: 'the load balancer of $1, which only some clients may use',
  },
  { chains: [CHAINS.services], comment: 'loadBalancerIP', words: 'the load balancer of $1' },
  { chains: [IPTABLES_CHAINS.sourceRanges], words: 'the client is in loadBalancerSourceRanges' },
  {
    chains: [CHAINS.services],
    leadsTo: [CHAINS.nodePorts],
    words: 'an address of the node, maybe a nodePort',
  },
  {
    chains: [CHAINS.nodePorts],
    comment: 'nodePort',
    asks: counts,
    words: "the nodePort of $1 on localhost, which counts for kube-proxy's metrics",
  },
  { chains: [CHAINS.nodePorts], comment: 'nodePort', words: 'the nodePort of $1' },
  {
    chains: [IPTABLES_CHAINS.external],
    comment: 'routePods',
    words: 'a pod of the node sent it, which may use all endpoints',
  },
  {
    chains: [IPTABLES_CHAINS.external],
    comment: 'routeLocal',
    words: 'the node itself sent it, which may use all endpoints',
  },
  {
    chains: [IPTABLES_CHAINS.external],
    leadsTo: [IPTABLES_CHAINS.localService],
    words: 'clients outside get endpoints of this node only (externalTrafficPolicy: Local)',
  },
  {
    chains: [IPTABLES_CHAINS.external],
    leadsTo: [IPTABLES_CHAINS.service],
    words: 'all endpoints may be chosen',
  },
  {
    chains: [CHAINS.postrouting],
    comment: 'hairpin',
    leadsTo: MARK,
    words: 'the endpoint reaches itself (hairpin)',
  },
  {
    chains: [CHAINS.forward],
    comment: 'hairpin',
    words: 'the endpoint reaches itself (hairpin), which may be forwarded',
  },
];

import { counts, excludesClients, type RuleMeaning } from './rule-meaning.ts';

const MARK = ['markForMasquerade'] as const;

/** Rules of kube-proxy's iptables mode, in its layout and in ours. The first that fits counts. */
export const IPTABLES_MEANINGS: readonly RuleMeaning[] = [
  { chains: ['endpoint'], leadsTo: MARK, words: 'the endpoint reaches itself (hairpin)' },
  {
    chains: ['external'],
    comment: 'masquerade',
    leadsTo: MARK,
    words: 'endpoints of other nodes may be chosen (externalTrafficPolicy: Cluster)',
  },
  { chains: ['external'], comment: 'masqueradeLocal', leadsTo: MARK, words: 'the node itself sent it' },
  {
    chains: ['service', 'localService'],
    comment: 'clusterIP',
    leadsTo: MARK,
    asks: excludesClients,
    words: 'the client is no pod of the node',
  },
  {
    chains: ['service', 'localService'],
    comment: 'clusterIP',
    leadsTo: MARK,
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  { chains: ['markForMasquerade'], words: 'this mark asks for it' },
  { chains: ['services'], comment: 'clusterIP', words: 'it goes to the clusterIP of $1' },
  { chains: ['services'], comment: 'externalIP', words: 'it goes to an external IP of $1' },
  {
    chains: ['services'],
    comment: 'loadBalancerIP',
    leadsTo: ['sourceRanges'],
    words: 'it goes to the load balancer of $1, which only some clients may use',
  },
  { chains: ['services'], comment: 'loadBalancerIP', words: 'it goes to the load balancer of $1' },
  { chains: ['sourceRanges'], words: 'the client is in loadBalancerSourceRanges' },
  {
    chains: ['services'],
    leadsTo: ['nodePorts'],
    words: 'it goes to an address of the node, maybe to a nodePort',
  },
  { chains: ['nodePorts'], comment: 'healthCheck', words: 'it asks for the health of $1' },
  {
    chains: ['nodePorts'],
    comment: 'nodePort',
    asks: counts,
    words: "it goes to the nodePort of $1 on localhost, which counts for kube-proxy's metrics",
  },
  { chains: ['nodePorts'], comment: 'nodePort', words: 'it goes to the nodePort of $1' },
  {
    chains: ['external'],
    comment: 'routePods',
    words: 'a pod of the node sent it, which may use all endpoints',
  },
  {
    chains: ['external'],
    comment: 'routeLocal',
    words: 'the node itself sent it, which may use all endpoints',
  },
  {
    chains: ['external'],
    leadsTo: ['localService'],
    words: 'clients outside get endpoints of this node only (externalTrafficPolicy: Local)',
  },
  { chains: ['external'], leadsTo: ['service'], words: 'all endpoints may be chosen' },
  {
    chains: ['postrouting'],
    comment: 'masquerading',
    words: 'the source becomes the address of the node on the way out',
  },
  {
    chains: ['postrouting'],
    comment: 'hairpin',
    leadsTo: MARK,
    words: 'the endpoint reaches itself (hairpin)',
  },
  {
    chains: ['forward'],
    comment: 'hairpin',
    words: 'the endpoint reaches itself (hairpin), which may be forwarded',
  },
  { chains: ['postrouting'], does: 'return', words: 'it is not marked, so the source stays' },
  { chains: ['postrouting'], does: 'set-mark', words: 'takes the mark off' },
  {
    chains: ['forward'],
    comment: 'forwarding',
    words: 'what is marked for rewriting its source may be forwarded',
  },
  {
    chains: ['forward'],
    asks: counts,
    does: 'drop',
    words: "conntrack finds it INVALID, which counts for kube-proxy's metrics",
  },
  { comment: 'noEndpoints', words: '$1 has no endpoints' },
  { comment: 'noLocalEndpoints', words: '$1 has no endpoints on this node' },
  {
    chains: ['proxyFirewall'],
    comment: 'notAdmitted',
    words: 'the client is outside loadBalancerSourceRanges of $1, or no endpoint may serve it',
  },
  {
    chains: ['loopbackGuard'],
    comment: 'loopback',
    words: 'it comes from elsewhere, and loopback addresses are for the node alone',
  },
];

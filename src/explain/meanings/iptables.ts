import { MARK_CHAIN } from './mark.ts';
import type { Meaning } from './meaning.ts';

/** Rules of kube-proxy's iptables mode, in its layout and in ours. */
export const IPTABLES_MEANINGS: readonly Meaning[] = [
  {
    chain: /^KUBE-SEP-/,
    leadsTo: MARK_CHAIN,
    words: 'the endpoint reaches itself (hairpin)',
  },
  {
    chain: /^KUBE-EXT-/,
    comment: /^masquerade traffic for /,
    leadsTo: MARK_CHAIN,
    words: 'endpoints of other nodes may be chosen (externalTrafficPolicy: Cluster)',
  },
  {
    chain: /^KUBE-EXT-/,
    comment: /^masquerade LOCAL traffic for /,
    leadsTo: MARK_CHAIN,
    words: 'the node itself sent it',
  },
  {
    chain: /^KUBE-SV[CL]-/,
    comment: /cluster IP$/,
    leadsTo: MARK_CHAIN,
    text: / ! -[si] /,
    words: 'the client is no pod of the node',
  },
  {
    chain: /^KUBE-SV[CL]-/,
    comment: /cluster IP$/,
    leadsTo: MARK_CHAIN,
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  { chain: /^KUBE-MARK-MASQ$/, words: 'this mark asks for it' },
  { chain: /^KUBE-SERVICES$/, comment: /^(.*) cluster IP$/, words: 'it goes to the clusterIP of $1' },
  { chain: /^KUBE-SERVICES$/, comment: /^(.*) external IP$/, words: 'it goes to an external IP of $1' },
  {
    chain: /^KUBE-SERVICES$/,
    comment: /^(.*) loadbalancer IP$/,
    leadsTo: /^KUBE-FW-/,
    words: 'it goes to the load balancer of $1, which only some clients may use',
  },
  {
    chain: /^KUBE-SERVICES$/,
    comment: /^(.*) loadbalancer IP$/,
    words: 'it goes to the load balancer of $1',
  },
  { chain: /^KUBE-FW-/, words: 'the client is in loadBalancerSourceRanges' },
  {
    chain: /^KUBE-SERVICES$/,
    leadsTo: /^KUBE-NODEPORTS$/,
    words: 'it goes to an address of the node, maybe to a nodePort',
  },
  {
    chain: /^KUBE-NODEPORTS$/,
    comment: /^(.*) health check node port$/,
    words: 'it asks for the health of $1',
  },
  { chain: /^KUBE-NODEPORTS$/, comment: /^(.+)$/, words: 'it goes to the nodePort of $1' },
  {
    chain: /^KUBE-EXT-/,
    comment: /^pod traffic for /,
    words: 'a pod of the node sent it, which may use all endpoints',
  },
  {
    chain: /^KUBE-EXT-/,
    comment: /^route LOCAL traffic for /,
    words: 'the node itself sent it, which may use all endpoints',
  },
  {
    chain: /^KUBE-EXT-/,
    leadsTo: /^KUBE-SVL-/,
    words: 'clients outside get endpoints of this node only (externalTrafficPolicy: Local)',
  },
  { chain: /^KUBE-EXT-/, leadsTo: /^KUBE-SVC-/, words: 'all endpoints may be chosen' },
  {
    chain: /^KUBE-POSTROUTING$/,
    comment: /requiring SNAT$/,
    words: 'the source becomes the address of the node on the way out',
  },
  {
    chain: /^KUBE-POSTROUTING$/,
    comment: /^kubernetes endpoints that reach themselves$/,
    leadsTo: MARK_CHAIN,
    words: 'the endpoint reaches itself (hairpin)',
  },
  {
    chain: /^KUBE-FORWARD$/,
    comment: /^kubernetes endpoints that reach themselves$/,
    words: 'the endpoint reaches itself (hairpin), which may be forwarded',
  },
  { chain: /^KUBE-POSTROUTING$/, effect: /^RETURN$/, words: 'it is not marked, so the source stays' },
  { chain: /^KUBE-POSTROUTING$/, effect: /^MARK /, words: 'takes the mark off' },
  {
    chain: /^KUBE-FORWARD$/,
    comment: /forwarding rules$/,
    words: 'what is marked for rewriting its source may be forwarded',
  },
  { chain: /^/, comment: /^(.*) has no endpoints$/, words: '$1 has no endpoints' },
  { chain: /^/, comment: /^(.*) has no local endpoints$/, words: '$1 has no endpoints on this node' },
  {
    chain: /^KUBE-PROXY-FIREWALL$/,
    comment: /^(.*) traffic not accepted by KUBE-FW-/,
    words: 'the client is outside loadBalancerSourceRanges of $1',
  },
  {
    chain: /^KUBE-FIREWALL$/,
    comment: /^block incoming localnet/,
    words: 'it comes from elsewhere, and loopback addresses are for the node alone',
  },
];

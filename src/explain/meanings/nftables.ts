import { MARK_CHAIN } from './mark.ts';
import type { Meaning } from './meaning.ts';

/** `service-3NEXC4QR-default/web/tcp/http`: the names of Services are in those of their chains. */
const OF_SERVICE = /^(?:service|local|external|firewall|endpoint)-[A-Z2-7]{8}-([^/]+\/[^/]+)\//;
const MARKS = /^(?:mark or |-> mark-for-masquerade$)/;

/** Rules of nftables mode, in kube-proxy's layout and in ours. */
export const NFTABLES_MEANINGS: readonly Meaning[] = [
  { chain: /^endpoint-.*__/, leadsTo: MARK_CHAIN, words: 'the endpoint reaches itself (hairpin)' },
  {
    chain: /^(?:nat-postrouting|masquerading)$/,
    text: /@hairpin[ -]/,
    words: 'the endpoint reaches itself (hairpin)',
  },
  { chain: /^external-/, effect: MARKS, text: /fib saddr type local/, words: 'the node itself sent it' },
  {
    chain: /^external-/,
    effect: MARKS,
    words: 'endpoints of other nodes may be chosen (externalTrafficPolicy: Cluster)',
  },
  {
    chain: /^(?:(?:service|local|endpoint)-|services$)/,
    effect: MARKS,
    text: /(?:saddr|iifname) != /,
    words: 'the client is no pod of the node',
  },
  {
    chain: /^(?:(?:service|local|endpoint)-|services$)/,
    effect: MARKS,
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  { chain: /^mark-for-masquerade$/, words: 'this mark asks for it' },
  {
    chain: /^services$/,
    text: /@service-nodeports/,
    leadsTo: OF_SERVICE,
    words: 'it goes to a nodePort of $1',
  },
  { chain: /^services$/, text: /@service-ips/, leadsTo: OF_SERVICE, words: 'it goes to an address of $1' },
  { chain: /^services$/, text: /@service-ips/, words: 'it goes to an address of a Service' },
  {
    chain: /^(?:firewall-check|filter-(?:prerouting|output))$/,
    text: /@firewall-ips/,
    words: 'it goes to a load balancer that only some clients may use',
  },
  { chain: /^firewall-/, effect: /^drop$/, words: 'the client is outside loadBalancerSourceRanges' },
  {
    chain: /^external-/,
    effect: /->/,
    text: /fib saddr type local/,
    words: 'the node itself may use all endpoints',
  },
  {
    chain: /^external-/,
    effect: /->/,
    text: / (?:saddr|iifname) /,
    words: 'pods of the node may use all endpoints',
  },
  {
    chain: /^external-/,
    leadsTo: /^local-/,
    words: 'clients outside get endpoints of this node only (externalTrafficPolicy: Local)',
  },
  { chain: /^external-/, leadsTo: /^service-/, words: 'all endpoints may be chosen' },
  { chain: /./, effect: /^drop$/, text: /@no-endpoint-/, words: 'there are no endpoints on this node' },
  { chain: /./, leadsTo: /^reject-chain$/, words: 'there are no endpoints' },
  { chain: /^reject-chain$/, words: 'there are no endpoints' },
  { chain: /^masquerading$/, effect: /^return$/, words: 'it is not marked, so the source stays' },
  { chain: /^masquerading$/, effect: /^mark [^,]*$/, words: 'takes the mark off' },
  {
    chain: /^(?:masquerading|nat-postrouting)$/,
    effect: /masquerade$/,
    words: 'the source becomes the address of the node on the way out',
  },
];

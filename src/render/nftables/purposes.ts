import type { Purpose } from '../../lang/iptables/compare/drift.ts';

/** What chains, sets and maps are for whose names say it all. */
const FIXED: ReadonlyMap<string, string> = new Map([
  ['cluster-ips', 'addresses whose other ports are refused'],
  ['cluster-ips-check', 'refuses other ports of clusterIPs'],
  ['firewall-check', 'finds load balancers that only some clients may use'],
  ['firewall-ips', 'load balancers that only some clients may use'],
  ['hairpin', 'endpoints that may reach themselves'],
  ['localnet-check', 'keeps others away from loopback addresses'],
  ['mark-for-masquerade', 'marks what is to be masqueraded'],
  ['masquerading', 'masquerades what is marked'],
  ['nat-postrouting', 'masquerades what is marked'],
  ['no-endpoint-nodeports', 'nodePorts of Services without endpoints'],
  ['no-endpoint-services', 'addresses of Services without endpoints'],
  ['nodeport-endpoints-check', 'refuses nodePorts of Services without endpoints'],
  ['nodeport-ips', 'addresses where nodePorts answer'],
  ['reject-chain', 'refuses traffic to Services without endpoints'],
  ['service-endpoints-check', 'refuses traffic to Services without endpoints'],
  ['service-ips', 'leads addresses to their Services'],
  ['service-nodeports', 'leads nodePorts to their Services'],
  ['services', 'finds the Service of an address'],
]);

/** What others are for, before the name of what they serve. */
const NAMED: readonly (readonly [start: RegExp, purpose: string])[] = [
  [/^(?:filter|nat)-/, 'where the kernel begins'],
  [/^affinity-/, 'clients that stay with an endpoint'],
  [/^endpoints-(?:tcp|udp|sctp)$/, 'endpoints of Services'],
  [/^endpoint-/, 'an endpoint'],
  [/^external-/, 'traffic from outside'],
  [/^firewall-/, 'the source ranges'],
  [/^local-/, 'the choice of an endpoint on this node'],
  [/^service-/, 'the choice of an endpoint'],
];

/** `service-3NEXC4QR-default/web/tcp/http`, `endpoint-3NEXC4QR-default/web/tcp/http__10.0.0.1/80`. */
const OWNER = /^[a-z]+-[A-Z2-7]{8}-([^/]+\/[^/]+)\/[a-z]+\/([^/]*?)(?:__(.*)\/(\d+))?$/;

/** Says what a chain, set or map of our tables is for; undefined: it is not ours. */
export function purposeOf(name: string): Purpose | undefined {
  const fixed = FIXED.get(name);
  if (fixed !== undefined) return { role: fixed };
  const role = NAMED.find(([start]) => start.test(name))?.[1];
  if (role === undefined) return undefined;
  const [, service, port] = OWNER.exec(name) ?? [];
  if (service === undefined) return { role };
  return { role, of: port === undefined || port === '' ? service : `${service}:${port}` };
}

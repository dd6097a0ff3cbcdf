import { invariant } from '../../diagnostic/invariant.ts';
import { type L4Protocol, lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { Endpoint, EndpointPool, ServicePort } from '../../model/node-state.ts';
import { formatServicePortName } from '../../model/node-state.ts';
import { sha256Base32Prefix } from '../../model/sha256.ts';

/** The table of each family, under kube-proxy's name: whoever of the two programs it last, replaces the other's. */
export const TABLE_NAME = 'kube-proxy';

/**
 * What is behind the prefix in names of chains and sets: the kernel takes 255 characters, and no prefix is longer than
 * 16 (chainNameBaseLengthMax in proxier.go).
 */
const LONGEST_BASE = 240;

/** How sets of clients begin that were at an endpoint not long ago, in all layouts. */
const AFFINITY = 'affinity-';

export function isAffinitySet(name: string): boolean {
  return name.startsWith(AFFINITY);
}

/** The chains of one service port, named as kube-proxy's nftables mode names them (1.31 and later). */
export interface ServicePortChains {
  /** Chooses among the cluster pool. */
  readonly cluster: string;
  /** Chooses among the local pool. */
  readonly local: string;
  /** Takes external traffic. */
  readonly external: string;
  /** Keeps out who is not in the source ranges. */
  readonly firewall: string;
}

export interface NamedServicePort {
  readonly servicePort: ServicePort;
  /** How comments call it: `namespace/name:port`. */
  readonly label: string;
  readonly protocol: L4Protocol;
  readonly chains: ServicePortChains;
  /** Of its endpoints that have chains, in their order. */
  readonly endpointNames: ReadonlyMap<Endpoint, EndpointNames>;
}

/** An endpoint as one service port uses it. */
export interface EndpointNames {
  readonly chain: string;
  /** Of the clients that go to this endpoint: for session affinity. */
  readonly affinitySet: string;
}

/**
 * Computes the names of a service port once: hashing is what costs most about them.
 * @param endpoints those that have chains
 */
export function nameServicePort(servicePort: ServicePort, endpoints: readonly Endpoint[]): NamedServicePort {
  const base = baseName(identity(servicePort));
  return {
    servicePort,
    label: formatServicePortName(servicePort.name),
    protocol: lowerCaseProtocol(servicePort.protocol),
    chains: {
      cluster: `service-${base}`,
      local: `local-${base}`,
      external: `external-${base}`,
      firewall: `firewall-${base}`,
    },
    endpointNames: new Map(endpoints.map((endpoint) => [endpoint, nameEndpoint(servicePort, endpoint)])),
  };
}

/** The names of an endpoint that has a chain. */
export function namesOf({ endpointNames }: NamedServicePort, endpoint: Endpoint): EndpointNames {
  const names = endpointNames.get(endpoint);
  invariant(names !== undefined, 'an endpoint is delivered to but has no chain');
  return names;
}

/** IPv6 addresses have dots in names, where nft allows no colons. */
function nameEndpoint(servicePort: ServicePort, { ip, port }: Endpoint): EndpointNames {
  const base = baseName(`${identity(servicePort)}__${ip.replaceAll(':', '.')}/${port}`);
  return { chain: `endpoint-${base}`, affinitySet: `${AFFINITY}${base}` };
}

/** The chain that chooses among the endpoints of a pool. */
export function policyChain(chains: ServicePortChains, pool: EndpointPool): string {
  return chains[pool.scope];
}

function identity({ name, protocol }: ServicePort): string {
  return `${name.namespace}/${name.name}/${lowerCaseProtocol(protocol)}/${name.port}`;
}

/** A hash in front keeps names apart that are cut, and those that would look alike. */
function baseName(text: string): string {
  const name = `${sha256Base32Prefix(text).slice(0, 8)}-${text}`;
  return name.length <= LONGEST_BASE ? name : `${name.slice(0, LONGEST_BASE - 3)}...`;
}

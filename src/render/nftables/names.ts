import { invariant } from '../../diagnostic/invariant.ts';
import { type L4Protocol, lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { Endpoint, EndpointPool, ServicePort } from '../../model/node-state.ts';
import { formatServicePortName } from '../../model/node-state.ts';
import { sha256Base32Prefix } from '../../model/sha256.ts';
import { NFT_CHAINS, NFT_SETS } from './vocabulary.ts';

/**
 * What is behind the prefix in names of chains and sets: the kernel takes 255 characters, and no prefix is longer than
 * 16 (chainNameBaseLengthMax in proxier.go).
 */
const LONGEST_BASE = 240;

/** The chains of one service port, named as kube-proxy's nftables mode names them (1.31 and later). */
export interface NftServiceChains {
  /** Chooses among the cluster pool. */
  readonly cluster: string;
  /** Chooses among the local pool. */
  readonly local: string;
  /** Takes external traffic. */
  readonly external: string;
  /** Keeps out who is not in the source ranges. */
  readonly firewall: string;
}

export interface NamedNftPort {
  readonly servicePort: ServicePort;
  /** How comments call it: `namespace/name:port`. */
  readonly label: string;
  readonly protocol: L4Protocol;
  readonly chains: NftServiceChains;
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
export function nameNftPort(servicePort: ServicePort, endpoints: readonly Endpoint[]): NamedNftPort {
  const base = baseName(identity(servicePort));
  return {
    servicePort,
    label: formatServicePortName(servicePort.name),
    protocol: lowerCaseProtocol(servicePort.protocol),
    chains: {
      cluster: `${NFT_CHAINS.service.name}${base}`,
      local: `${NFT_CHAINS.local.name}${base}`,
      external: `${NFT_CHAINS.external.name}${base}`,
      firewall: `${NFT_CHAINS.firewall.name}${base}`,
    },
    endpointNames: new Map(endpoints.map((endpoint) => [endpoint, nameEndpoint(servicePort, endpoint)])),
  };
}

/** The names of an endpoint that has a chain. */
export function endpointNamesOf({ endpointNames }: NamedNftPort, endpoint: Endpoint): EndpointNames {
  const names = endpointNames.get(endpoint);
  invariant(names !== undefined, 'an endpoint is delivered to but has no chain');
  return names;
}

/** IPv6 addresses have dots in names, where nft allows no colons. */
function nameEndpoint(servicePort: ServicePort, { ip, spelledIP = ip, port }: Endpoint): EndpointNames {
  const base = baseName(`${identity(servicePort)}__${spelledIP.replaceAll(':', '.')}/${port}`);
  return { chain: `${NFT_CHAINS.endpoint.name}${base}`, affinitySet: `${NFT_SETS.affinity.name}${base}` };
}

/** The chain that chooses among the endpoints of a pool. */
export function poolChain(chains: NftServiceChains, pool: EndpointPool): string {
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

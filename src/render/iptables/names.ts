import { invariant } from '../../diagnostic/invariant.ts';
import { type L4Protocol, lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { Endpoint, EndpointPool, ServicePort } from '../../model/node-state.ts';
import { formatServicePortName, spelledHostPort } from '../../model/node-state.ts';
import { kubeChainName, sha256Base32Prefix } from '../../model/sha256.ts';
import { IPTABLES_CHAINS } from './vocabulary.ts';

/**
 * The chains of one service port, named as kube-proxy's iptables mode names them: a prefix of 9 characters and
 * 16 of a hash make 25, and the kernel's limit is 28.
 */
export interface ServicePortChains {
  /** Chooses among the cluster pool. */
  readonly cluster: string;
  /** Chooses among the local pool. */
  readonly local: string;
  /** Takes external traffic. */
  readonly external: string;
  /** Lets the load balancer's source ranges through. */
  readonly firewall: string;
}

/** The chains of a service port, and those of its endpoints, in their order. */
export interface NamedServicePort {
  readonly servicePort: ServicePort;
  /** How comments call it: `namespace/name:port`. */
  readonly label: string;
  readonly protocol: L4Protocol;
  readonly chains: ServicePortChains;
  /** Of its reachable endpoints, in their order; empty where they need none. */
  readonly endpointChains: readonly string[];
}

/**
 * Computes names of a service port and of its endpoints once: hashing is what costs most about them.
 * @param endpoints those that are reachable, or none
 */
export function nameServicePort(servicePort: ServicePort, endpoints: readonly Endpoint[]): NamedServicePort {
  const label = formatServicePortName(servicePort.name);
  const protocol = lowerCaseProtocol(servicePort.protocol);
  const identity = label + protocol;
  const hash = sha256Base32Prefix(identity);
  return {
    servicePort,
    label,
    protocol,
    chains: {
      cluster: IPTABLES_CHAINS.service.name + hash,
      local: IPTABLES_CHAINS.localService.name + hash,
      external: IPTABLES_CHAINS.external.name + hash,
      firewall: IPTABLES_CHAINS.sourceRanges.name + hash,
    },
    endpointChains: endpoints.map((endpoint) => endpointChain(identity, endpoint)),
  };
}

function endpointChain(identity: string, endpoint: Endpoint): string {
  return kubeChainName(IPTABLES_CHAINS.endpoint.name, identity + spelledHostPort(endpoint));
}

/**
 * The chains of some endpoints that are delivered to, in their order: those of a pool, or of a part of it. An
 * endpoint's list of clients has the same name.
 */
export function endpointChainsOf(
  { servicePort: { reachable }, endpointChains }: NamedServicePort,
  endpoints: readonly Endpoint[],
): readonly string[] {
  if (endpoints === reachable) return endpointChains;
  let index = -1;
  return endpoints.map((endpoint) => {
    index = reachable.indexOf(endpoint, index + 1);
    return chainAt(endpointChains, index);
  });
}

/** The chain of the endpoint that has this place in a list. */
export function chainAt(endpointChains: readonly string[], index: number): string {
  const name = endpointChains[index];
  invariant(name !== undefined, 'an endpoint is delivered to but not reachable');
  return name;
}

/** The chain that chooses among the endpoints of a pool. */
export function policyChain(chains: ServicePortChains, pool: EndpointPool): string {
  return chains[pool.scope];
}

/** A chain that chooses among some endpoints of a long pool, which are counted from 0: compact layout only. */
export function shareChain(chains: ServicePortChains, pool: EndpointPool, number: number): string {
  return kubeChainName(IPTABLES_CHAINS.share.name, `${policyChain(chains, pool)}/${number}`);
}

/** A chain with those rules of another that are for some destinations: compact layout only. */
export function destinationChain(chain: string, destinations: string): string {
  return kubeChainName(IPTABLES_CHAINS.destinations.name, `${chain}/${destinations}`);
}

import type { NftElement, NftVerdictElement } from '../../lang/nftables/elements/element.ts';
import type { NftVerdict } from '../../lang/nftables/expressions/verdict.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import { firstByKey, type ListPart } from '../../lang/text/in-parts.ts';
import type { Delivery, ServicePort } from '../../model/node-state.ts';
import { formatServicePortName } from '../../model/node-state.ts';
import { goTo, NFT_DROP } from './expressions.ts';
import { NFT_CHAINS } from './vocabulary.ts';

/** What leads an address of a service port somewhere. */
export function toPort({ protocol, port }: ServicePort, ip: string, verdict: NftVerdict): NftVerdictElement {
  return { key: [ip, lowerCaseProtocol(protocol), port], verdict };
}

/** What leads its node port somewhere. */
export function toNodePort({ protocol, nodePort }: ServicePort, verdict: NftVerdict): NftVerdictElement {
  return { key: [lowerCaseProtocol(protocol), nodePort], verdict };
}

/** Addresses for external traffic, but for the node's own. */
export function externalAddresses({ externalIPs, loadBalancerIPs }: ServicePort): readonly string[] {
  return [...externalIPs, ...loadBalancerIPs];
}

/** Elements for addresses whose traffic has nowhere to go. */
export function* refusedAddresses(servicePort: ServicePort): Generator<NftVerdictElement> {
  const comment = formatServicePortName(servicePort.name);
  const internal = refusal(servicePort.internal);
  if (internal !== undefined) yield { ...toPort(servicePort, servicePort.clusterIP, internal), comment };
  const external = refusal(servicePort.external?.fromOutside);
  if (external === undefined) return;
  for (const ip of externalAddresses(servicePort)) yield { ...toPort(servicePort, ip, external), comment };
}

/** The same for node ports. */
export function* refusedNodePorts(servicePort: ServicePort): Generator<NftVerdictElement> {
  const external = refusal(servicePort.external?.fromOutside);
  if (external === undefined || servicePort.nodePort === 0) return;
  yield { ...toNodePort(servicePort, external), comment: formatServicePortName(servicePort.name) };
}

function refusal(delivery: Delivery | undefined): NftVerdict | undefined {
  switch (delivery?.kind) {
    case 'reject':
      return goTo(NFT_CHAINS.reject.name);
    case 'drop':
      return NFT_DROP;
    default:
      return undefined;
  }
}

/**
 * Parts of a list, with the first element of each key alone: nft refuses a second one. A Service can have one address both as external and as
 * load-balancer address.
 * @param keyOf what tells two elements apart, where that is less than the whole key
 */
export function firstOfEach<Element extends NftElement>(
  parts: Iterable<ListPart<Element>>,
  keyOf = ({ key }: Element): string => key.join(' '),
): Iterable<ListPart<Element>> {
  return firstByKey(parts, keyOf);
}

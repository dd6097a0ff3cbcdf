import { parseIP } from '../model/ip.ts';

/**
 * Annotations in which addresses are asked for, separated by commas: of MetalLB (0.15), Cilium (1.18), kube-vip (1.0), PureLB
 * (0.13) and the cloud provider of Azure (1.34).
 */
const OF_ADDRESSES = [
  'metallb.io/loadBalancerIPs',
  'metallb.universe.tf/loadBalancerIPs',
  'lbipam.cilium.io/ips',
  'io.cilium/lb-ipam-ips',
  'kube-vip.io/loadbalancerIPs',
  'purelb.io/addresses',
  'service.beta.kubernetes.io/azure-load-balancer-ipv4',
  'service.beta.kubernetes.io/azure-load-balancer-ipv6',
];

type Annotations = { readonly [key: string]: unknown };

/** One address as an annotation has it, be it one or not. */
export interface AskedAddress {
  readonly annotation: string;
  readonly text: string;
}

/** What stands in these annotations, without the blanks around it and without what is empty. */
export function askedInAnnotations(annotations: Annotations): readonly AskedAddress[] {
  return OF_ADDRESSES.flatMap((annotation) => {
    const list = Object.hasOwn(annotations, annotation) ? annotations[annotation] : undefined;
    if (typeof list !== 'string') return [];
    const texts = list.split(',').map((text) => text.trim());
    return texts.filter((text) => text !== '').map((text) => ({ annotation, text }));
  });
}

/** The addresses that a manifest asks for its load balancer: canonical, each once. What is no address is left out. */
export function requestedAddresses(loadBalancerIP: string, annotations: Annotations): readonly string[] {
  const asked = [loadBalancerIP.trim(), ...askedInAnnotations(annotations).map(({ text }) => text)];
  return [...new Set(asked.flatMap((text) => parseIP(text)?.ip ?? []))];
}

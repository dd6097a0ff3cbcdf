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

/** The addresses that a manifest asks for its load balancer: canonical, each once. What is no address is left out. */
export function requestedAddresses(
  loadBalancerIP: string,
  annotations: { readonly [key: string]: unknown },
): readonly string[] {
  const texts = OF_ADDRESSES.flatMap(
    (key) => (Object.hasOwn(annotations, key) ? annotations[key] : undefined) ?? [],
  );
  const asked = [
    loadBalancerIP,
    ...texts.flatMap((text) => (typeof text === 'string' ? text.split(',') : [])),
  ];
  return [...new Set(asked.flatMap((text) => parseIP(text.trim())?.ip ?? []))];
}

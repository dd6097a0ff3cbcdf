import { clusterIPIn, isProxied, needsHealthCheck } from '../../kubernetes/services.ts';
import type { IPFamily, Service } from '../../model/cluster.ts';
import { cidrContains, familyOf } from '../../model/ip.ts';
import type { ProxyFacts } from '../../model/kubernetes-version.ts';
import type { AdmittedSources } from '../../model/node-state.ts';

const NONE: readonly string[] = [];

/** From where, and with whose rules, the addresses of a Service are looked at. */
export interface AddressView {
  readonly nodeIP: string | undefined;
  readonly facts: ProxyFacts;
}

/** What all ports of a Service share on a node, in one family: its addresses, and who may use them. */
export interface ServiceVIPs {
  readonly clusterIP: string;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  readonly admitted: AdmittedSources | undefined;
  /** 0: none. */
  readonly healthCheckNodePort: number;
}

/**
 * The addresses that a node serves for a Service in one family, as `newBaseServiceInfo` of kube-proxy 1.34's
 * serviceport.go picks them; undefined when kube-proxy leaves the Service alone: ExternalName, headless, labelled
 * for another proxy, or without a clusterIP of the family.
 */
export function serviceVIPs(
  service: Service,
  family: IPFamily,
  { nodeIP, facts }: AddressView,
): ServiceVIPs | undefined {
  if (!isProxied(service)) return undefined;
  const clusterIP = clusterIPIn(service, family);
  if (clusterIP === undefined) return undefined;
  const balancerIPs = loadBalancerIPs(service, family);
  return {
    clusterIP,
    externalIPs: ofFamily(service.externalIPs, family),
    loadBalancerIPs: balancerIPs,
    admitted: admittedSources(sourceRanges(service, family, facts), balancerIPs, nodeIP),
    healthCheckNodePort: needsHealthCheck(service) ? service.healthCheckNodePort : 0,
  };
}

function loadBalancerIPs(service: Service, family: IPFamily): readonly string[] {
  if (service.loadBalancerIngress.length === 0) return NONE;
  return service.loadBalancerIngress
    .filter(({ ip, ipMode }) => ipMode === 'VIP' && familyOf(ip) === family)
    .map(({ ip }) => ip);
}

function ofFamily(addresses: readonly string[], family: IPFamily): readonly string[] {
  if (addresses.length === 0) return NONE;
  return addresses.filter((address) => familyOf(address) === family);
}

/** Since 1.34 a range of all addresses means that there are no ranges (kubernetes/kubernetes#132722). */
function sourceRanges(
  { loadBalancerSourceRanges }: Service,
  family: IPFamily,
  { ignoresZeroSourceRanges }: ProxyFacts,
): readonly string[] {
  const ranges = ofFamily(loadBalancerSourceRanges, family);
  return ignoresZeroSourceRanges && ranges.some((range) => range.endsWith('/0')) ? NONE : ranges;
}

/** Ranges of the other family alone keep nobody out. */
function admittedSources(
  ranges: readonly string[],
  balancerIPs: readonly string[],
  nodeIP: string | undefined,
): AdmittedSources | undefined {
  if (ranges.length === 0 || balancerIPs.length === 0) return undefined;
  return { ranges, ofNode: holdsNode(ranges, nodeIP) ? balancerIPs : NONE };
}

/** A range of all addresses holds the node's, known or not. */
function holdsNode(sourceRanges: readonly string[], nodeIP: string | undefined): boolean {
  return sourceRanges.some(
    (range) => range.endsWith('/0') || (nodeIP !== undefined && cidrContains(range, nodeIP)),
  );
}

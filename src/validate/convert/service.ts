import { SOURCE_RANGES_ANNOTATION } from '../../kubernetes/labels.ts';
import { requestedAddresses } from '../../kubernetes/load-balancer-addresses.ts';
import { toProtocol } from '../../kubernetes/protocols.ts';
import type {
  IPFamily,
  LoadBalancerIngress,
  Service,
  ServicePortSpec,
  ServiceType,
  StringMap,
  TrafficPolicy,
} from '../../model/cluster.ts';
import { parseCIDR, parseIP } from '../../model/ip.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { DefaultedService, DefaultedServicePort } from '../defaults/service.ts';
import type * as api from '../generated/shapes.js';
import { canonicalIPs } from './canonical.ts';
import { namespacedMeta } from './object-meta.ts';

const HEADLESS: readonly string[] = Object.freeze(['None']);
const NO_RANGES: readonly string[] = Object.freeze([]);
const NO_INGRESS: readonly LoadBalancerIngress[] = Object.freeze([]);

/** A Service that has passed the rules, as later stages know it: canonical addresses, closed enumerations. */
export function toService(service: DefaultedService, manifest: Manifest): Service {
  const meta = namespacedMeta(service.metadata, manifest);
  const type = toServiceType(service.type);
  const clusterIPs = type === 'ExternalName' ? [] : toClusterIPs(service);
  return {
    namespace: meta.namespace,
    name: meta.name,
    labels: meta.labels,
    annotations: meta.annotations,
    locate: meta.locate,
    type,
    clusterIPs,
    ...spelledClusterIP(service, clusterIPs),
    ipFamilies: toFamilies(service, clusterIPs),
    ipFamilyPolicy: toFamilyPolicy(service.ipFamilyPolicy),
    ports: service.ports.map(toServicePort),
    selector: service.selector,
    externalIPs: canonicalIPs(service.externalIPs),
    externalName: service.externalName === '' ? undefined : service.externalName,
    externalTrafficPolicy: toTrafficPolicy(service.externalTrafficPolicy),
    internalTrafficPolicy: toTrafficPolicy(service.internalTrafficPolicy),
    publishNotReadyAddresses: service.publishNotReadyAddresses,
    sessionAffinitySeconds: service.sessionAffinitySeconds,
    loadBalancerSourceRanges: toSourceRanges(service, meta.annotations[SOURCE_RANGES_ANNOTATION]),
    allocateLoadBalancerNodePorts: service.allocateLoadBalancerNodePorts ?? true,
    healthCheckNodePort: service.healthCheckNodePort,
    trafficDistribution: service.trafficDistribution,
    loadBalancerIngress:
      type === 'LoadBalancer' ? toIngress(ingressOf(service, meta.annotations)) : NO_INGRESS,
  };
}

/** Of a Service that was never applied, the addresses that it asks for: it gets them, or none. */
function ingressOf(
  { ingress, hasLoadBalancerStatus, loadBalancerIP }: DefaultedService,
  annotations: StringMap,
): DefaultedService['ingress'] {
  if (hasLoadBalancerStatus) return ingress;
  return requestedAddresses(loadBalancerIP, annotations).map((ip) => ({ ip }));
}

function toServiceType(type: string): ServiceType {
  return type === 'NodePort' || type === 'LoadBalancer' || type === 'ExternalName' ? type : 'ClusterIP';
}

function toClusterIPs({ clusterIPs, clusterAddresses }: DefaultedService): readonly string[] {
  if (clusterIPs[0] === 'None') return HEADLESS;
  const areCanonical = clusterAddresses.every((address) => address?.isCanonical === true);
  return areCanonical ? clusterIPs : clusterAddresses.flatMap((address) => address?.ip ?? []);
}

function spelledClusterIP(
  { clusterIPs: [spelled] }: DefaultedService,
  [canonical]: readonly string[],
): Pick<Service, 'spelledClusterIP'> {
  const differs = spelled !== undefined && canonical !== undefined && spelled !== canonical;
  return differs ? { spelledClusterIP: spelled } : {};
}

function toFamilies(
  { ipFamilies, clusterAddresses }: DefaultedService,
  clusterIPs: readonly string[],
): readonly IPFamily[] {
  if (areFamilies(ipFamilies) && (ipFamilies.length > 0 || clusterIPs === HEADLESS)) return ipFamilies;
  return clusterIPs.length === 0 ? [] : clusterAddresses.flatMap((address) => address?.family ?? []);
}

function areFamilies(families: readonly string[]): families is readonly IPFamily[] {
  return families.every((family) => family === 'IPv4' || family === 'IPv6');
}

function toFamilyPolicy(policy: string | undefined): Service['ipFamilyPolicy'] {
  if (policy === 'SingleStack' || policy === 'PreferDualStack' || policy === 'RequireDualStack')
    return policy;
  return undefined;
}

function toTrafficPolicy(policy: string | undefined): TrafficPolicy {
  return policy === 'Local' ? 'Local' : 'Cluster';
}

function toServicePort(port: DefaultedServicePort): ServicePortSpec {
  const { name, targetPort, nodePort, appProtocol } = port;
  return { name, protocol: toProtocol(port.protocol), port: port.port, targetPort, nodePort, appProtocol };
}

/** The ranges of the spec field, else of the annotation, trimmed and canonical. */
function toSourceRanges(service: DefaultedService, annotation: string | undefined): readonly string[] {
  if (service.type !== 'LoadBalancer') return NO_RANGES;
  const ranges =
    service.loadBalancerSourceRanges.length > 0 ? service.loadBalancerSourceRanges : splitRanges(annotation);
  return ranges.flatMap((range) => parseCIDR(range.trim())?.cidr ?? []);
}

function splitRanges(annotation: string | undefined): readonly string[] {
  const text = annotation?.trim() ?? '';
  return text === '' ? [] : text.split(',');
}

function toIngress(ingress: DefaultedService['ingress']): readonly LoadBalancerIngress[] {
  return ingress.flatMap((entry) => {
    const parsed = parseIP(entry?.ip ?? '');
    return parsed === undefined ? [] : [{ ip: parsed.ip, ipMode: toIPMode(entry) }];
  });
}

function toIPMode(entry: api.LoadBalancerIngress | null): 'VIP' | 'Proxy' {
  return entry?.ipMode === 'Proxy' ? 'Proxy' : 'VIP';
}

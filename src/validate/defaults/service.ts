import {
  SOURCE_RANGES_ANNOTATION,
  TOPOLOGY_HINTS_ANNOTATION,
  TOPOLOGY_MODE_ANNOTATION,
} from '../../kubernetes/labels.ts';
import { PROTOCOLS } from '../../kubernetes/protocols.ts';
import type { StringMap } from '../../model/cluster.ts';
import { type ParsedIP, parseIP } from '../../model/ip.ts';
import { dnsLabelProblem } from '../formats/dns.ts';
import { isPortNumber } from '../formats/port.ts';
import type * as api from '../generated/shapes.js';
import { stringList, stringMap } from './zero-values.ts';

/**
 * A Service as the API server validates it: decoded (missing fields have Go's zero values) and defaulted
 * (pkg/apis/core/v1/defaults.go and the REST layer's normalisation of clusterIPs, Kubernetes 1.34). Enumerations
 * are still any text: rules check them.
 */
export interface DefaultedService {
  readonly metadata: api.ObjectMeta;
  readonly type: string;
  readonly clusterIP: string;
  readonly clusterIPs: readonly string[];
  /** They are given themselves, and not as clusterIP alone. */
  readonly hasClusterIPs: boolean;
  /** What clusterIPs are, one for each: undefined is no address (`None`, or a mistake). */
  readonly clusterAddresses: readonly (ParsedIP | undefined)[];
  readonly ports: readonly DefaultedServicePort[];
  readonly selector: StringMap;
  readonly externalIPs: readonly string[];
  readonly sessionAffinity: string;
  /** undefined: no affinity. */
  readonly sessionAffinitySeconds: number | undefined;
  /** Any text: nobody validates it. */
  readonly loadBalancerIP: string;
  readonly loadBalancerSourceRanges: readonly string[];
  readonly loadBalancerClass: string | undefined;
  readonly allocateLoadBalancerNodePorts: boolean | undefined;
  readonly externalName: string;
  readonly externalTrafficPolicy: string;
  readonly internalTrafficPolicy: string | undefined;
  readonly healthCheckNodePort: number;
  readonly publishNotReadyAddresses: boolean;
  readonly ipFamilies: readonly string[];
  readonly ipFamilyPolicy: string | undefined;
  readonly trafficDistribution: string | undefined;
  readonly ingress: readonly (api.LoadBalancerIngress | null)[];
  /**
   * The cluster has said which addresses there are, none as yet it may be. An empty status that a generator writes (`kubectl
   * create --dry-run`) says nothing: in a cluster a load balancer has a clusterIP as well.
   */
  readonly hasLoadBalancerStatus: boolean;
}

export interface DefaultedServicePort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort: number;
  readonly appProtocol: string | undefined;
}

/** Kubernetes' default of `sessionAffinityConfig.clientIP.timeoutSeconds`: three hours. */
const DEFAULT_AFFINITY_SECONDS = 10800;

/** Decodes and defaults a Service whose shape has been checked. */
export function defaultService({ metadata, spec: given, status }: api.Service): DefaultedService {
  const spec = given ?? {};
  const type = spec.type || 'ClusterIP';
  const externalIPs = stringList(spec.externalIPs);
  const clusterIP = spec.clusterIP ?? '';
  const givenClusterIPs = stringList(spec.clusterIPs);
  const clusterIPs = givenClusterIPs.length === 0 && clusterIP !== '' ? [clusterIP] : givenClusterIPs;
  return {
    metadata: metadata ?? {},
    type,
    clusterIP,
    clusterIPs,
    hasClusterIPs: givenClusterIPs.length > 0,
    clusterAddresses: clusterIPs.map(parseIP),
    ports: (spec.ports ?? []).map(defaultServicePort),
    selector: stringMap(spec.selector),
    externalIPs,
    sessionAffinity: spec.sessionAffinity || 'None',
    sessionAffinitySeconds: affinitySeconds(spec),
    loadBalancerIP: spec.loadBalancerIP ?? '',
    loadBalancerSourceRanges: stringList(spec.loadBalancerSourceRanges),
    loadBalancerClass: spec.loadBalancerClass ?? undefined,
    allocateLoadBalancerNodePorts:
      spec.allocateLoadBalancerNodePorts ?? (type === 'LoadBalancer' ? true : undefined),
    externalName: spec.externalName ?? '',
    externalTrafficPolicy:
      spec.externalTrafficPolicy || (isExternallyAccessible(type, externalIPs) ? 'Cluster' : ''),
    internalTrafficPolicy: spec.internalTrafficPolicy ?? (hasClusterIP(type) ? 'Cluster' : undefined),
    healthCheckNodePort: spec.healthCheckNodePort ?? 0,
    publishNotReadyAddresses: spec.publishNotReadyAddresses ?? false,
    ipFamilies: stringList(spec.ipFamilies),
    ipFamilyPolicy: spec.ipFamilyPolicy ?? undefined,
    trafficDistribution: spec.trafficDistribution ?? undefined,
    ingress: status?.loadBalancer?.ingress ?? [],
    hasLoadBalancerStatus:
      (status?.loadBalancer?.ingress ?? []).length > 0 ||
      ((status?.loadBalancer ?? null) !== null && clusterIPs.length > 0),
  };
}

/** The parts of a Service whose fields decide which rules can find something in it. */
export function partsOfService({ metadata, spec, status }: api.Service): readonly object[] {
  const parts: object[] = [];
  for (const part of [metadata, spec, status, status?.loadBalancer]) if (part) parts.push(part);
  for (const port of spec?.ports ?? []) if (port) parts.push(port);
  return parts;
}

function defaultServicePort(given: api.ServicePort | null): DefaultedServicePort {
  const port = given?.port ?? 0;
  return {
    name: given?.name ?? '',
    protocol: given?.protocol || 'TCP',
    port,
    targetPort: given?.targetPort || port,
    nodePort: given?.nodePort ?? 0,
    appProtocol: given?.appProtocol ?? undefined,
  };
}

function affinitySeconds(spec: api.ServiceSpec): number | undefined {
  const { sessionAffinity, sessionAffinityConfig } = spec;
  if (sessionAffinity === 'ClientIP')
    return sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS;
  return undefined;
}

function hasClusterIP(type: string): boolean {
  return type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer';
}

/** Whether clients outside the cluster can reach it: only then has it an externalTrafficPolicy. */
export function isExternallyAccessible(type: string, externalIPs: readonly string[]): boolean {
  return type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && externalIPs.length > 0);
}

/**
 * Nothing in it that a rule with `skipsPlain` could object to: a ClusterIP with one canonical address and one port, and none of
 * the fields that only other Services have. Services come by the ten thousand, nearly all of them plain, and one look is cheaper
 * than sixty: with 10,000 Services of 10 endpoints a run of `svcgen render` takes 5 % less of a processor.
 */
export function isPlainService(service: DefaultedService): boolean {
  const { type, clusterIP, clusterIPs, clusterAddresses, ports, metadata } = service;
  const [address] = clusterAddresses;
  const [port] = ports;
  return (
    type === 'ClusterIP' &&
    ports.length === 1 &&
    port !== undefined &&
    isPlainPort(port) &&
    clusterIPs.length === 1 &&
    clusterIPs[0] === clusterIP &&
    address?.isCanonical === true &&
    isOneFamily(service, address) &&
    hasOnlyDefaults(service) &&
    hasPlainAnnotations(metadata)
  );
}

function isPlainPort({
  name,
  protocol,
  port,
  targetPort,
  nodePort,
  appProtocol,
}: DefaultedServicePort): boolean {
  return (
    nodePort === 0 &&
    appProtocol === undefined &&
    isPortNumber(port) &&
    typeof targetPort === 'number' &&
    isPortNumber(targetPort) &&
    PROTOCOLS.includes(protocol) &&
    (name === '' || dnsLabelProblem(name) === undefined)
  );
}

function isOneFamily({ ipFamilies, ipFamilyPolicy }: DefaultedService, { family }: ParsedIP): boolean {
  if (ipFamilyPolicy !== undefined && ipFamilyPolicy !== 'SingleStack') return false;
  return ipFamilies.length === 0 || (ipFamilies.length === 1 && ipFamilies[0] === family);
}

/** Of the fields that say how clients elsewhere, or again, get to it. */
function hasOnlyDefaults(service: DefaultedService): boolean {
  return (
    service.externalIPs.length === 0 &&
    service.loadBalancerSourceRanges.length === 0 &&
    service.loadBalancerIP === '' &&
    service.loadBalancerClass === undefined &&
    service.allocateLoadBalancerNodePorts === undefined &&
    service.externalName === '' &&
    service.externalTrafficPolicy === '' &&
    service.internalTrafficPolicy === 'Cluster' &&
    service.healthCheckNodePort === 0 &&
    service.sessionAffinity === 'None' &&
    service.trafficDistribution === undefined
  );
}

/** Annotations that rules about Services look at. */
const ANNOTATIONS_WITH_RULES = [
  TOPOLOGY_HINTS_ANNOTATION,
  TOPOLOGY_MODE_ANNOTATION,
  SOURCE_RANGES_ANNOTATION,
];

function hasPlainAnnotations({ annotations }: api.ObjectMeta): boolean {
  return !annotations || !ANNOTATIONS_WITH_RULES.some((name) => Object.hasOwn(annotations, name));
}

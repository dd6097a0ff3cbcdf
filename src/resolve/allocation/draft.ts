import { isHeadless, needsHealthCheck } from '../../kubernetes/services.ts';
import { type IPFamily, objectKey, type Service, type ServicePortSpec } from '../../model/cluster.ts';
import { familyOf, otherFamily } from '../../model/ip.ts';
import { type LockedService, lockedPortKey } from './allocation-lock.ts';
import { hasFamily, type ServiceRanges } from './service-ranges.ts';

/** A Service whose missing values are being allocated. */
export interface Draft {
  readonly service: Service;
  /** `namespace/name`. */
  readonly key: string;
  /** The families that it gets addresses of; those that it has come first. */
  readonly families: readonly IPFamily[];
  /** For each family; undefined: missing. */
  readonly clusterIPs: (string | undefined)[];
  /** For each port; 0: none, or missing. */
  readonly nodePorts: number[];
  /** Every port gets a nodePort. */
  readonly needsNodePorts: boolean;
  /** 0: none, or missing. */
  healthCheckNodePort: number;
  readonly needsHealthCheckNodePort: boolean;
}

/** Starts with the values that a Service has; undefined when it lacks none. */
export function startDraft(service: Service, ranges: ServiceRanges): Draft | undefined {
  if (service.type === 'ExternalName' || isHeadless(service)) return undefined;
  const families = familiesOf(service, ranges);
  const needsNodePorts = wantsNodePorts(service) && service.ports.some(({ nodePort }) => nodePort === 0);
  const needsHealthCheckNodePort = needsHealthCheck(service) && service.healthCheckNodePort === 0;
  if (families.length === service.clusterIPs.length && !needsNodePorts && !needsHealthCheckNodePort) {
    return undefined;
  }
  return {
    service,
    key: objectKey(service),
    families,
    clusterIPs: families.map((_, index) => service.clusterIPs[index]),
    nodePorts: service.ports.map(({ nodePort }) => nodePort),
    needsNodePorts,
    healthCheckNodePort: service.healthCheckNodePort,
    needsHealthCheckNodePort,
  };
}

/** The Service with what was allocated. */
export function finishDraft({ service, ...draft }: Draft): Service {
  const clusterIPs = draft.clusterIPs.filter((ip) => ip !== undefined);
  return {
    ...service,
    clusterIPs,
    ipFamilies: clusterIPs.length === 0 ? service.ipFamilies : clusterIPs.map(familyOf),
    ports: service.ports.map((port, index) => withNodePort(port, draft.nodePorts[index] ?? 0)),
    healthCheckNodePort: draft.healthCheckNodePort,
  };
}

/** What of a draft was allocated, hence is to be locked; undefined: nothing. */
export function lockDraft({ service, ...draft }: Draft): LockedService | undefined {
  const clusterIPs = draft.clusterIPs.slice(service.clusterIPs.length).filter((ip) => ip !== undefined);
  const explicit = service.ports.map(({ nodePort }) => nodePort);
  const nodePorts = service.ports
    .map((port, index) => [lockedPortKey(port), draft.nodePorts[index] ?? 0] as const)
    .filter(([, nodePort]) => !explicit.includes(nodePort) && nodePort !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const locked: LockedService = {
    ...(clusterIPs.length > 0 && { clusterIPs }),
    ...(nodePorts.length > 0 && { nodePorts: Object.fromEntries(nodePorts) }),
    ...(draft.needsHealthCheckNodePort &&
      draft.healthCheckNodePort !== 0 && { healthCheckNodePort: draft.healthCheckNodePort }),
  };
  return Object.keys(locked).length === 0 ? undefined : locked;
}

/**
 * The families that the API server gives a Service addresses of (`initIPFamilyFields` of alloc.go, 1.34). Where nobody
 * said what the ranges are, PreferDualStack does not add to a Service that has an address: it may come from a cluster
 * with one family only.
 */
function familiesOf(service: Service, ranges: ServiceRanges): readonly IPFamily[] {
  const { clusterIPs, ipFamilyPolicy } = service;
  const families = knownFamilies(service);
  const [first = ranges.defaultFamily] = families;
  if (families.length === 2) return families;
  const other = otherFamily(first);
  const canPrefer = hasFamily(ranges, other) && (clusterIPs.length === 0 || ranges.isGiven);
  const isDual = ipFamilyPolicy === 'RequireDualStack' || (ipFamilyPolicy === 'PreferDualStack' && canPrefer);
  return isDual ? [first, other] : [first];
}

function knownFamilies({ clusterIPs, ipFamilies }: Service): readonly IPFamily[] {
  return clusterIPs.length > ipFamilies.length ? clusterIPs.map(familyOf) : ipFamilies;
}

function wantsNodePorts({ type, allocateLoadBalancerNodePorts }: Service): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts);
}

function withNodePort(port: ServicePortSpec, nodePort: number): ServicePortSpec {
  return port.nodePort === nodePort ? port : { ...port, nodePort };
}

/**
 * Gives a headless Service the families that the API server gives it (`initIPFamilyFields` of alloc.go, 1.34): they
 * decide which addresses of pods it has. Without a selector and a policy it has both, as nobody can tell. Where
 * nobody said what the service ranges are, it stays as it is.
 */
export function withHeadlessFamilies(service: Service, ranges: ServiceRanges): Service {
  if (!isHeadless(service) || service.ipFamilies.length === 2 || !ranges.isGiven) return service;
  const [first = ranges.defaultFamily] = service.ipFamilies;
  const other = otherFamily(first);
  const ipFamilies: readonly IPFamily[] = wantsFamily(service, other, ranges) ? [first, other] : [first];
  return ipFamilies.length === service.ipFamilies.length ? service : { ...service, ipFamilies };
}

function wantsFamily(service: Service, family: IPFamily, ranges: ServiceRanges): boolean {
  const hasSelector = Object.keys(service.selector).length > 0;
  if (!hasSelector) return service.ipFamilyPolicy !== 'SingleStack';
  return (service.ipFamilyPolicy ?? 'SingleStack') !== 'SingleStack' && hasFamily(ranges, family);
}

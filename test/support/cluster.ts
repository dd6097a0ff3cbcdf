import { defaultProxyConfig } from '../../src/kubernetes/proxy-defaults.ts';
import type {
  Cluster,
  ContainerPort,
  EndpointPort,
  EndpointSlice,
  Endpoints,
  Node,
  ObjectMeta,
  Pod,
  Service,
  ServiceCIDR,
  ServicePortSpec,
  SliceEndpoint,
  Workload,
} from '../../src/model/cluster.ts';
import { formatFieldPath } from '../../src/model/field-path.ts';
import { familyOf } from '../../src/model/ip.ts';
import type { ProxyConfig, ProxyMode } from '../../src/model/proxy-config.ts';
import { defaultProxyConfigOf } from '../../src/modes/index.ts';

/** Builders of valid, defaulted objects: name what matters to a test, the rest is plain. */

type Named = { readonly name: string };

/** A cluster sorted as validation leaves it. */
export function cluster(parts: Partial<Cluster> = {}): Cluster {
  return {
    services: sorted(parts.services),
    endpoints: sorted(parts.endpoints),
    endpointSlices: sorted(parts.endpointSlices),
    pods: sorted(parts.pods),
    nodes: sorted(parts.nodes),
    workloads: sorted(parts.workloads),
    serviceCIDRs: sorted(parts.serviceCIDRs),
    networkPolicies: parts.networkPolicies ?? [],
  };
}

/** A ClusterIP Service with one unnamed TCP port 80 and no selector, unless told otherwise. */
export function service(parts: Partial<Service> & Named): Service {
  const clusterIPs = parts.clusterIPs ?? ['10.96.0.1'];
  return {
    ...meta(parts),
    type: 'ClusterIP',
    clusterIPs,
    ipFamilies: clusterIPs.filter((ip) => ip !== 'None').map(familyOf),
    ipFamilyPolicy: undefined,
    ports: [servicePort()],
    selector: {},
    externalIPs: [],
    externalName: undefined,
    externalTrafficPolicy: 'Cluster',
    internalTrafficPolicy: 'Cluster',
    publishNotReadyAddresses: false,
    sessionAffinitySeconds: undefined,
    loadBalancerSourceRanges: [],
    allocateLoadBalancerNodePorts: true,
    healthCheckNodePort: 0,
    trafficDistribution: undefined,
    loadBalancerIngress: [],
    ...parts,
  };
}

export function servicePort(parts: Partial<ServicePortSpec> = {}): ServicePortSpec {
  const port = parts.port ?? 80;
  return { name: '', protocol: 'TCP', port, targetPort: port, nodePort: 0, appProtocol: undefined, ...parts };
}

/** A slice of the Service `of`, with one unnamed TCP port 80; of the family of its first endpoint. */
export function slice(parts: Partial<EndpointSlice> & { readonly of: string }): EndpointSlice {
  const { of: serviceName, ...rest } = parts;
  return {
    ...meta({ name: `${serviceName}-1`, ...rest }),
    serviceName,
    addressType: familyOf(rest.endpoints?.[0]?.addresses[0] ?? '10.0.0.1'),
    ports: [endpointPort()],
    endpoints: [],
    ...rest,
  };
}

export function endpointPort(parts: Partial<EndpointPort> = {}): EndpointPort {
  return { name: '', protocol: 'TCP', port: 80, appProtocol: undefined, ...parts };
}

/** A ready endpoint of a slice. */
export function endpoint(address: string, parts: Partial<SliceEndpoint> = {}): SliceEndpoint {
  return {
    addresses: [address],
    ready: true,
    serving: true,
    terminating: false,
    hostname: undefined,
    nodeName: undefined,
    zoneHints: [],
    nodeHints: [],
    ...parts,
  };
}

/** An Endpoints object, without subsets unless told otherwise. */
export function endpoints(parts: Partial<Endpoints> & Named): Endpoints {
  return { ...meta(parts), subsets: [], ...parts };
}

/** A running, ready pod without an address. */
export function pod(parts: Partial<Pod> & Named): Pod {
  return {
    ...meta(parts),
    uid: undefined,
    phase: 'Running',
    podIPs: [],
    isReady: true,
    isTerminating: false,
    nodeName: undefined,
    hostname: undefined,
    subdomain: undefined,
    hostNetwork: false,
    enableServiceLinks: true,
    containerPorts: [],
    ...parts,
  };
}

export function containerPort(name: string, number: number): ContainerPort {
  return { name, containerPort: number, protocol: 'TCP' };
}

export function node(parts: Partial<Node> & Named): Node {
  return { ...meta({ namespace: '', ...parts }), addresses: [], podCIDRs: [], zone: undefined, ...parts };
}

/** A Deployment of one pod, unless told otherwise. */
export function workload(
  parts: Partial<Omit<Workload, 'template'>> & Named & { readonly template?: Partial<Workload['template']> },
): Workload {
  const { template, ...rest } = parts;
  return {
    ...meta(rest),
    kind: 'Deployment',
    replicas: 1,
    ...rest,
    template: {
      labels: { app: parts.name },
      nodeName: undefined,
      hostname: undefined,
      subdomain: undefined,
      hostNetwork: false,
      enableServiceLinks: true,
      containerPorts: [],
      ...template,
    },
  };
}

export function serviceCIDR(name: string, cidrs: readonly string[]): ServiceCIDR {
  return { ...meta({ namespace: '', name }), cidrs };
}

/** kube-proxy's defaults, on a node without a name. */
export function proxyConfig(parts: Partial<ProxyConfig> = {}): ProxyConfig {
  const { ipvs, userspace } = defaultProxyConfigOf(parts.mode ?? 'iptables');
  return { ...defaultProxyConfig, ipvs, userspace, ...parts };
}

/** The same settings in another mode, with kube-proxy's defaults for what only that mode has. */
export function inMode(config: ProxyConfig, mode: ProxyMode): ProxyConfig {
  const { ipvs, userspace } = defaultProxyConfigOf(mode);
  return { ...config, mode, ipvs, userspace };
}

function meta(parts: Partial<ObjectMeta> & Named): ObjectMeta {
  const { name, namespace = 'default', labels = {}, annotations = {} } = parts;
  return {
    namespace,
    name,
    labels,
    annotations,
    locate: (path) => span(`${name}.yaml`, formatFieldPath(path)),
  };
}

function span(file: string, text: string) {
  return { file, line: 1, column: 1, excerpt: { text, start: 0, length: Math.max(1, text.length) } };
}

function sorted<T extends ObjectMeta>(objects: readonly T[] = []): readonly T[] {
  return [...objects].sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

import { NEWEST_KUBERNETES } from '../../src/kubernetes/versions.ts';
import type {
  Delivery,
  Endpoint,
  EndpointPool,
  ExternalDelivery,
  NodeState,
  ServicePort,
} from '../../src/model/node-state.ts';

/** Node states for tests of renderers: valid, small, and overridable field by field. */

export function endpoint(ip: string, port = 8080, isLocal = false): Endpoint {
  return { ip, port, hostPort: ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`, isLocal };
}

export function pool(scope: EndpointPool['scope'], ...endpoints: readonly Endpoint[]): EndpointPool {
  return { scope, endpoints };
}

export function deliverTo(endpointPool: EndpointPool): Delivery {
  return { kind: 'endpoints', pool: endpointPool };
}

/** Whether it is served follows from the rest. */
export function deliverExternally(parts: Omit<ExternalDelivery, 'isServed'>): ExternalDelivery {
  return { ...parts, isServed: parts.fromInside.kind === 'endpoints' };
}

/** `default/web:http`, TCP port 80 of 10.96.0.80, with one endpoint 10.244.1.5:8080. */
export function servicePort(overrides: Partial<ServicePort> = {}): ServicePort {
  const only = pool('cluster', endpoint('10.244.1.5'));
  return {
    name: { namespace: 'default', name: 'web', port: 'http' },
    protocol: 'TCP',
    clusterIP: '10.96.0.80',
    port: 80,
    nodePort: 0,
    externalIPs: [],
    loadBalancerIPs: [],
    admitted: undefined,
    healthCheckNodePort: 0,
    sessionAffinitySeconds: undefined,
    internal: deliverTo(only),
    external: undefined,
    pools: [only],
    reachable: only.endpoints,
    serving: [],
    ipvs: undefined,
    ...overrides,
  };
}

/** What follows from other fields does so unless it is overridden too. Service ports have the pools of their deliveries. */
export function nodeState(overrides: Partial<NodeState> = {}): NodeState {
  const { localDetector = { kind: 'none' }, localhostNodePorts = true } = overrides;
  return {
    family: 'IPv4',
    proxy: NEWEST_KUBERNETES.proxy,
    isLargeCluster: false,
    nodeName: undefined,
    nodeIP: undefined,
    localDetector,
    masqueraded: localDetector.kind === 'none' ? localDetector : { kind: 'foreign', detector: localDetector },
    nodePortAddresses: { kind: 'local', loopback: localhostNodePorts },
    masqueradeBit: 14,
    localhostNodePorts,
    dropInvalid: true,
    serviceCIDRs: [],
    healthChecks: [],
    userspace: undefined,
    ipvs: undefined,
    ...overrides,
    servicePorts: (overrides.servicePorts ?? [servicePort()]).map((each) => ({
      ...each,
      pools: poolsOf(each),
    })),
  };
}

function poolsOf({ internal, external }: ServicePort): readonly EndpointPool[] {
  const deliveries = [internal, external?.fromOutside, external?.fromInside];
  const used = deliveries.flatMap((each) => (each?.kind === 'endpoints' ? [each.pool] : []));
  return (['cluster', 'local'] as const).flatMap((scope) => used.find((each) => each.scope === scope) ?? []);
}

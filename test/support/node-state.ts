import type { Delivery, Endpoint, EndpointPool, NodeState, ServicePort } from '../../src/model/node-state.ts';

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
    sourceRanges: [],
    sourceRangesHoldNode: false,
    healthCheckNodePort: 0,
    sessionAffinitySeconds: undefined,
    internal: deliverTo(only),
    external: undefined,
    reachable: only.endpoints,
    ipvs: undefined,
    ...overrides,
  };
}

export function nodeState(overrides: Partial<NodeState> = {}): NodeState {
  return {
    family: 'IPv4',
    servicePorts: [servicePort()],
    endpointCount: 1,
    nodeIP: undefined,
    localDetector: { kind: 'none' },
    nodePortAddresses: { kind: 'local' },
    masqueradeAll: false,
    masqueradeBit: 14,
    localhostNodePorts: true,
    dropInvalid: true,
    serviceCIDRs: [],
    ipvs: undefined,
    ...overrides,
  };
}

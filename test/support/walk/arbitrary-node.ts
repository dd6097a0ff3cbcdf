import fc from 'fast-check';
import type { Cluster, IPFamily, Service, SliceEndpoint } from '../../../src/model/cluster.ts';
import type { ProxyConfig } from '../../../src/model/proxy-config.ts';
import { cluster, endpoint, endpointPort, proxyConfig, service, servicePort, slice } from '../cluster.ts';

/** Addresses of a random cluster in one family, told apart by numbers. */
export interface Network {
  readonly family: IPFamily;
  readonly nodeIPs: readonly string[];
  readonly clusterCIDR: string;
  readonly friends: string;
  readonly everybody: string;
  readonly friend: string;
  readonly stranger: string;
  /** Of the node, and no endpoint. */
  readonly pod: string;
  address(kind: 'cluster' | 'external' | 'balancer' | 'endpoint', number: number): string;
}

const IPV4_NETWORKS = {
  cluster: '10.96.0',
  external: '198.51.100',
  balancer: '203.0.113',
  endpoint: '10.244.1',
};
const IPV6_NETWORKS = {
  cluster: 'fd00:96:',
  external: '2001:db8:e1:',
  balancer: '2001:db8:1b:',
  endpoint: 'fd00:244:',
};

const ipv4: Network = {
  family: 'IPv4',
  nodeIPs: ['192.168.7.11', '10.50.0.11'],
  clusterCIDR: '10.244.0.0/16',
  friends: '198.18.0.0/15',
  everybody: '0.0.0.0/0',
  friend: '198.19.0.5',
  stranger: '192.0.2.5',
  pod: '10.244.1.200',
  address: (kind, number) => `${IPV4_NETWORKS[kind]}.${number}`,
};

const ipv6: Network = {
  family: 'IPv6',
  nodeIPs: ['2001:db8:7::11', 'fd00:50::11'],
  clusterCIDR: 'fd00:244::/32',
  friends: '2001:db8:f::/48',
  everybody: '::/0',
  friend: '2001:db8:f::5',
  stranger: '2001:db8:5::5',
  pod: 'fd00:244::c8',
  address: (kind, number) => `${IPV6_NETWORKS[kind]}:${number.toString(16)}`,
};

/** One node and what is in its cluster. */
export interface NodeCase {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly config: ProxyConfig;
}

const policy = fc.constantFrom('Cluster', 'Local');
const NODES = ['here', 'there', 'elsewhere'];

const conditions = fc.constantFrom(
  { ready: true, serving: true, terminating: false },
  { ready: true, serving: true, terminating: false },
  { ready: false, serving: false, terminating: false },
  { ready: false, serving: true, terminating: true },
  { ready: false, serving: false, terminating: true },
);

/** How many of each. */
interface Size {
  readonly services: { readonly minLength: number; readonly maxLength: number };
  readonly endpoints: { readonly minLength: number; readonly maxLength: number };
}

interface EndpointParts {
  readonly number: number;
  readonly nodeName: string | undefined;
  readonly conditions: Pick<SliceEndpoint, 'ready' | 'serving' | 'terminating'>;
}

function endpointsOf({ minLength, maxLength }: Size['endpoints']): fc.Arbitrary<readonly EndpointParts[]> {
  const parts = fc.record({
    number: fc.integer({ min: 1, max: maxLength + 3 }),
    nodeName: fc.constantFrom(...NODES, undefined),
    conditions,
  });
  return fc.uniqueArray(parts, { minLength, maxLength, selector: ({ number }) => number });
}

function servicePartsOf(endpoints: Size['endpoints']) {
  return fc.record({
    type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
    protocols: fc.array(fc.constantFrom('TCP', 'UDP', 'SCTP'), { minLength: 1, maxLength: 3 }),
    internal: policy,
    external: policy,
    sessionAffinitySeconds: fc.constantFrom(undefined, 60),
    hasExternalIP: fc.boolean(),
    hasNodesOwnIP: fc.boolean(),
    ranges: fc.subarray(['friends', 'node', 'everybody', 'other family']),
    endpoints: endpointsOf(endpoints),
  });
}

type ServiceParts = Parts<ReturnType<typeof servicePartsOf>>;

const settings = fc.record({
  masqueradeAll: fc.boolean(),
  knowsPods: fc.boolean(),
  nodePortAddresses: fc.constantFrom('all', 'primary'),
  hasOneIP: fc.boolean(),
});

/** Random Services with random endpoints, as one of three nodes sees them; no two Services share an address and port. */
export const arbitraryNode: fc.Arbitrary<NodeCase> = arbitraryNodeOf({
  services: { minLength: 1, maxLength: 4 },
  endpoints: { minLength: 0, maxLength: 6 },
});

/** So many of each that layouts which care begin to. */
export const arbitraryCrowdedNode: fc.Arbitrary<NodeCase> = fc.oneof(
  arbitraryNodeOf({
    services: { minLength: 20, maxLength: 60 },
    endpoints: { minLength: 0, maxLength: 2 },
  }),
  arbitraryNodeOf({
    services: { minLength: 1, maxLength: 2 },
    endpoints: { minLength: 180, maxLength: 190 },
  }),
);

function arbitraryNodeOf({ services, endpoints }: Size): fc.Arbitrary<NodeCase> {
  return fc
    .record({
      network: fc.constantFrom(ipv4, ipv6),
      services: fc.array(servicePartsOf(endpoints), services),
      settings,
    })
    .map(nodeCase);
}

interface CaseParts {
  readonly network: Network;
  readonly services: readonly ServiceParts[];
  readonly settings: Parts<typeof settings>;
}

/** Of a Service's ports: a protocol may come several times. */
function portName(protocols: ServiceParts['protocols'], number: number): string {
  const protocol = protocols[number] ?? 'TCP';
  return `${protocol.toLowerCase()}${protocols.indexOf(protocol) === number ? '' : number}`;
}

function nodeCase({ network, services, settings }: CaseParts): NodeCase {
  const { masqueradeAll, knowsPods, nodePortAddresses, hasOneIP } = settings;
  return {
    network,
    cluster: cluster({
      services: services.map((parts, index) => serviceOf(network, parts, index)),
      endpointSlices: services.map(({ protocols, endpoints }, index) =>
        slice({
          of: nameOf(index),
          addressType: network.family,
          ports: protocols.map((protocol, number) =>
            endpointPort({ name: portName(protocols, number), protocol, port: 8080 }),
          ),
          endpoints: endpoints.map((parts) => endpointOf(network, parts)),
        }),
      ),
    }),
    config: proxyConfig({
      nodeName: 'here',
      nodeIPs: hasOneIP ? network.nodeIPs.slice(0, 1) : network.nodeIPs,
      detectLocal: knowsPods ? { kind: 'cluster-cidr', cidrs: [network.clusterCIDR] } : { kind: 'none' },
      masqueradeAll,
      nodePortAddresses: { kind: nodePortAddresses },
    }),
  };
}

type Parts<A> = A extends fc.Arbitrary<infer T> ? T : never;

function serviceOf(network: Network, parts: ServiceParts, index: number): Service {
  const { type, protocols, hasExternalIP, hasNodesOwnIP, ranges } = parts;
  const hasNodePort = type !== 'ClusterIP';
  const isBalancer = type === 'LoadBalancer';
  return service({
    name: nameOf(index),
    type,
    clusterIPs: [network.address('cluster', index + 1)],
    ports: protocols.map((protocol, number) =>
      servicePort({
        name: portName(protocols, number),
        protocol,
        port: 1000 + 10 * index + number,
        nodePort: hasNodePort ? 30_000 + 10 * index + number : 0,
      }),
    ),
    internalTrafficPolicy: parts.internal,
    externalTrafficPolicy: parts.external,
    sessionAffinitySeconds: parts.sessionAffinitySeconds,
    externalIPs: [
      ...(hasExternalIP ? [network.address('external', index + 1)] : []),
      ...(hasNodesOwnIP ? network.nodeIPs.slice(0, 1) : []),
    ],
    loadBalancerIngress: isBalancer ? [{ ip: network.address('balancer', index + 1), ipMode: 'VIP' }] : [],
    loadBalancerSourceRanges: isBalancer ? ranges.map((range) => rangeOf(network, range)) : [],
  });
}

function rangeOf(network: Network, range: string): string {
  const isIPv4 = network.family === 'IPv4';
  if (range === 'friends') return network.friends;
  if (range === 'everybody') return network.everybody;
  if (range === 'node') return `${network.nodeIPs[0]}/${isIPv4 ? 32 : 128}`;
  return (isIPv4 ? ipv6 : ipv4).friends;
}

function endpointOf(network: Network, parts: EndpointParts): SliceEndpoint {
  return endpoint(network.address('endpoint', parts.number), {
    nodeName: parts.nodeName,
    ...parts.conditions,
  });
}

function nameOf(index: number): string {
  return `service-${index}`;
}

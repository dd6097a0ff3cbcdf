// Data for benchmarks: what `kubectl get svc,endpointslices -A -o json` prints of a large cluster.

/** A number as eight hexadecimal digits that look random but are the same in every run. */
function scramble(number) {
  return (Math.imul(number + 1, 2654435761) >>> 0).toString(16).padStart(8, '0');
}

function uid(number) {
  return `${scramble(number)}-4c5b-4d5e-8f60-${scramble(number * 7)}${(number % 65536).toString(16).padStart(4, '0')}`;
}

function address(base, number) {
  return `10.${base + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}

function service(index, protocol) {
  const name = `service-${index}`;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      creationTimestamp: '2026-01-05T10:00:00Z',
      labels: { app: name, 'app.kubernetes.io/managed-by': 'Helm' },
      name,
      namespace: `team-${index % 50}`,
      resourceVersion: String(100000 + index),
      uid: uid(index),
    },
    spec: {
      clusterIP: address(96, index + 16),
      clusterIPs: [address(96, index + 16)],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{ name: 'http', port: 80, protocol, targetPort: 8080 }],
      selector: { app: name },
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
    status: { loadBalancer: {} },
  };
}

function endpoint(serviceIndex, number) {
  return {
    addresses: [address(128, number)],
    conditions: { ready: true, serving: true, terminating: false },
    nodeName: `node-${number % 500}`,
    targetRef: {
      kind: 'Pod',
      name: `service-${serviceIndex}-7d4b9c6f5d-${scramble(number).slice(0, 5)}`,
      namespace: `team-${serviceIndex % 50}`,
      uid: uid(number + 5_000_000),
    },
    zone: `eu-west-1${'abc'.charAt(number % 3)}`,
  };
}

function endpointSlice(index, endpoints, protocol) {
  const name = `service-${index}`;
  return {
    addressType: 'IPv4',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints: Array.from({ length: endpoints }, (_, each) => endpoint(index, index * endpoints + each)),
    kind: 'EndpointSlice',
    metadata: {
      creationTimestamp: '2026-01-05T10:00:00Z',
      generateName: `${name}-`,
      generation: 3,
      labels: {
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      name: `${name}-abcde`,
      namespace: `team-${index % 50}`,
      ownerReferences: [{ apiVersion: 'v1', controller: true, kind: 'Service', name, uid: uid(index) }],
      resourceVersion: String(200000 + index),
      uid: uid(index + 9_000_000),
    },
    ports: [{ name: 'http', port: 8080, protocol }],
  };
}

/** The first Nodes of those that endpoints are on. */
export function nodesOf(count) {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node-${index}`,
      labels: { 'topology.kubernetes.io/zone': `eu-west-1${'abc'.charAt(index % 3)}` },
    },
    status: { addresses: [{ type: 'InternalIP', address: address(200, index + 1) }] },
  }));
}

/** A v1 List of Services and their EndpointSlices. */
export function largeCluster({ services, endpoints, protocol = 'TCP' }) {
  const items = Array.from({ length: services }, (_, index) => [
    service(index, protocol),
    endpointSlice(index, endpoints, protocol),
  ]);
  return { apiVersion: 'v1', items: items.flat(), kind: 'List', metadata: { resourceVersion: '' } };
}

/** The service that comes last in the rules: in the order of namespaces and names. */
export function lastAddress(services) {
  const { items } = largeCluster({ services, endpoints: 0 });
  const key = ({ metadata }) => `${metadata.namespace}/${metadata.name}`;
  const sorted = items.filter(({ kind }) => kind === 'Service').sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return sorted.at(-1).spec.clusterIP;
}

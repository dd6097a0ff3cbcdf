import type { IPFamily } from '../../../src/model/cluster.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { addressesOf, bothFamilies, type PodName } from './addresses.ts';
import { HEALTH_CHECK_PORT } from './lab.ts';
import { endpoints, NODE_NAME, service, slice, WEB_PORT, WEB_SLICE_PORT } from './manifests.ts';

/** Dual-stack Services for the script, which programs both families. */

const FAMILIES: readonly IPFamily[] = ['IPv4', 'IPv6'];

interface Parts {
  readonly name: string;
  /** Which of the lab's service addresses it has. */
  readonly number: number;
  readonly pods: readonly PodName[];
  readonly spec: JsonObject;
}

/** A Service with addresses and endpoints of both families. */
export function dualStack({ name, number, pods, spec }: Parts): readonly JsonObject[] {
  const clusterIPs = FAMILIES.map((family) => addressesOf(family).clusterIP(number));
  const ingress = bothFamilies.map((net) => ({ ip: net.loadBalancerIP(number) }));
  const families = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: FAMILIES };
  const addresses = { clusterIP: clusterIPs[0] ?? '', clusterIPs };
  const status = spec.type === 'LoadBalancer' ? { status: { loadBalancer: { ingress } } } : {};
  return [
    service(name, { ...families, ...addresses, ...spec }, status),
    ...bothFamilies.map((net) => ({
      ...slice(net, name, { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, ...pods) }),
      metadata: {
        name: `${name}-${net.family.toLowerCase()}`,
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': name },
      },
    })),
  ];
}

/** A NodePort Service on 30080, with endpoints a and d. */
export const webService = dualStack({
  name: 'web',
  number: 1,
  pods: ['a', 'd'],
  spec: { type: 'NodePort', ports: [{ ...WEB_PORT, nodePort: 30080 }] },
});

/** A LoadBalancer Service with every kind of chain: local policy, source ranges, health checks, affinity. */
export const shopService = dualStack({
  name: 'shop',
  number: 2,
  pods: ['a', 'b', 'd'],
  spec: {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: HEALTH_CHECK_PORT,
    sessionAffinity: 'ClientIP',
    loadBalancerSourceRanges: bothFamilies.map((net) => net.friendRange),
    ports: [{ ...WEB_PORT, nodePort: 30081 }],
  },
});

const CROWD_PORTS = Array.from({ length: 20 }, (_, index) => ({
  name: `port-${index}`,
  port: 8000 + index,
  nodePort: 30_100 + index,
}));

/** So many ports and endpoints that layout compact has every kind of chain. None of them answers. */
export const crowdService: readonly JsonObject[] = [
  service('crowd', {
    type: 'NodePort',
    ipFamilyPolicy: 'RequireDualStack',
    ipFamilies: FAMILIES,
    clusterIP: addressesOf('IPv4').clusterIP(3),
    clusterIPs: FAMILIES.map((family) => addressesOf(family).clusterIP(3)),
    ports: CROWD_PORTS,
  }),
  ...bothFamilies.map((net) => ({
    ...slice(net, 'crowd', {
      ports: CROWD_PORTS.map(({ name }) => ({ name, port: 8080 })),
      endpoints: Array.from({ length: 70 }, (_, index) => ({
        addresses: [net.family === 'IPv4' ? `10.200.0.${index + 1}` : `fd00:200::${index + 1}`],
      })),
    }),
    metadata: {
      name: `crowd-${net.family.toLowerCase()}`,
      namespace: 'default',
      labels: { 'kubernetes.io/service-name': 'crowd' },
    },
  })),
];

/** Flags of `svcgen render` for the lab's node. */
export const scriptFlags: readonly string[] = [
  '--script',
  ...['--node', NODE_NAME],
  ...bothFamilies.flatMap((net) => ['--node-ip', net.node]),
  ...['--cluster-cidr', bothFamilies.map((net) => net.clusterCIDR).join(',')],
];

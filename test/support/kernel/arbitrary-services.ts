import fc from 'fast-check';
import type { JsonObject } from '../../../src/model/json.ts';
import { type Addresses, LOCAL_PODS, REMOTE_PODS } from './addresses.ts';
import { endpoint, service, slice } from './manifests.ts';

const policy = fc.constantFrom('Cluster', 'Local');

const conditions = fc.constantFrom(
  { ready: true, serving: true, terminating: false },
  { ready: true, serving: true, terminating: false },
  { ready: false, serving: false, terminating: false },
  { ready: false, serving: true, terminating: true },
);

const parts = fc.record({
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
  protocol: fc.constantFrom('TCP', 'UDP'),
  internal: policy,
  external: policy,
  isSticky: fc.constantFrom(false, false, false, true),
  hasExternalIP: fc.boolean(),
  ranges: fc.constantFrom([], ['friends'], ['nobody'], ['nobody', 'friends']),
  endpoints: fc.array(conditions, { minLength: 0, maxLength: 4 }).chain((states) =>
    fc
      .shuffledSubarray([...LOCAL_PODS, ...REMOTE_PODS], {
        minLength: states.length,
        maxLength: states.length,
      })
      .map((pods) => pods.map((pod, index) => ({ pod, conditions: states[index] ?? {} }))),
  ),
});

export type ServiceParts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never;

const READY = { ready: true, serving: true, terminating: false };

const SERVED: ServiceParts = {
  type: 'LoadBalancer',
  protocol: 'TCP',
  internal: 'Cluster',
  external: 'Cluster',
  isSticky: false,
  hasExternalIP: true,
  ranges: ['nobody'],
  endpoints: [{ pod: 'a', conditions: READY }],
};

/** One that nobody serves, and one that not everybody may use: what is refused must not be left to chance. */
const CERTAIN: readonly ServiceParts[] = [SERVED, { ...SERVED, ranges: [], endpoints: [] }];

/** Services whose connections are shared among pods of both nodes. */
export const SHARED: readonly ServiceParts[] = (['abd', 'bce', 'acdf'] as const).flatMap((pods) =>
  (['TCP', 'UDP'] as const).map((protocol) => ({
    ...SERVED,
    protocol,
    ranges: [],
    endpoints: [...LOCAL_PODS, ...REMOTE_PODS]
      .filter((pod) => pods.includes(pod))
      .map((pod) => ({ pod, conditions: READY })),
  })),
);

/** What makes so many Services of the lab's pods, with all kinds of addresses, policies and endpoints. */
export function arbitraryServices(count: number): fc.Arbitrary<readonly ServiceParts[]> {
  const length = count - CERTAIN.length;
  return fc.array(parts, { minLength: length, maxLength: length }).map((others) => [...CERTAIN, ...others]);
}

/** The manifests of such Services; their addresses and ports are told apart by their places in the list. */
export function servicesOf(net: Addresses, all: readonly ServiceParts[]): readonly JsonObject[] {
  return all.flatMap((each, index) => [
    serviceOf(net, each, index + 1),
    slice(net, `service-${index + 1}`, {
      ports: [{ name: '', port: 8080, protocol: each.protocol }],
      endpoints: each.endpoints.map(({ pod, conditions: state }) =>
        endpoint(net, pod, { conditions: state }),
      ),
    }),
  ]);
}

function serviceOf(net: Addresses, { type, ...rest }: ServiceParts, number: number): JsonObject {
  const isExternal = type !== 'ClusterIP' || rest.hasExternalIP;
  const isBalancer = type === 'LoadBalancer';
  const ranges = {
    friends: net.friendRange,
    nobody: net.family === 'IPv4' ? '100.64.0.0/10' : '2001:db8:dead::/48',
  };
  return service(
    `service-${number}`,
    {
      type,
      clusterIP: net.clusterIP(number),
      internalTrafficPolicy: rest.internal,
      ...(isExternal ? { externalTrafficPolicy: rest.external } : {}),
      ...(rest.isSticky ? { sessionAffinity: 'ClientIP' } : {}),
      ...(rest.hasExternalIP ? { externalIPs: [net.externalIP(number)] } : {}),
      ...(isBalancer
        ? {
            loadBalancerSourceRanges: rest.ranges.map((range) =>
              range === 'friends' ? ranges.friends : ranges.nobody,
            ),
          }
        : {}),
      ports: [
        {
          port: 80,
          targetPort: 8080,
          protocol: rest.protocol,
          ...(type === 'ClusterIP' ? {} : { nodePort: 30_000 + number }),
        },
      ],
    },
    isBalancer ? { status: { loadBalancer: { ingress: [{ ip: net.loadBalancerIP(number) }] } } } : {},
  );
}

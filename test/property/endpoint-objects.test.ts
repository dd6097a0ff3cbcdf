import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cluster, Pod, Service } from '../../src/model/cluster.ts';
import { endpointObjects } from '../../src/resolve/controllers/endpoint-objects.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { cluster, containerPort, node, pod, proxyConfig, service, servicePort } from '../support/cluster.ts';

const zones = ['eu-a', 'eu-b'];
const nodes = ['n0', 'n1', 'n2'].map((name, index) =>
  node({ name, zone: zones[index % 2], addresses: [`192.0.2.${index}`] }),
);

const services = fc.array(
  fc.record({
    app: fc.constantFrom('a', 'b', 'none'),
    isDual: fc.boolean(),
    isNamed: fc.boolean(),
    publishNotReadyAddresses: fc.boolean(),
    policy: fc.constantFrom('Cluster' as const, 'Local' as const),
    trafficDistribution: fc.constantFrom(undefined, 'PreferClose', 'PreferSameNode'),
  }),
  { maxLength: 4 },
);

const pods = fc.array(
  fc.record({
    app: fc.constantFrom('a', 'b'),
    /** Few, so that pods share addresses. */
    host: fc.integer({ min: 1, max: 12 }),
    families: fc.constantFrom('4', '6', '46', '64', ''),
    port: fc.constantFrom(undefined, 8080, 9090),
    isReady: fc.boolean(),
    isTerminating: fc.boolean(),
    phase: fc.constantFrom('Running', 'Running', 'Pending', 'Failed'),
    nodeName: fc.constantFrom('n0', 'n1', 'n2', 'gone', undefined),
  }),
  { maxLength: 25 },
);

const clusters: fc.Arbitrary<Cluster> = fc
  .record({ services, pods })
  .map((parts) => cluster({ nodes, services: parts.services.map(toService), pods: parts.pods.map(toPod) }));

type Values<A> = A extends fc.Arbitrary<readonly (infer Value)[]> ? Value : never;

function toService(values: Values<typeof services>, index: number): Service {
  const { app, isDual, isNamed, policy, ...rest } = values;
  const clusterIPs = [`10.96.0.${index + 1}`, ...(isDual ? [`fd00::${index + 1}`] : [])];
  return service({
    ...rest,
    name: `s${index}`,
    clusterIPs,
    selector: { app },
    internalTrafficPolicy: policy,
    ports: [
      servicePort({ name: 'web', targetPort: isNamed ? 'web' : 8080 }),
      servicePort({ name: 'dns', protocol: 'UDP', port: 53 }),
    ],
  });
}

function toPod({ app, host, families, port, ...rest }: Values<typeof pods>, index: number): Pod {
  return pod({
    ...rest,
    name: `p${index}`,
    labels: { app },
    podIPs: [...families].map((family) => (family === '4' ? `10.1.0.${host}` : `fd01::${host}`)),
    containerPorts: port === undefined ? [] : [containerPort('web', port)],
  });
}

test.each(['IPv4', 'IPv6'] as const)('endpoints make the rules that their pods make: %s', (family) => {
  const target = { config: proxyConfig({ nodeName: 'n0' }), family };
  fc.assert(
    fc.property(clusters, fc.integer({ min: 1, max: 4 }), (input, maxEndpointsPerSlice) => {
      const objects = [...endpointObjects(input, { maxEndpointsPerSlice }).objects];
      const output = cluster({
        ...input,
        pods: [],
        endpoints: objects.flatMap((each) => (each.kind === 'Endpoints' ? [each.object] : [])),
        endpointSlices: objects.flatMap((each) => (each.kind === 'EndpointSlice' ? [each.object] : [])),
      });
      expect(resolve(output, target).state).toEqual(resolve(input, target).state);
    }),
    { numRuns: 300 },
  );
});

test('no pod is lost or doubled, and no slice is too large', () => {
  fc.assert(
    fc.property(clusters, fc.integer({ min: 1, max: 4 }), (input, maxEndpointsPerSlice) => {
      const objects = [...endpointObjects(input, { maxEndpointsPerSlice }).objects];
      const slices = objects.flatMap((each) => (each.kind === 'EndpointSlice' ? [each.object] : []));
      expect(new Set(slices.map(({ name }) => name)).size).toBe(slices.length);
      for (const each of input.services) {
        for (const addressType of each.ipFamilies) {
          const own = slices.filter(
            (slice) => slice.serviceName === each.name && slice.addressType === addressType,
          );
          const names = own.flatMap(({ endpoints }) => endpoints.map(({ targetRef }) => targetRef?.name));
          const wanted = input.pods.filter(
            ({ labels, phase, podIPs }) =>
              labels.app === each.selector.app &&
              phase !== 'Failed' &&
              podIPs.some((ip) => ip.includes(':') === (addressType === 'IPv6')),
          );
          expect(own.length).toBeGreaterThan(0);
          expect(names.sort()).toEqual(wanted.map(({ name }) => name).sort());
          for (const { endpoints } of own) expect(endpoints.length).toBeLessThanOrEqual(maxEndpointsPerSlice);
        }
      }
    }),
    { numRuns: 200 },
  );
});

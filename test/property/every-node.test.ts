import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeResolver, resolveFamilies } from '../../src/compile.ts';
import { nonEmpty } from '../../src/library/compile.ts';
import { compileEveryNodeOf } from '../../src/library/compile-every-node.ts';
import type { Cluster, IPFamily, Protocol, Service, SliceEndpoint } from '../../src/model/cluster.ts';
import type { DetectLocal, NodePortAddresses, ProxyConfig } from '../../src/model/proxy-config.ts';
import { artifactsOf, MODES, renderArtifact } from '../../src/modes/index.ts';
import {
  cluster,
  endpoint,
  endpointPort,
  node,
  proxyConfig,
  service,
  servicePort,
  slice,
} from '../support/cluster.ts';
import { shareOf } from '../support/share.ts';

const FAMILIES: readonly IPFamily[] = ['IPv4', 'IPv6'];
const NODES = ['node-a', 'node-b', 'node-c', 'node-d'];
const ZONES = ['zone-a', 'zone-b', 'zone-c'];
const policy = fc.constantFrom('Cluster', 'Local');

const SETTINGS = Object.values(MODES).flatMap(({ name: mode, layouts }) =>
  layouts.map((layout) => ({ mode, layout })),
);

const hints = (names: readonly string[]) => fc.subarray([...names], { maxLength: 2 });

const someEndpoints: fc.Arbitrary<readonly Partial<SliceEndpoint>[]> = fc.array(
  fc.record({
    ready: fc.boolean(),
    serving: fc.boolean(),
    terminating: fc.boolean(),
    nodeName: fc.option(fc.constantFrom(...NODES, 'gone'), { nil: undefined }),
    zoneHints: fc.oneof(fc.constant([]), hints([...ZONES, 'elsewhere'])),
    nodeHints: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, hints(NODES)),
  }),
  { maxLength: 5 },
);

/** Addresses are few, so that one endpoint comes in two slices now and then. */
const someSlices = fc.array(fc.record({ endpoints: someEndpoints, first: fc.integer({ min: 1, max: 4 }) }), {
  maxLength: 2,
});

const someServices = fc.array(
  fc.record({
    type: fc.constantFrom<Service['type'][]>('ClusterIP', 'NodePort', 'LoadBalancer'),
    internalTrafficPolicy: policy,
    externalTrafficPolicy: policy,
    sessionAffinitySeconds: fc.constantFrom(undefined, 600),
    ranges: fc.subarray(['192.168.0.1/32', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::1/128']),
    protocol: fc.constantFrom<Protocol[]>('TCP', 'UDP'),
    /** Several Services may have one: the first has its traffic. */
    externalIPs: fc.subarray(['198.51.100.1', '198.51.100.2']),
    slices: someSlices,
  }),
  { minLength: 1, maxLength: 4 },
);

const someNodes = fc.array(
  fc.record({ zone: fc.constantFrom(undefined, ...ZONES), knowsIPv6: fc.boolean() }),
  {
    minLength: 1,
    maxLength: NODES.length,
  },
);

const aCluster: fc.Arbitrary<Cluster> = fc.record({ services: someServices, nodes: someNodes }).map((parts) =>
  cluster({
    services: parts.services.map((each, index) => serviceOf(index, each)),
    endpointSlices: parts.services.flatMap(({ slices }, index) =>
      slices.flatMap(({ endpoints, first }, number) =>
        ['10.244.0.', 'fd00:244::'].map((network, family) =>
          slice({
            of: `service-${index}`,
            name: `service-${index}-${number}-${family}`,
            addressType: FAMILIES[family] ?? 'IPv4',
            ports: [endpointPort(), endpointPort({ protocol: 'UDP' })],
            endpoints: endpoints.map((each, place) => endpoint(`${network}${first + place}`, each)),
          }),
        ),
      ),
    ),
    nodes: parts.nodes.map(({ zone, knowsIPv6 }, index) =>
      node({
        name: NODES[index] ?? 'other',
        zone,
        addresses: [`192.168.0.${index + 1}`, ...(knowsIPv6 ? [`2001:db8::${index + 1}`] : [])],
        podCIDRs: [`10.244.${index}.0/24`, `fd00:244:0:${index}::/64`],
      }),
    ),
  }),
);

type ServiceParts = typeof someServices extends fc.Arbitrary<readonly (infer Part)[]> ? Part : never;

function serviceOf(
  index: number,
  { ranges, externalIPs, protocol, slices: _, ...parts }: ServiceParts,
): Service {
  const isBalanced = parts.type === 'LoadBalancer';
  return service({
    ...parts,
    name: `service-${index}`,
    clusterIPs: [`10.96.0.${index + 1}`, `fd00:96::${index + 1}`],
    ports: [servicePort({ protocol, nodePort: parts.type === 'ClusterIP' ? 0 : 30_000 + index })],
    externalIPs,
    loadBalancerSourceRanges: isBalanced ? ranges : [],
    loadBalancerIngress: isBalanced ? [{ ip: `203.0.113.${index + 1}`, ipMode: 'VIP' }] : [],
    healthCheckNodePort: isBalanced ? 32_000 + index : 0,
  });
}

const aConfig = fc.record({
  masqueradeAll: fc.boolean(),
  detectLocal: fc.constantFrom<DetectLocal[]>(
    { kind: 'none' },
    { kind: 'node-cidr' },
    { kind: 'cluster-cidr', cidrs: ['10.244.0.0/16', 'fd00:244::/56'] },
  ),
  nodePortAddresses: fc.constantFrom<NodePortAddresses[]>(
    { kind: 'all' },
    { kind: 'primary' },
    { kind: 'cidrs', cidrs: ['192.168.0.0/16'] },
  ),
});

describe.each(SETTINGS)('--node * in mode $mode, layout $layout', ({ mode, layout }) => {
  test('every node has what it has when it is rendered alone', () => {
    fc.assert(
      fc.property(aCluster, aConfig, (someCluster, settings) => {
        const config: ProxyConfig = proxyConfig({ ...settings, mode });
        const { resolve } = nodeResolver(someCluster, config, FAMILIES);
        const input = { mode, layout, form: 'tables' } as const;
        const artifacts = artifactsOf(mode);
        const loaded = { cluster: someCluster, lock: undefined, diagnostics: [] };
        const { nodes = [] } = compileEveryNodeOf(
          { loaded, node: { config, diagnostics: [] } },
          { layout, families: FAMILIES },
        );
        const texts = nodes.flatMap(({ name, artifacts }) =>
          [...artifacts.values()].map(({ fileName, text }) => [`${name}/${fileName}`, text()]),
        );
        const alone = someCluster.nodes.flatMap(({ name }) => {
          const resolved = resolveFamilies(someCluster, { ...config, nodeName: name }, FAMILIES);
          expect(resolve(name)).toEqual(resolved);
          return nonEmpty(artifacts, resolved.states).map((artifact) => [
            `${name}/${artifact.fileName}`,
            [...renderArtifact(artifact.name, { ...input, states: resolved.states })].join(''),
          ]);
        });
        expect(texts).toEqual(alone);
      }),
      { numRuns: shareOf(40) },
    );
  });
});

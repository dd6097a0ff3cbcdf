import { describe, expect, test } from 'vitest';
import type { Cluster, EndpointSubset } from '../../../src/model/cluster.ts';
import { endpointObjects } from '../../../src/resolve/controllers/endpoint-objects.ts';
import { cluster, endpointPort, endpoints, pod, service, slice } from '../../support/cluster.ts';

const web = service({ name: 'web', selector: { app: 'web' } });
const manual = service({ name: 'manual', clusterIPs: ['10.96.0.2'] });
const pods = [pod({ name: 'a', labels: { app: 'web' }, podIPs: ['10.1.0.1'] })];
const subset: EndpointSubset = {
  addresses: [{ ip: '10.9.0.1', hostname: undefined, nodeName: undefined, targetRef: undefined }],
  notReadyAddresses: [],
  ports: [endpointPort()],
};

function made(input: Cluster, maxEndpointsPerSlice = 100): readonly string[] {
  const { objects } = endpointObjects(input, { maxEndpointsPerSlice });
  return [...objects].map(({ kind, object }) => `${kind} ${object.name}`);
}

test('Endpoints, then slices, by Service', () => {
  const api = service({ name: 'api', clusterIPs: ['10.96.0.3'], selector: { app: 'web' } });
  expect(made(cluster({ services: [web, api, manual], pods }))).toEqual([
    'Endpoints api',
    'EndpointSlice api-ipv4-1',
    'Endpoints web',
    'EndpointSlice web-ipv4-1',
  ]);
});

test('only pods of the namespace that carry every label', () => {
  const both = service({ name: 'web', selector: { app: 'web', tier: 'front' } });
  const labels = { app: 'web', tier: 'front' };
  const candidates = [
    pod({ name: 'a', podIPs: ['10.1.0.1'], labels }),
    pod({ name: 'b', podIPs: ['10.1.0.2'], labels: { app: 'web' } }),
    pod({ name: 'c', podIPs: ['10.1.0.3'], labels, namespace: 'other' }),
    pod({ name: 'd', podIPs: ['10.1.0.4'], labels: { ...labels, extra: 'x' } }),
  ];
  const { objects } = endpointObjects(cluster({ services: [both], pods: candidates }), {
    maxEndpointsPerSlice: 100,
  });
  const addresses = [...objects].flatMap((each) =>
    each.kind === 'EndpointSlice' ? each.object.endpoints.flatMap((endpoint) => endpoint.addresses) : [],
  );
  expect(addresses).toEqual(['10.1.0.1', '10.1.0.4']);
});

test('slices have the size that is asked for', () => {
  const three = ['a', 'b', 'c'].map((name, index) =>
    pod({ name, labels: { app: 'web' }, podIPs: [`10.1.0.${index}`] }),
  );
  expect(made(cluster({ services: [web], pods: three }), 2)).toEqual([
    'Endpoints web',
    'EndpointSlice web-ipv4-1',
    'EndpointSlice web-ipv4-2',
  ]);
});

describe('hand-written Endpoints', () => {
  test('of a Service without selector are mirrored', () => {
    const input = cluster({
      services: [manual],
      endpoints: [endpoints({ name: 'manual', subsets: [subset] })],
    });
    expect(made(input)).toEqual(['EndpointSlice manual-ipv4-1']);
  });

  test.each([
    ['without a Service', cluster({ endpoints: [endpoints({ name: 'manual', subsets: [subset] })] })],
    [
      'that say not to be mirrored',
      cluster({
        services: [manual],
        endpoints: [
          endpoints({
            name: 'manual',
            subsets: [subset],
            labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
          }),
        ],
      }),
    ],
    [
      'of a Service that has slices',
      cluster({
        services: [manual],
        endpoints: [endpoints({ name: 'manual', subsets: [subset] })],
        endpointSlices: [slice({ of: 'manual' })],
      }),
    ],
  ])('%s are not', (_, input) => {
    expect(made(input)).toEqual([]);
  });
});

describe('what is in the input stands', () => {
  test.each([
    ['slices', { endpointSlices: [slice({ of: 'web' })] }],
    ['Endpoints', { endpoints: [endpoints({ name: 'web' })] }],
  ])('%s of a Service with selector: nothing is made, and the user is told', (_, given) => {
    const input = cluster({ services: [web], pods, ...given });
    expect(made(input)).toEqual([]);
    expect(endpointObjects(input, { maxEndpointsPerSlice: 100 }).diagnostics).toMatchObject([
      {
        code: 'endpoints-not-given',
        severity: 'warning',
        message: '1 Service with EndpointSlices or Endpoints in the input: default/web',
      },
    ]);
  });

  test('slices of another Service, or another namespace, do not count', () => {
    const input = cluster({
      services: [web],
      pods,
      endpointSlices: [slice({ of: 'other' }), slice({ of: 'web', namespace: 'other' })],
    });
    expect(made(input)).toEqual(['Endpoints web', 'EndpointSlice web-ipv4-1']);
    expect(endpointObjects(input, { maxEndpointsPerSlice: 100 }).diagnostics).toEqual([]);
  });
});

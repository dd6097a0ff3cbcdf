import { describe, expect, test } from 'vitest';
import {
  endpointSliceManifest,
  endpointsManifest,
  printEndpoints,
} from '../../../src/render/endpoints/print.ts';
import { mirrorEndpoints } from '../../../src/resolve/controllers/endpoints-mirroring.ts';
import { endpoint, endpointPort, endpoints, slice } from '../../support/cluster.ts';
import { objectsOf } from '../../support/read-cluster.ts';

describe('nothing to print', () => {
  test('is no YAML document, and an empty JSON list', () => {
    expect([...printEndpoints([], 'yaml')].join('')).toBe('');
    expect(JSON.parse([...printEndpoints([], 'json')].join(''))).toEqual({
      apiVersion: 'v1',
      kind: 'List',
      items: [],
    });
  });
});

test('YAML may follow a document that does not end in a line break of its own', () => {
  const [first] = printEndpoints([{ kind: 'Endpoints', object: endpoints({ name: 'web' }) }], 'yaml');
  expect(first?.startsWith('---\n')).toBe(true);
  expect(first?.endsWith('\n')).toBe(true);
});

test('objects are printed while they are made', () => {
  let made = 0;
  const objects = function* () {
    for (;;) {
      made += 1;
      yield { kind: 'Endpoints', object: endpoints({ name: `web-${made}` }) } as const;
    }
  };
  const chunks = printEndpoints(objects(), 'json');
  chunks.next();
  chunks.next();
  expect(made).toBe(2);
});

test('a slice', () => {
  const ofPod = {
    ...endpoint('10.1.0.1', { nodeName: 'n1', zoneHints: ['eu-a'], nodeHints: ['n1'], hostname: 'a' }),
    zone: 'eu-a',
    targetRef: { kind: 'Pod', namespace: 'default', name: 'a', uid: undefined },
  };
  const ports = [endpointPort({ appProtocol: 'h2c' })];
  const printed = endpointSliceManifest({
    ...slice({ of: 'web', labels: { z: '1', a: '2' }, ports }),
    endpoints: [ofPod],
  });
  expect(printed).toEqual({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', namespace: 'default', labels: { a: '2', z: '1' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 80, protocol: 'TCP', appProtocol: 'h2c' }],
    endpoints: [
      {
        addresses: ['10.1.0.1'],
        conditions: { ready: true, serving: true, terminating: false },
        hostname: 'a',
        targetRef: { kind: 'Pod', namespace: 'default', name: 'a' },
        nodeName: 'n1',
        zone: 'eu-a',
        hints: { forZones: [{ name: 'eu-a' }], forNodes: [{ name: 'n1' }] },
      },
    ],
  });
});

test('a mirror says only what its source says', () => {
  const address = { ip: '10.1.0.1', hostname: undefined, nodeName: undefined, targetRef: undefined };
  const source = endpoints({
    name: 'web',
    subsets: [{ addresses: [], notReadyAddresses: [address], ports: [endpointPort()] }],
  });
  expect(mirrorEndpoints(source).map(endpointSliceManifest)).toMatchObject([
    { endpoints: [{ addresses: ['10.1.0.1'], conditions: { ready: false } }] },
  ]);
});

test('Endpoints without addresses have no subsets', () => {
  expect(endpointsManifest(endpoints({ name: 'web' }))).toEqual({
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'web', namespace: 'default' },
  });
});

test.each(['yaml', 'json'] as const)('%s keeps annotations that hold anything', (format) => {
  const annotations: Record<string, string> = {
    'example.com/text': 'a: b # c\n---\n- "d" \\ \u2028 \u0085 \ufeff \ud800 \t $(touch x)',
    'example.com/bool': 'yes',
    'example.com/null': '~',
    'example.com/number': '0x10',
    'example.com/empty': '',
    constructor: 'on',
  };
  const text = [
    ...printEndpoints([{ kind: 'Endpoints', object: endpoints({ name: 'web', annotations }) }], format),
  ].join('');
  const [printed] = objectsOf(text);
  expect(printed).toHaveProperty('metadata.annotations', annotations);
});

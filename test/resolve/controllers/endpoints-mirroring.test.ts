import { describe, expect, test } from 'vitest';
import type { EndpointAddress, EndpointSubset } from '../../../src/model/cluster.ts';
import { isMirrored, mirrorEndpoints } from '../../../src/resolve/controllers/endpoints-mirroring.ts';
import { endpointPort, endpoints } from '../../support/cluster.ts';

function address(ip: string, parts: Partial<EndpointAddress> = {}): EndpointAddress {
  return { ip, hostname: undefined, nodeName: undefined, targetRef: undefined, ...parts };
}

function subset(parts: Partial<EndpointSubset>): EndpointSubset {
  return { addresses: [], notReadyAddresses: [], ports: [endpointPort()], ...parts };
}

function mirror(...subsets: readonly EndpointSubset[]) {
  return mirrorEndpoints(endpoints({ name: 'web', subsets }));
}

function many(count: number, start = 0): readonly EndpointAddress[] {
  return Array.from({ length: count }, (_, index) =>
    address(`10.1.${(start + index) >> 8}.${(start + index) & 255}`),
  );
}

test('addresses become endpoints of one slice for each family', () => {
  const slices = mirror(
    subset({
      addresses: [address('10.1.0.2', { hostname: 'b', nodeName: 'n1' }), address('fd00::1')],
      notReadyAddresses: [address('10.1.0.1', { hostname: '' })],
    }),
  );
  expect(slices).toMatchObject([
    {
      name: 'web-ipv4-1',
      serviceName: 'web',
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['10.1.0.2'], ready: true, hostname: 'b', nodeName: 'n1' },
        { addresses: ['10.1.0.1'], ready: false, hostname: undefined },
      ],
    },
    { name: 'web-ipv6-1', addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'] }] },
  ]);
});

test('no subsets, no slices', () => {
  expect(mirror()).toEqual([]);
  expect(mirror(subset({}))).toEqual([]);
});

test('a port that two subsets have is one port with the addresses of both', () => {
  const [http, admin] = [endpointPort({ name: 'http' }), endpointPort({ name: 'admin', port: 81 })];
  const slices = mirror(
    subset({ ports: [http, admin], addresses: [address('10.1.0.1')] }),
    subset({ ports: [http], addresses: [address('10.1.0.2')] }),
  );
  expect(
    slices.map(({ ports, endpoints: members }) => [ports.map(({ name }) => name), members.length]),
  ).toEqual([
    [['http'], 2],
    [['admin'], 1],
  ]);
});

test('an address that is not ready in one of two equal subsets is not ready', () => {
  const same = address('10.1.0.1');
  const slices = mirror(subset({ notReadyAddresses: [same] }), subset({ addresses: [same] }));
  expect(slices.map(({ endpoints: members }) => members)).toMatchObject([[{ ready: false }]]);
});

test('subsets without ports keep their addresses', () => {
  expect(mirror(subset({ ports: [], addresses: [address('10.1.0.1')] }))).toMatchObject([
    { ports: [], endpoints: [{ addresses: ['10.1.0.1'] }] },
  ]);
});

test('of more than 1000 addresses of a subset the first ready ones stay', () => {
  const [slice] = mirror(subset({ addresses: many(990), notReadyAddresses: many(20, 2000) }));
  expect(slice?.endpoints.length).toBe(1000);
  expect(slice?.endpoints.filter(({ ready }) => ready).length).toBe(990);
});

test('labels and annotations are those of the object, without bookkeeping', () => {
  const [slice] = mirrorEndpoints(
    endpoints({
      name: 'web',
      labels: { team: 'a', 'endpointslice.kubernetes.io/managed-by': 'me' },
      annotations: {
        note: 'x',
        'endpoints.kubernetes.io/last-change-trigger-time': '2024',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
      subsets: [subset({ addresses: [address('10.1.0.1')] })],
    }),
  );
  expect(slice?.annotations).toEqual({ note: 'x' });
  expect(slice?.labels).toEqual({
    team: 'a',
    'kubernetes.io/service-name': 'web',
    'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
  });
});

describe('which objects are mirrored', () => {
  test.each([
    ['a plain one', {}, true],
    ['one that says not to', { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } }, false],
    ['one that says something else', { labels: { 'endpointslice.kubernetes.io/skip-mirror': 'yes' } }, true],
    ['a leader election record', { annotations: { 'control-plane.alpha.kubernetes.io/leader': '' } }, false],
  ])('%s', (_, parts, expected) => {
    expect(isMirrored(endpoints({ name: 'web', ...parts }))).toBe(expected);
  });
});

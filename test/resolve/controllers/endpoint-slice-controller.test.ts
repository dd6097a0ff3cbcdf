import { describe, expect, test } from 'vitest';
import type { ControllerEndpoint, Pod, Service } from '../../../src/model/cluster.ts';
import {
  endpointSlicesFromPods,
  zonesByNode,
} from '../../../src/resolve/controllers/endpoint-slice-controller.ts';
import { containerPort, node, pod, service, servicePort } from '../../support/cluster.ts';

const zones = zonesByNode([node({ name: 'n1', zone: 'eu-a' }), node({ name: 'n2' })]);

function slicesOf(parts: Partial<Service>, pods: readonly Pod[], maxEndpointsPerSlice = 100) {
  const web = service({ name: 'web', selector: { app: 'web' }, ...parts });
  return endpointSlicesFromPods(web, pods, { zones, maxEndpointsPerSlice });
}

function onlyEndpoint(parts: Partial<Service>, podParts: Partial<Pod>): ControllerEndpoint | undefined {
  return slicesOf(parts, [pod({ name: 'a', podIPs: ['10.1.0.1'], ...podParts })])[0]?.endpoints[0];
}

describe('which services have slices', () => {
  test.each([
    ['without selector', { selector: {} }],
    ['ExternalName', { type: 'ExternalName' as const, clusterIPs: [] }],
  ])('%s: none', (_, parts) => {
    expect(slicesOf(parts, [pod({ name: 'a', podIPs: ['10.1.0.1'] })])).toEqual([]);
  });

  test('one empty slice without ports for each family when no pod has an address', () => {
    const slices = slicesOf({ ipFamilies: ['IPv6', 'IPv4'] }, [pod({ name: 'a' })]);
    expect(
      slices.map(({ name, addressType, ports, endpoints }) => ({ name, addressType, ports, endpoints })),
    ).toEqual([
      { name: 'web-ipv4-1', addressType: 'IPv4', ports: [], endpoints: [] },
      { name: 'web-ipv6-1', addressType: 'IPv6', ports: [], endpoints: [] },
    ]);
  });

  test.each([
    [{ clusterIPs: ['None'], ipFamilies: [] }, ['IPv4']],
    [{ clusterIPs: [], ipFamilies: [] }, ['IPv4']],
    [{ clusterIPs: ['fd00::1'], ipFamilies: [] }, ['IPv6']],
    [{ clusterIPs: ['None'], ipFamilies: ['IPv6' as const] }, ['IPv6']],
    [{ clusterIPs: ['None'], ipFamilies: [], ipFamilyPolicy: 'RequireDualStack' as const }, ['IPv4', 'IPv6']],
    [{ clusterIPs: ['None'], ipFamilies: [], ipFamilyPolicy: 'PreferDualStack' as const }, ['IPv4']],
  ])('families of %j are %j', (parts, families) => {
    expect(slicesOf(parts, []).map(({ addressType }) => addressType)).toEqual(families);
  });
});

describe('conditions', () => {
  const cases: [string, Partial<Service>, Partial<Pod>, string][] = [
    ['ready', {}, {}, 'ready serving'],
    ['not ready', {}, { isReady: false }, ''],
    ['deleted while ready', {}, { isTerminating: true }, 'serving terminating'],
    ['deleted and not ready', {}, { isTerminating: true, isReady: false }, 'terminating'],
    ['published though not ready', { publishNotReadyAddresses: true }, { isReady: false }, 'ready'],
    [
      'published though deleted',
      { publishNotReadyAddresses: true },
      { isTerminating: true },
      'ready serving terminating',
    ],
  ];
  test.each(cases)('%s', (_, parts, podParts, expected) => {
    const { ready, serving, terminating } = onlyEndpoint(parts, podParts) ?? {};
    const words = [ready && 'ready', serving && 'serving', terminating && 'terminating'];
    expect(words.filter(Boolean).join(' ')).toBe(expected);
  });

  test.each(['Succeeded', 'Failed'])('a pod in phase %s is no endpoint', (phase) => {
    expect(onlyEndpoint({ publishNotReadyAddresses: true }, { phase })).toBeUndefined();
  });

  test.each(['Pending', 'Running', 'Unknown', ''])('a pod in phase "%s" is one', (phase) => {
    expect(onlyEndpoint({}, { phase })).toBeDefined();
  });
});

describe('what an endpoint says of its pod', () => {
  test('node, zone and reference', () => {
    expect(onlyEndpoint({}, { nodeName: 'n1', uid: 'u1' })).toMatchObject({
      nodeName: 'n1',
      zone: 'eu-a',
      targetRef: { kind: 'Pod', namespace: 'default', name: 'a', uid: 'u1' },
    });
  });

  test.each(['n2', 'unknown', '', undefined])('no zone on node %j', (nodeName) => {
    expect(onlyEndpoint({}, { nodeName })?.zone).toBeUndefined();
  });

  test.each([
    [{ hostname: 'db-0', subdomain: 'web' }, 'db-0'],
    [{ hostname: 'db-0', subdomain: 'other' }, undefined],
    [{ hostname: 'db-0' }, undefined],
    [{ subdomain: 'web' }, undefined],
    [{ hostname: '', subdomain: 'web' }, undefined],
  ])('host name of %j is %j', (parts, hostname) => {
    expect(onlyEndpoint({}, parts)?.hostname).toBe(hostname);
  });

  test('each family has its own address', () => {
    const dual = pod({ name: 'a', podIPs: ['fd00::1', '10.1.0.1'] });
    const single = pod({ name: 'b', podIPs: ['10.1.0.2'] });
    const slices = slicesOf({ ipFamilies: ['IPv4', 'IPv6'] }, [dual, single]);
    expect(slices.map(({ endpoints }) => endpoints.map(({ addresses }) => addresses))).toEqual([
      [['10.1.0.1'], ['10.1.0.2']],
      [['fd00::1']],
    ]);
  });
});

describe('hints', () => {
  const cases: [string, Partial<Service>, Partial<Pod>, string[], string[]][] = [
    ['no distribution', {}, {}, [], []],
    ['PreferClose', { trafficDistribution: 'PreferClose' }, {}, ['eu-a'], []],
    ['PreferSameZone', { trafficDistribution: 'PreferSameZone' }, {}, ['eu-a'], []],
    ['PreferSameNode', { trafficDistribution: 'PreferSameNode' }, {}, ['eu-a'], ['n1']],
    ['without zone', { trafficDistribution: 'PreferSameNode' }, { nodeName: 'n2' }, [], ['n2']],
    ['not ready', { trafficDistribution: 'PreferSameNode' }, { isReady: false }, [], []],
    ['another word', { trafficDistribution: 'constructor' }, {}, [], []],
    [
      'topology mode goes first',
      { trafficDistribution: 'PreferClose', annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } },
      {},
      [],
      [],
    ],
    [
      'the older annotation wins',
      {
        trafficDistribution: 'PreferClose',
        annotations: {
          'service.kubernetes.io/topology-mode': 'Auto',
          'service.kubernetes.io/topology-aware-hints': 'disabled',
        },
      },
      {},
      ['eu-a'],
      [],
    ],
  ];
  test.each(cases)('%s', (_, parts, podParts, zoneHints, nodeHints) => {
    expect(onlyEndpoint(parts, { nodeName: 'n1', ...podParts })).toMatchObject({ zoneHints, nodeHints });
  });
});

describe('ports', () => {
  const named = [
    servicePort({ name: 'http', targetPort: 'http', appProtocol: 'h2c' }),
    servicePort({ name: 'admin', port: 81, targetPort: 8081 }),
  ];

  test('named ones are found pod by pod; pods with the same numbers share slices', () => {
    const at = (name: string, ip: string, http: number) =>
      pod({ name, podIPs: [ip], containerPorts: [containerPort('http', http)] });
    const slices = slicesOf({ ports: named }, [
      at('a', '10.1.0.1', 8080),
      at('b', '10.1.0.2', 9090),
      at('c', '10.1.0.3', 8080),
    ]);
    expect(
      slices.map(({ name, ports, endpoints }) => [name, ports.map(({ port }) => port), endpoints.length]),
    ).toEqual([
      ['web-ipv4-1', [8080, 8081], 2],
      ['web-ipv4-2', [9090, 8081], 1],
    ]);
    expect(slices[0]?.ports[0]).toEqual({ name: 'http', protocol: 'TCP', port: 8080, appProtocol: 'h2c' });
  });

  test('a port that a pod lacks, or has under another protocol, is absent from its slice', () => {
    const udp = { name: 'http', containerPort: 8080, protocol: 'UDP' as const };
    const slices = slicesOf({ ports: named }, [
      pod({ name: 'a', podIPs: ['10.1.0.1'], containerPorts: [udp] }),
    ]);
    expect(slices.map(({ ports }) => ports.map(({ name }) => name))).toEqual([['admin']]);
  });

  test('a pod that lacks them all is in a slice without ports', () => {
    const slices = slicesOf({ ports: named.slice(0, 1) }, [pod({ name: 'a', podIPs: ['10.1.0.1'] })]);
    expect(slices).toMatchObject([{ ports: [], endpoints: [{ addresses: ['10.1.0.1'] }] }]);
  });

  test('a headless service may have none', () => {
    const slices = slicesOf({ clusterIPs: ['None'], ports: [] }, [pod({ name: 'a', podIPs: ['10.1.0.1'] })]);
    expect(slices).toMatchObject([{ ports: [], endpoints: [{ addresses: ['10.1.0.1'] }] }]);
  });
});

describe('size', () => {
  const pods = Array.from({ length: 1050 }, (_, index) =>
    pod({ name: `p${index}`, podIPs: [`10.1.${index >> 8}.${index & 255}`] }),
  );

  test('slices are filled one after the other', () => {
    expect(slicesOf({}, pods.slice(0, 250)).map(({ endpoints }) => endpoints.length)).toEqual([100, 100, 50]);
    expect(slicesOf({}, pods.slice(0, 200)).map(({ endpoints }) => endpoints.length)).toEqual([100, 100]);
    expect(slicesOf({}, pods.slice(0, 5), 2).map(({ endpoints }) => endpoints.length)).toEqual([2, 2, 1]);
  });

  test('no endpoint is lost or doubled, names are unique, and slices are in order of name', () => {
    const slices = slicesOf({}, pods);
    const addresses = slices.flatMap(({ endpoints }) => endpoints.map(({ addresses: [ip] }) => ip));
    expect(new Set(addresses).size).toBe(1050);
    const names = slices.map(({ name }) => name);
    expect(new Set(names).size).toBe(11);
    expect(names).toEqual([...names].sort());
  });
});

describe('labels', () => {
  test('those of the service, and whose slice it is', () => {
    const [slice] = slicesOf({ labels: { team: 'a', 'kubernetes.io/service-name': 'other' } }, []);
    expect(slice?.labels).toEqual({
      team: 'a',
      'kubernetes.io/service-name': 'web',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    });
    expect(slice?.serviceName).toBe('web');
  });

  test('headless services are marked, others are not even if they say so', () => {
    const marked = { 'service.kubernetes.io/headless': 'x' };
    const [headless] = slicesOf({ clusterIPs: ['None'] }, []);
    const [other] = slicesOf({ labels: marked }, []);
    expect(headless?.labels).toHaveProperty(['service.kubernetes.io/headless'], '');
    expect(other?.labels).not.toHaveProperty(['service.kubernetes.io/headless']);
  });
});

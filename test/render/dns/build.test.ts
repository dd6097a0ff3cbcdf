import { describe, expect, test } from 'vitest';
import type { Cluster, EndpointSlice } from '../../../src/model/cluster.ts';
import { buildDns } from '../../../src/render/dns/build.ts';
import { sliceLookup } from '../../../src/resolve/proxy/service-slices.ts';
import { cluster, endpoint, endpointPort, pod, service, servicePort, slice } from '../../support/cluster.ts';

function dns(input: Cluster) {
  return buildDns(input, { clusterDomain: 'c.l', slicesOf: sliceLookup(input) });
}

/** Forward records but the version, as `name TYPE data…`. */
function records(input: Cluster): readonly string[] {
  return dns(input)
    .forward.records.slice(1)
    .map(({ name, type, ...data }) => `${name} ${type} ${Object.values(data).join(' ')}`);
}

function headless(endpointSlices: readonly EndpointSlice[], publishNotReadyAddresses = false): Cluster {
  const db = service({ name: 'db', clusterIPs: ['None'], publishNotReadyAddresses });
  return cluster({ services: [db], endpointSlices });
}

test('an empty cluster says its version', () => {
  const { forward, reverse, diagnostics } = dns(cluster());
  expect(forward).toEqual({
    origin: 'c.l',
    records: [{ name: 'dns-version.c.l', type: 'TXT', text: '1.1.0' }],
  });
  expect(reverse).toEqual([]);
  expect(diagnostics).toEqual([]);
});

test('a Service with addresses: unnamed ports have no SRV record', () => {
  const web = service({
    name: 'web',
    clusterIPs: ['10.0.0.1', 'fd00::1'],
    ports: [servicePort(), servicePort({ name: 'dns', port: 53, protocol: 'UDP' })],
  });
  expect(records(cluster({ services: [web] }))).toEqual([
    'web.default.svc.c.l A 10.0.0.1',
    'web.default.svc.c.l AAAA fd00::1',
    '_dns._udp.web.default.svc.c.l SRV 0 100 53 web.default.svc.c.l',
  ]);
});

test('a Service whose address is not known yet has no records', () => {
  expect(records(cluster({ services: [service({ name: 'web', clusterIPs: [] })] }))).toEqual([]);
});

describe('headless Services', () => {
  test('a name for every endpoint; one host name may have several addresses', () => {
    const endpoints = [
      endpoint('10.1.0.9', { hostname: 'b' }),
      endpoint('10.1.0.1'),
      endpoint('10.1.0.2', { hostname: 'b' }),
    ];
    const ports = [endpointPort({ name: 'pg', port: 5432 }), endpointPort({ port: 1 })];
    expect(records(headless([slice({ of: 'db', endpoints, ports })]))).toEqual([
      'db.default.svc.c.l A 10.1.0.1',
      'db.default.svc.c.l A 10.1.0.2',
      'db.default.svc.c.l A 10.1.0.9',
      '_pg._tcp.db.default.svc.c.l SRV 0 100 5432 10-1-0-1.db.default.svc.c.l',
      '_pg._tcp.db.default.svc.c.l SRV 0 100 5432 b.db.default.svc.c.l',
      '10-1-0-1.db.default.svc.c.l A 10.1.0.1',
      'b.db.default.svc.c.l A 10.1.0.2',
      'b.db.default.svc.c.l A 10.1.0.9',
    ]);
  });

  test('an endpoint in two slices counts once', () => {
    const one = slice({ of: 'db', name: 'db-1', endpoints: [endpoint('10.1.0.1')] });
    expect(records(headless([one, { ...one, name: 'db-2' }]))).toHaveLength(2);
  });

  test('only ready ones, unless the others are published', () => {
    const endpoints = [endpoint('10.1.0.1', { ready: false })];
    expect(records(headless([slice({ of: 'db', endpoints })]))).toEqual([]);
    expect(records(headless([slice({ of: 'db', endpoints })], true))).toHaveLength(2);
  });

  test('slices of names and ports without a number say nothing', () => {
    const names = slice({ of: 'db', name: 'n', addressType: 'FQDN', endpoints: [endpoint('a.example.com')] });
    const ports = [endpointPort({ name: 'x', port: undefined })];
    const numberless = slice({ of: 'db', endpoints: [endpoint('10.1.0.1')], ports });
    expect(records(headless([names, numberless]))).toEqual([
      'db.default.svc.c.l A 10.1.0.1',
      '10-1-0-1.db.default.svc.c.l A 10.1.0.1',
    ]);
  });

  test('a host name that looks like the address of another endpoint', () => {
    const endpoints = [endpoint('10.1.0.1'), endpoint('10.1.0.2', { hostname: '10-1-0-1' })];
    expect(dns(headless([slice({ of: 'db', endpoints })])).diagnostics).toMatchObject([
      { code: 'dns-names-distinct', severity: 'warning', object: 'Service default/db' },
    ]);
  });
});

describe('ExternalName', () => {
  const named = (name: string, externalName: string) =>
    service({ name, type: 'ExternalName', clusterIPs: [], ports: [], externalName });

  test('is an alias, with or without a final dot', () => {
    const services = [named('a', 'www.example.com'), named('b', 'www.example.com.')];
    expect(records(cluster({ services }))).toEqual([
      'a.default.svc.c.l CNAME www.example.com',
      'b.default.svc.c.l CNAME www.example.com',
    ]);
    expect(dns(cluster({ services })).diagnostics).toEqual([]);
  });

  test('circles are found, and what leads into them is not blamed', () => {
    const services = [
      named('a', 'b.default.svc.c.l'),
      named('b', 'c.default.svc.c.l.'),
      named('c', 'b.default.svc.c.l'),
      named('self', 'self.default.svc.c.l'),
      named('fine', 'a.default.svc.other'),
    ];
    const found = dns(cluster({ services })).diagnostics.map(({ code, object }) => `${code} ${object}`);
    expect(found).toEqual([
      'external-name-ends Service default/b',
      'external-name-ends Service default/c',
      'external-name-ends Service default/self',
    ]);
  });

  test('an address is no name', () => {
    expect(dns(cluster({ services: [named('a', '192.0.2.1')] })).diagnostics).toMatchObject([
      { code: 'external-name-is-name', field: ['spec', 'externalName'] },
    ]);
  });
});

describe('reverse zones', () => {
  test('one for each /24 and /64, in order of addresses, with every name of an address', () => {
    const services = [
      service({ name: 'a', clusterIPs: ['10.0.1.1'] }),
      service({ name: 'b', clusterIPs: ['10.0.0.10', 'fd00::1'] }),
      service({ name: 'c', clusterIPs: ['10.0.0.9'] }),
      service({ name: 'd', clusterIPs: ['10.0.0.9'] }),
    ];
    const zones = dns(cluster({ services })).reverse;
    expect(
      zones.map(({ origin, records: own }) => [
        origin,
        own.map((each) => ('target' in each ? each.target[0] : '')),
      ]),
    ).toEqual([
      ['0.0.10.in-addr.arpa', ['c', 'd', 'b']],
      ['1.0.10.in-addr.arpa', ['a']],
      ['0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa', ['b']],
    ]);
  });

  test('ExternalName Services and pods have none', () => {
    const input = cluster({
      services: [service({ name: 'a', type: 'ExternalName', clusterIPs: [], externalName: '192.0.2.1' })],
      pods: [pod({ name: 'a', podIPs: ['10.1.0.1'] })],
    });
    expect(dns(input).reverse).toEqual([]);
  });
});

test('pods by their addresses: once each, not the finished ones', () => {
  const pods = [
    pod({ name: 'a', podIPs: ['10.1.0.1', 'fd00::1'] }),
    pod({ name: 'b', podIPs: ['10.1.0.1'] }),
    pod({ name: 'c', podIPs: ['10.1.0.3'], phase: 'Failed' }),
    pod({ name: 'd', podIPs: ['10.1.0.1'], namespace: 'other' }),
  ];
  expect(records(cluster({ pods }))).toEqual([
    '10-1-0-1.default.pod.c.l A 10.1.0.1',
    'fd00--1.default.pod.c.l AAAA fd00::1',
    '10-1-0-1.other.pod.c.l A 10.1.0.1',
  ]);
});

test('names that do not fit are left out, and the user is told', () => {
  const name = 'n'.repeat(63);
  const ports = [servicePort({ name }), servicePort({ name: 'http', port: 81 })];
  const input = cluster({ services: [service({ name: 'web', ports })] });
  expect(records(input).map((record) => record.split(' ')[1])).toEqual(['A', 'SRV']);
  expect(dns(input).diagnostics).toMatchObject([{ code: 'dns-name-length', severity: 'warning' }]);
});

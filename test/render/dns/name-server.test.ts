import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDns } from '../../../src/render/dns/build.ts';
import { printZone } from '../../../src/render/dns/print-zone.ts';
import { sliceLookup } from '../../../src/resolve/proxy/service-slices.ts';
import {
  checkZone,
  describeNameServer,
  type NameServer,
  startNameServer,
} from '../../support/name-server.ts';
import { readCluster } from '../../support/read-cluster.ts';

/** The zones of a fixture, forward and reverse. */
function zonesOf(path: string, clusterDomain: string) {
  const cluster = readCluster(path);
  const { forward, reverse } = buildDns(cluster, { clusterDomain, slicesOf: sliceLookup(cluster) });
  return [forward, ...reverse].map((zone) => ({
    origin: zone.origin,
    text: [...printZone(zone, { clusterDomain, ttl: 5 })].join(''),
  }));
}

describeNameServer('BIND', () => {
  describe('every record of the specification', () => {
    const zones = zonesOf('fixtures/dns/every-record/input.yaml', 'cluster.local');
    let server: NameServer;
    beforeAll(async () => {
      server = await startNameServer(zones);
    });
    afterAll(() => server?.stop());

    test.each(zones)('$origin loads without a word of complaint', (zone) => {
      expect(checkZone(zone)).toMatch(/^zone \S+: loaded serial \d+\nOK\n$/);
    });

    test.each<[string, string, string[]]>([
      ['dns-version.cluster.local', 'TXT', ['"1.1.0"']],
      ['kubernetes.default.svc.cluster.local', 'A', ['10.96.0.1']],
      ['KUBERNETES.Default.svc.CLUSTER.local', 'A', ['10.96.0.1']],
      ['dual.shop.svc.cluster.local', 'A', ['10.96.1.7']],
      ['dual.shop.svc.cluster.local', 'AAAA', ['fd00:10:96::7']],
      ['_http._tcp.dual.shop.svc.cluster.local', 'SRV', ['0 100 80 dual.shop.svc.cluster.local.']],
      ['_dns._udp.dual.shop.svc.cluster.local', 'SRV', ['0 100 53 dual.shop.svc.cluster.local.']],
      ['_sig._sctp.dual.shop.svc.cluster.local', 'SRV', ['0 100 9 dual.shop.svc.cluster.local.']],
      ['db.shop.svc.cluster.local', 'A', ['10.244.1.5', '10.244.2.5']],
      ['db-0.db.shop.svc.cluster.local', 'A', ['10.244.1.5']],
      ['10-244-2-5.db.shop.svc.cluster.local', 'A', ['10.244.2.5']],
      [
        '_pg._tcp.db.shop.svc.cluster.local',
        'SRV',
        ['0 100 5432 10-244-2-5.db.shop.svc.cluster.local.', '0 100 5433 db-0.db.shop.svc.cluster.local.'],
      ],
      ['six.shop.svc.cluster.local', 'AAAA', ['fd00:10:244::', 'fd00:10:244::5']],
      ['fd00-10-244--0.six.shop.svc.cluster.local', 'AAAA', ['fd00:10:244::']],
      ['early.shop.svc.cluster.local', 'A', ['10.244.2.9']],
      ['manual.shop.svc.cluster.local', 'A', ['192.0.2.7']],
      ['elsewhere.shop.svc.cluster.local', 'CNAME', ['www.example.com.']],
      ['10-244-1-5.shop.pod.cluster.local', 'A', ['10.244.1.5']],
    ])('%s %s', (name, type, expected) => {
      const { status, answer } = server.ask(name, type);
      expect(status).toBe('NOERROR');
      const data = answer.map((line) => line.split(' ').slice(4).join(' '));
      expect(data).toEqual(expected);
    });

    test('an alias answers for every type', () => {
      expect(server.ask('elsewhere.shop.svc.cluster.local', 'A').answer).toEqual([
        'elsewhere.shop.svc.cluster.local. 5 IN CNAME www.example.com.',
      ]);
    });

    test.each<[string, string[]]>([
      [
        '_http._tcp.dual.shop.svc.cluster.local',
        [
          'dual.shop.svc.cluster.local. 5 IN A 10.96.1.7',
          'dual.shop.svc.cluster.local. 5 IN AAAA fd00:10:96::7',
        ],
      ],
      [
        '_pg._tcp.db.shop.svc.cluster.local',
        [
          '10-244-2-5.db.shop.svc.cluster.local. 5 IN A 10.244.2.5',
          'db-0.db.shop.svc.cluster.local. 5 IN A 10.244.1.5',
        ],
      ],
    ])('SRV of %s comes with the addresses of its targets', (name, glue) => {
      expect(server.ask(name, 'SRV').additional).toEqual(glue);
    });

    test.each<[string, string[]]>([
      ['10.96.0.1', ['kubernetes.default.svc.cluster.local.']],
      ['fd00:10:96::7', ['dual.shop.svc.cluster.local.']],
      ['10.244.1.5', ['db-0.db.shop.svc.cluster.local.']],
      ['10.244.2.9', ['10-244-2-9.early.shop.svc.cluster.local.']],
      ['fd00:10:244::', ['fd00-10-244--0.six.shop.svc.cluster.local.']],
    ])('%s backwards', (address, names) => {
      const { status, answer } = server.ask(reverse(address), 'PTR');
      expect(status).toBe('NOERROR');
      expect(answer.map((line) => line.split(' ').at(-1))).toEqual(names);
    });

    test.each([
      ['a Service that is not there', 'nobody.shop.svc.cluster.local', 'A'],
      ['a headless Service without ready endpoints', 'late.shop.svc.cluster.local', 'A'],
      ['an unnamed port', '_http._tcp.early.shop.svc.cluster.local', 'SRV'],
      ['a port under another protocol', '_http._udp.dual.shop.svc.cluster.local', 'SRV'],
      ['an endpoint of a Service with an address', '10-244-1-5.kubernetes.default.svc.cluster.local', 'A'],
      ['an endpoint that is not ready', '10-244-2-9.late.shop.svc.cluster.local', 'A'],
      ['a finished pod', '10-244-1-99.shop.pod.cluster.local', 'A'],
      ['an address of nobody', reverse('10.96.0.2'), 'PTR'],
    ])('%s: NXDOMAIN', (_, name, type) => {
      expect(server.ask(name, type)).toMatchObject({ status: 'NXDOMAIN', answer: [] });
    });

    test('another type of a name that is there: no error, no answer', () => {
      expect(server.ask('kubernetes.default.svc.cluster.local', 'AAAA')).toMatchObject({
        status: 'NOERROR',
        answer: [],
      });
    });
  });

  test.each(['cluster.local', 'k8s.example.com', 'x', `${'a'.repeat(63)}.internal`])(
    'names that are as long as they may be load below %s',
    (clusterDomain) => {
      for (const zone of zonesOf('fixtures/dns/long-names/input.yaml', clusterDomain)) {
        expect(checkZone(zone)).toContain('OK');
      }
    },
  );
});

function reverse(address: string): string {
  if (!address.includes(':')) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => group.padStart(4, '0'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const digits = [...groups(head), ...Array<string>(missing).fill('0000'), ...groups(tail)].join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

import { describe, expect, test } from 'vitest';
import { buildDns } from '../../../src/render/dns/build.ts';
import { renderHosts } from '../../../src/render/dns/print-hosts.ts';
import { printDnsJSON } from '../../../src/render/dns/print-json.ts';
import { printZone, zoneSerial } from '../../../src/render/dns/print-zone.ts';
import type { DnsRecord, DnsZone } from '../../../src/render/dns/record.ts';
import { cluster, endpoint, service, servicePort, slice } from '../../support/cluster.ts';

const options = { clusterDomain: 'c.l', ttl: 5 };

function zoneText(zone: DnsZone, ttl = 5): string {
  return [...printZone(zone, { ...options, ttl })].join('');
}

function zoneOf(...records: readonly DnsRecord[]): DnsZone {
  return { origin: 'c.l', records };
}

function serialOf(text: string): string {
  return /IN SOA \S+ \S+ (\d+)/.exec(text)?.[1] ?? '';
}

const a: DnsRecord = { name: 'a.b.svc.c.l', type: 'A', address: '10.0.0.1' };

describe('zone', () => {
  test('a master file', () => {
    const text = zoneText(
      zoneOf(
        a,
        {
          name: '_x._tcp.a.b.svc.c.l',
          type: 'SRV',
          priority: 0,
          weight: 100,
          port: 80,
          target: 'a.b.svc.c.l',
        },
        { name: 'e.b.svc.c.l', type: 'CNAME', target: 'www.example.com' },
        { name: 'dns-version.c.l', type: 'TXT', text: '1.1.0' },
      ),
    );
    expect(text.replace(/ \d+ 7200/, ' SERIAL 7200')).toBe(
      [
        '$ORIGIN c.l.',
        '$TTL 5',
        '@ IN SOA localhost. hostmaster.c.l. SERIAL 7200 1800 86400 5',
        '@ IN NS localhost.',
        'a.b.svc IN A 10.0.0.1',
        '_x._tcp.a.b.svc IN SRV 0 100 80 a.b.svc.c.l.',
        'e.b.svc IN CNAME www.example.com.',
        'dns-version IN TXT "1.1.0"',
        '',
      ].join('\n'),
    );
  });

  test('the serial comes of the content', () => {
    const serial = serialOf(zoneText(zoneOf(a)));
    expect(serialOf(zoneText(zoneOf({ ...a })))).toBe(serial);
    expect(serialOf(zoneText(zoneOf({ ...a, address: '10.0.0.2' })))).not.toBe(serial);
    expect(serialOf(zoneText(zoneOf(a), 6))).not.toBe(serial);
    expect(serialOf(zoneText({ ...zoneOf(a), origin: 'svc.c.l' }))).not.toBe(serial);
    expect(Number(serial)).toBeLessThan(2 ** 32);
    expect(Number(serial)).toBeGreaterThan(0);
  });

  test('no serial is 0, which servers take for none', () => {
    // The shortest text whose FNV-1a hash is 0.
    expect(zoneSerial(['\u00cc$1\u00c4'])).toBe(1);
  });

  test.each(['a b', 'a\n@ IN A 1.2.3.4', '$INCLUDE', 'a;b', 'a"', '*', ''])(
    'a name like %j is a bug of ours, not a record',
    (target) => {
      expect(() => zoneText(zoneOf({ name: 'e.c.l', type: 'CNAME', target }))).toThrow('svcgen bug');
      expect(() => zoneText(zoneOf({ ...a, name: `${target}.c.l` }))).toThrow('svcgen bug');
    },
  );
});

describe('hosts', () => {
  const hosts = (...records: readonly DnsRecord[]) => {
    const { text, diagnostics } = renderHosts(zoneOf(...records));
    return { lines: [...text].join('').split('\n'), codes: diagnostics.map(({ code }) => code) };
  };

  test('a block with full and short names', () => {
    const pod: DnsRecord = { name: '10-0-0-1.b.pod.c.l', type: 'A', address: '10.0.0.1' };
    const alias: DnsRecord = { name: 'e.b.svc.c.l', type: 'CNAME', target: 'www.example.com' };
    expect(hosts({ name: 'dns-version.c.l', type: 'TXT', text: '1.1.0' }, a, alias, pod).lines).toEqual([
      '# BEGIN svcgen c.l',
      '10.0.0.1\ta.b.svc.c.l a.b.svc a.b',
      '# e.b.svc.c.l is another name of www.example.com',
      '# END svcgen c.l',
      '',
    ]);
  });

  test('a short name that two would share is left out', () => {
    const db = service({ name: 'b', namespace: 'svc', clusterIPs: ['None'] });
    const web = service({ name: 'a', namespace: 'b', clusterIPs: ['10.0.0.1'] });
    const slices = [
      slice({ of: 'b', namespace: 'svc', endpoints: [endpoint('10.1.0.1', { hostname: 'a' })] }),
    ];
    const { forward } = buildDns(cluster({ services: [db, web] }), {
      clusterDomain: 'c.l',
      slicesOf: () => slices,
    });
    expect(hosts(...forward.records)).toEqual({
      lines: [
        '# BEGIN svcgen c.l',
        '10.0.0.1\ta.b.svc.c.l a.b',
        '10.1.0.1\tb.svc.svc.c.l b.svc.svc b.svc',
        '10.1.0.1\ta.b.svc.svc.c.l a.b.svc.svc',
        '# END svcgen c.l',
        '',
      ],
      codes: ['host-aliases-distinct'],
    });
  });

  test('no name stands for addresses of two owners', () => {
    const lines = hosts(a, { ...a, name: 'b.a.svc.c.l', address: '10.0.0.2' }).lines;
    expect(lines).toContain('10.0.0.2\tb.a.svc.c.l b.a.svc b.a');
  });
});

test('JSON holds every zone', () => {
  const web = service({ name: 'web', clusterIPs: ['10.0.0.1'], ports: [servicePort({ name: 'http' })] });
  const dns = buildDns(cluster({ services: [web] }), { clusterDomain: 'c.l', slicesOf: () => [] });
  expect(JSON.parse([...printDnsJSON(dns, { ttl: 5 })].join(''))).toEqual({
    clusterDomain: 'c.l',
    ttl: 5,
    zones: [
      {
        origin: 'c.l',
        records: [
          { name: 'dns-version.c.l', type: 'TXT', text: '1.1.0' },
          { name: 'web.default.svc.c.l', type: 'A', address: '10.0.0.1' },
          {
            name: '_http._tcp.web.default.svc.c.l',
            type: 'SRV',
            priority: 0,
            weight: 100,
            port: 80,
            target: 'web.default.svc.c.l',
          },
        ],
      },
      {
        origin: '0.0.10.in-addr.arpa',
        records: [{ name: '1.0.0.10.in-addr.arpa', type: 'PTR', target: 'web.default.svc.c.l' }],
      },
    ],
  });
});

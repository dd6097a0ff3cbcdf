import { describe, expect, test } from 'vitest';
import { compareTraffic } from '../../src/compare/traffic/compare-traffic.ts';
import type { Change, TrafficDiff } from '../../src/compare/traffic/traffic-diff.ts';
import type { Service, SliceEndpoint } from '../../src/model/cluster.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { cluster, endpoint, proxyConfig, service, servicePort, slice } from '../support/cluster.ts';

type Named = Partial<Service> & { readonly name: string };

/** One side: Services, all with the same endpoints. */
function side(services: readonly Named[], endpoints: readonly SliceEndpoint[] = [endpoint('10.244.1.5')]) {
  const made = services.map(service);
  const slices = made.map(({ name, namespace }) => slice({ of: name, namespace, endpoints }));
  const complete = cluster({ services: made, endpointSlices: slices });
  const { state } = resolve(complete, { config: proxyConfig(), family: 'IPv4' });
  return {
    services: complete.services,
    allocated: {},
    states: new Map([['IPv4', state] as const]),
    placesOf: undefined,
  };
}

function changesOf({ services }: TrafficDiff): readonly Change[] {
  return services.flatMap((each) => (each.kind === 'changed' ? each.changes : []));
}

/** `renamed a > b`, `added c`, … */
function kindsOf({ services }: TrafficDiff): readonly string[] {
  return services.map((each) => {
    const name = each.name.replace('default/', '');
    if (each.kind !== 'changed') return `${each.kind} ${name}`;
    return each.previousName === undefined ? `changed ${name}` : `${each.previousName.slice(8)} > ${name}`;
  });
}

function compare(before: readonly Named[], after: readonly Named[]): TrafficDiff {
  return compareTraffic(side(before), side(after));
}

describe('renames', () => {
  const web = { name: 'web', selector: { app: 'shop' }, clusterIPs: ['10.96.0.9'] };

  test('the same address', () => {
    expect(kindsOf(compare([web], [{ ...web, name: 'shop', selector: {} }]))).toEqual(['web > shop']);
  });

  test('the same selector and ports', () => {
    const shop = { ...web, name: 'shop', clusterIPs: ['10.96.0.10'] };
    const diff = compare([web], [shop]);
    expect(kindsOf(diff)).toEqual(['web > shop']);
    expect(changesOf(diff)).toEqual([
      { kind: 'value', aspect: 'clusterIP', before: '10.96.0.9', after: '10.96.0.10' },
    ]);
  });

  test('none where another selector, other ports or several candidates leave it open', () => {
    const other = { ...web, clusterIPs: ['10.96.0.10'] };
    const selector = { app: 'web' };
    const ports = [servicePort({ port: 81 })];
    expect(kindsOf(compare([web], [{ ...other, name: 'shop', selector }]))).toHaveLength(2);
    expect(kindsOf(compare([web], [{ ...other, name: 'shop', ports }]))).toHaveLength(2);
    const twins = [
      { ...other, name: 'a' },
      { ...other, name: 'b', clusterIPs: ['10.96.0.11'] },
    ];
    expect(kindsOf(compare([web], twins))).toEqual(['added a', 'added b', 'removed web']);
  });

  test('a headless Service is no successor of one that is not', () => {
    const headless = { ...web, name: 'shop', clusterIPs: ['None'] };
    expect(kindsOf(compare([web], [headless]))).toEqual(['added shop', 'removed web']);
  });

  test('a name that stays is no rename, whoever has its address now', () => {
    const before = [web, { ...web, name: 'api', clusterIPs: ['10.96.0.10'] }];
    const after = [
      { ...web, clusterIPs: ['10.96.0.10'] },
      { ...web, name: 'api', clusterIPs: ['10.96.0.9'] },
    ];
    expect(kindsOf(compare(before, after))).toEqual(['changed api', 'changed web']);
  });
});

describe('ports', () => {
  const withPorts = (...ports: readonly Parameters<typeof servicePort>[0][]) => [
    { name: 'web', ports: ports.map((port) => servicePort(port)) },
  ];

  test('a port that only got a name is the same port', () => {
    expect(changesOf(compare(withPorts({ port: 80 }), withPorts({ port: 80, name: 'http' })))[0]).toEqual({
      kind: 'value',
      aspect: 'port name',
      port: 'http',
      before: '',
      after: 'http',
    });
  });

  test('names tell ports that swap their numbers', () => {
    const changes = changesOf(
      compare(
        withPorts({ name: 'a', port: 1 }, { name: 'b', port: 2 }),
        withPorts({ name: 'a', port: 2 }, { name: 'b', port: 1 }),
      ),
    );
    expect(changes).toMatchObject([
      { aspect: 'port', port: 'a', before: '1/TCP', after: '2/TCP' },
      { aspect: 'port', port: 'b', before: '2/TCP', after: '1/TCP' },
    ]);
  });
});

describe('backends', () => {
  const external = { name: 'web', externalIPs: ['192.0.2.1'] };
  const local = { ...external, externalTrafficPolicy: 'Local' } as const;
  const before = [endpoint('10.244.1.5', { nodeName: 'node-a' })];
  const after = [...before, endpoint('10.244.2.5', { nodeName: 'node-b' })];

  test('all clients at once', () => {
    const changes = changesOf(compareTraffic(side([external], before), side([external], after)));
    expect(changes).toMatchObject([{ kind: 'backends', clients: 'all' }]);
  });

  test('only those inside, when a Local policy keeps others from what is new', () => {
    const changes = changesOf(compareTraffic(side([local], before), side([local], after)));
    expect(changes).toMatchObject([{ kind: 'backends', clients: 'inside' }]);
  });

  test("only the node's own at external addresses, when both policies are Local", () => {
    const only = { ...local, internalTrafficPolicy: 'Local' } as const;
    const changes = changesOf(compareTraffic(side([only], before), side([only], after)));
    expect(changes).toMatchObject([{ kind: 'backends', clients: 'node' }]);
  });

  test('none any more', () => {
    const changes = changesOf(compareTraffic(side([external], before), side([external], [])));
    expect(changes).toMatchObject([{ before: { kind: 'endpoints' }, after: { kind: 'reject' } }]);
  });
});

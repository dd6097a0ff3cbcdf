import { describe, expect, test } from 'vitest';
import { NEWEST_KUBERNETES, parseKubernetesVersion } from '../../../src/kubernetes/versions.ts';
import { printNftRule } from '../../../src/lang/nftables/print/print-rule.ts';
import type { NftTable } from '../../../src/lang/nftables/ruleset.ts';
import type { NodeState, ServicePort } from '../../../src/model/node-state.ts';
import { buildCompactTable } from '../../../src/render/nftables/compact/build.ts';
import { nftablesMemory } from '../../../src/render/nftables/memory.ts';
import {
  deliverExternally,
  deliverTo,
  endpoint,
  nodeState,
  pool,
  servicePort,
} from '../../support/node-state.ts';

/** Rules of a table, as text, by chain. */
function chainsOf({ chains }: NftTable): Record<string, readonly string[]> {
  return Object.fromEntries(
    [...chains].map(({ name, rules }) => [name, [...rules].map((rule) => printNftRule(rule, 'ip'))]),
  );
}

function build(ports: readonly ServicePort[], overrides: Partial<NodeState> = {}): NftTable {
  return buildCompactTable(
    nodeState({ servicePorts: ports, localhostNodePorts: false, ...overrides }),
    nftablesMemory(),
  );
}

function elementsOf(table: NftTable, name: string): readonly unknown[] | undefined {
  const map = table.maps.find((each) => each.name === name);
  return map === undefined ? undefined : [...map.elements];
}

const [a, b] = [endpoint('10.244.1.5'), endpoint('10.244.2.5')];
const both = pool('cluster', a, b);
const here = pool('local', a);
const two = { internal: deliverTo(both), reachable: [a, b] } satisfies Partial<ServicePort>;
const external = deliverExternally({
  fromOutside: deliverTo(both),
  fromInside: deliverTo(both),
  keepsClientIP: false,
});

describe('Services with a clusterIP alone', () => {
  test('that have one address and port leave it to the first: a key of a map has one value', () => {
    const later = servicePort({ internal: deliverTo(pool('cluster', b)), reachable: [b] });
    const table = build([servicePort(two), later, { ...later, port: 81 }]);
    const keys = elementsOf(table, 'endpoints-tcp')?.map((element) => JSON.stringify(element));
    expect(keys).toHaveLength(3);
    expect(new Set(keys?.map((each) => each.slice(0, each.indexOf(']'))))).toHaveProperty('size', 3);
    expect(Object.keys(chainsOf(table))).toContain('endpoint-tcp-1-of-2');
  });

  test('share a chain with those that have as many endpoints, and have none of their own', () => {
    const table = build([
      servicePort(two),
      servicePort({ ...two, clusterIP: '10.96.0.81', port: 8080 }),
      servicePort({ clusterIP: '10.96.0.82' }),
      servicePort({ ...two, clusterIP: '10.96.0.83', protocol: 'UDP' }),
    ]);
    const names = Object.keys(chainsOf(table)).filter((name) => !/^(?:filter|nat)-/.test(name));
    expect(names).toEqual([
      'services',
      'endpoint-tcp-to-8080-1-of-1',
      'endpoint-tcp-to-8080-1-of-2',
      'endpoint-udp-to-8080-1-of-2',
    ]);
    expect(elementsOf(table, 'service-ips')).toEqual([
      { key: ['10.96.0.80', 'tcp', 80], verdict: { kind: 'goto', chain: 'endpoint-tcp-to-8080-1-of-2' } },
      { key: ['10.96.0.81', 'tcp', 8080], verdict: { kind: 'goto', chain: 'endpoint-tcp-to-8080-1-of-2' } },
      { key: ['10.96.0.82', 'tcp', 80], verdict: { kind: 'goto', chain: 'endpoint-tcp-to-8080-1-of-1' } },
      { key: ['10.96.0.83', 'udp', 80], verdict: { kind: 'goto', chain: 'endpoint-udp-to-8080-1-of-2' } },
    ]);
    expect(elementsOf(table, 'endpoint-ips-udp')).toEqual([
      { key: ['10.96.0.83', 0], ip: a.ip },
      { key: ['10.96.0.83', 1], ip: b.ip },
    ]);
  });

  test('are told by their ports too where several of a protocol have one clusterIP, and by nothing more elsewhere', () => {
    const table = build([
      servicePort(two),
      servicePort({ ...two, port: 8080 }),
      servicePort({ ...two, protocol: 'UDP' }),
      servicePort({ ...two, clusterIP: '10.96.0.82', sessionAffinitySeconds: 60 }),
      servicePort({ clusterIP: '10.96.0.82', port: 8080 }),
    ]);
    expect(elementsOf(table, 'endpoints-tcp')?.slice(0, 3)).toEqual([
      { key: ['10.96.0.80', 80, 0], to: a },
      { key: ['10.96.0.80', 80, 1], to: b },
      { key: ['10.96.0.80', 8080, 0], to: a },
    ]);
    expect(elementsOf(table, 'endpoint-ips-udp')).toEqual([
      { key: ['10.96.0.80', 0], ip: a.ip },
      { key: ['10.96.0.80', 1], ip: b.ip },
    ]);
    expect(elementsOf(table, 'endpoint-ips-tcp')).toMatchObject([{ key: ['10.96.0.82', 0] }]);
    expect(chainsOf(table)['endpoint-tcp-1-of-2']?.at(-1)).toBe(
      'meta l4proto tcp dnat ip addr . port to ip daddr . tcp dport . numgen random mod 2 map @endpoints-tcp',
    );
  });

  test('have addresses with ports where a named targetPort is another number in some pods', () => {
    const other = { ...b, port: 9090 };
    const table = build([
      servicePort({ internal: deliverTo(pool('cluster', a, other)), reachable: [a, other] }),
      servicePort({ ...two, clusterIP: '10.96.0.81' }),
    ]);
    expect(elementsOf(table, 'endpoints-tcp')).toEqual([
      { key: ['10.96.0.80', 80, 0], to: a },
      { key: ['10.96.0.80', 80, 1], to: other },
    ]);
    expect(elementsOf(table, 'endpoint-ips-tcp')).toMatchObject([{ ip: a.ip }, { ip: b.ip }]);
  });

  test.each([
    [{}, []],
    [{ masqueraded: { kind: 'all' } as const }, ['meta mark set meta mark | 0x00004000']],
    [
      { localDetector: { kind: 'interface-prefix', prefix: 'cali' }, masqueradeBit: 31 },
      ['iifname != "cali*" meta mark set meta mark | 0x80000000'],
    ],
  ] satisfies [Partial<NodeState>, string[]][])('mark who is masqueraded: %j', (overrides, marking) => {
    expect(chainsOf(build([servicePort(two)], overrides))['endpoint-tcp-to-8080-1-of-2']).toEqual([
      ...marking,
      'meta l4proto tcp dnat to ip daddr . numgen random mod 2 map @endpoint-ips-tcp:8080',
    ]);
  });

  test('every address of an endpoint is once among those that may reach themselves, where the node is not known', () => {
    const { sets } = build([servicePort(two), servicePort({ ...two, port: 81 })], { nodeName: undefined });
    expect(sets.map(({ name }) => name)).toEqual(['hairpin']);
    expect(sets.flatMap(({ elements }) => [...elements])).toEqual([
      { key: [a.ip, a.ip] },
      { key: [b.ip, b.ip] },
    ]);
  });

  test("only this node's are, where it is known: no other pods reach themselves through it", () => {
    const reachable = [{ ...a, isLocal: true }, b];
    const hairpins = (proxy: NodeState['proxy'] | undefined) =>
      build([servicePort({ ...two, reachable })], {
        nodeName: 'node-a',
        ...(proxy && { proxy }),
      }).sets.flatMap(({ elements }) => [...elements]);
    expect(hairpins(NEWEST_KUBERNETES.proxy)).toEqual([{ key: [a.ip, a.ip] }]);
    // Older ones look for every endpoint: one whose node nobody knows may run here.
    expect(hairpins(parseKubernetesVersion('1.35')?.proxy)).toEqual([
      { key: [a.ip, a.ip] },
      { key: [b.ip, b.ip] },
    ]);
  });
});

describe('Services with other addresses', () => {
  const nodePort = servicePort({ ...two, nodePort: 30080, externalIPs: ['192.0.2.9'], external });

  test('have chains of their own, and masquerade', () => {
    const table = build([nodePort]);
    const chains = chainsOf(table);
    expect(chains['external-SUSTUHLJ-default/web/tcp/http']).toEqual([
      'meta mark set meta mark | 0x00004000 goto service-SUSTUHLJ-default/web/tcp/http',
    ]);
    expect(chains['service-SUSTUHLJ-default/web/tcp/http']).toEqual([
      'meta l4proto tcp dnat ip addr . port to numgen random mod 2 map { 0 : 10.244.1.5 . 8080, 1 : 10.244.2.5 . 8080 }',
    ]);
    expect(elementsOf(table, 'endpoint-ips-tcp')).toBeUndefined();
  });

  test('an address that a Service has twice is one element', () => {
    const twice = { ...nodePort, loadBalancerIPs: ['192.0.2.9'] };
    expect(elementsOf(build([twice]), 'service-ips')).toHaveLength(2);
  });

  test('a Local policy is for clients from outside alone', () => {
    const local = deliverExternally({
      fromOutside: deliverTo(here),
      fromInside: deliverTo(both),
      keepsClientIP: true,
    });
    const chains = chainsOf(
      build([{ ...nodePort, external: local }], { localDetector: { kind: 'cidr', cidr: '10.244.0.0/16' } }),
    );
    const base = 'SUSTUHLJ-default/web/tcp/http';
    expect(chains[`external-${base}`]).toEqual([
      `ip saddr 10.244.0.0/16 goto service-${base}`,
      `fib saddr type local meta mark set meta mark | 0x00004000 goto service-${base}`,
      `goto local-${base}`,
    ]);
    expect(chains[`local-${base}`]).toEqual(['meta l4proto tcp dnat to 10.244.1.5:8080']);
  });

  test('equal source ranges have one chain', () => {
    const firewalled = (loadBalancerIP: string) => ({
      ...nodePort,
      clusterIP: loadBalancerIP,
      loadBalancerIPs: [loadBalancerIP],
      admitted: { ranges: ['198.51.100.0/24', '10.0.0.0/8'], ofNode: [] },
    });
    const table = build([firewalled('192.0.2.10'), firewalled('192.0.2.11')]);
    const firewalls = Object.entries(chainsOf(table)).filter(([name]) => name.startsWith('firewall-'));
    expect(firewalls.map(([, rules]) => rules)).toEqual([
      ['ip saddr != { 198.51.100.0/24, 10.0.0.0/8 } drop'],
    ]);
    expect(elementsOf(table, 'firewall-ips')).toHaveLength(2);
    const noEndpoints = { kind: 'reject' } as const;
    const refused = {
      ...firewalled('192.0.2.10'),
      internal: noEndpoints,
      external: deliverExternally({
        fromOutside: noEndpoints,
        fromInside: noEndpoints,
        keepsClientIP: false,
      }),
    };
    expect(elementsOf(build([refused]), 'firewall-ips')).toBeUndefined();
  });

  test.each([
    [{ kind: 'local', loopback: false }, 'fib daddr type local ip daddr != 127.0.0.0/8 '],
    [{ kind: 'addresses', addresses: ['192.0.2.7', '192.0.2.8'] }, 'ip daddr { 192.0.2.7, 192.0.2.8 } '],
    [{ kind: 'addresses', addresses: [] }, undefined],
  ] satisfies [NodeState['nodePortAddresses'], string | undefined][])(
    'NodePorts answer at %j',
    (nodePortAddresses, match) => {
      const { services = [] } = chainsOf(build([nodePort], { nodePortAddresses }));
      const rule = `${match}meta l4proto . th dport vmap @service-nodeports`;
      expect(services.slice(1)).toEqual(match === undefined ? [] : [rule]);
    },
  );
});

test('session affinity: clients are remembered before the destination is rewritten, full sets are no obstacle', () => {
  const sticky = servicePort({ ...two, sessionAffinitySeconds: 60 });
  const table = build([sticky]);
  const chains = chainsOf(table);
  const ofEndpoints = Object.entries(chains).filter(([name]) => name.startsWith('endpoint-'));
  expect(
    ofEndpoints.map(([name, rules]) => [name.replace(/^endpoint-.{8}/, ''), rules.map(shorten)]),
  ).toEqual([
    [
      '-default/web/tcp/http__10.244.1.5/8080',
      ['update @affinity-… { ip saddr timeout 60s }', 'meta l4proto tcp dnat to 10.244.1.5:8080'],
    ],
    [
      '-default/web/tcp/http__10.244.2.5/8080',
      ['update @affinity-… { ip saddr timeout 60s }', 'meta l4proto tcp dnat to 10.244.2.5:8080'],
    ],
  ]);
  const choice = chains['service-SUSTUHLJ-default/web/tcp/http'] ?? [];
  expect(choice.map(shorten)).toEqual([
    'ip saddr @affinity-… goto endpoint-…',
    'ip saddr @affinity-… goto endpoint-…',
    'numgen random mod 2 vmap { 0 : goto endpoint-…, 1 : goto endpoint-… }',
  ]);
  expect(table.sets.slice(1).map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([60, 60]);
});

function shorten(rule: string): string {
  return rule.replaceAll(/\b(affinity|endpoint)-[^ ,]+/g, '$1-…');
}

describe('what is refused', () => {
  const reject = { kind: 'reject' } as const;
  const drop = { kind: 'drop' } as const;

  test('is in maps that the filter chains look into, after translation where that is earlier', () => {
    const ports = [
      servicePort({ internal: drop, reachable: [] }),
      servicePort({
        clusterIP: '10.96.0.81',
        internal: reject,
        nodePort: 30080,
        externalIPs: ['192.0.2.9'],
        external: deliverExternally({ fromOutside: reject, fromInside: reject, keepsClientIP: false }),
        reachable: [],
      }),
    ];
    const table = build(ports, { dropInvalid: false });
    const comment = 'default/web:http';
    const verdict = { kind: 'goto', chain: 'reject-chain' };
    expect(elementsOf(table, 'no-endpoint-services')).toEqual([
      { key: ['10.96.0.80', 'tcp', 80], verdict: drop, comment },
      { key: ['10.96.0.81', 'tcp', 80], verdict, comment },
      { key: ['192.0.2.9', 'tcp', 80], verdict, comment },
    ]);
    expect(elementsOf(table, 'no-endpoint-nodeports')).toEqual([{ key: ['tcp', 30080], verdict, comment }]);
    const chains = chainsOf(table);
    const refuse = 'ct state new ip daddr . meta l4proto . th dport vmap @no-endpoint-services';
    expect(chains['filter-forward']).toEqual([refuse]);
    expect(chains['filter-output-post-dnat']).toEqual([refuse]);
    expect(chains['filter-input']).toHaveLength(2);
    expect(chains['reject-chain']).toEqual(['reject']);
    expect(chains).not.toHaveProperty('filter-output');
  });

  test('invalid packets are dropped, unless they are not', () => {
    expect(chainsOf(build([servicePort()]))['filter-forward']).toEqual(['ct state invalid drop']);
    expect(chainsOf(build([servicePort()], { dropInvalid: false }))).not.toHaveProperty('filter-forward');
  });
});

test('localhost NodePorts have a guard', () => {
  const chains = chainsOf(build([servicePort()], { localhostNodePorts: true }));
  const guard = 'ip saddr != 127.0.0.0/8 ip daddr 127.0.0.0/8 jump localnet-check';
  expect(chains['filter-input']).toEqual([guard]);
  expect(chains['filter-output-post-dnat']).toEqual([guard]);
  expect(chains['localnet-check']).toEqual([
    'ct state established,related return',
    'ct status dnat return',
    'drop',
  ]);
});

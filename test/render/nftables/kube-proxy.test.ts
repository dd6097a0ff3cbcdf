import { describe, expect, test } from 'vitest';
import { parseKubernetesVersion } from '../../../src/kubernetes/versions.ts';
import { printNftRule } from '../../../src/lang/nftables/print/print-rule.ts';
import type { NftTable } from '../../../src/lang/nftables/ruleset.ts';
import type { ProxyFacts } from '../../../src/model/kubernetes-version.ts';
import type { NodeState, ServicePort } from '../../../src/model/node-state.ts';
import { buildKubeProxyTable } from '../../../src/render/nftables/kube-proxy/build.ts';
import { nftablesMemory } from '../../../src/render/nftables/memory.ts';
import {
  deliverExternally,
  deliverTo,
  endpoint,
  nodeState,
  pool,
  servicePort,
} from '../../support/node-state.ts';

/** `chain: rule` of the chains of Services, with names and comments as they are. */
function rulesOf(ports: readonly ServicePort[], overrides: Partial<NodeState> = {}): readonly string[] {
  const { chains } = build(ports, overrides);
  return [...chains]
    .filter(({ name }) => name.includes('/'))
    .flatMap(({ name, rules }) => [...rules].map((rule) => `${name}: ${printNftRule(rule, 'ip')}`));
}

function build(ports: readonly ServicePort[], overrides: Partial<NodeState> = {}): NftTable {
  return buildKubeProxyTable(
    nodeState({ servicePorts: ports, localhostNodePorts: false, proxy: EARLY, ...overrides }),
    nftablesMemory(),
  );
}

function factsOf(version: string): ProxyFacts {
  const parsed = parseKubernetesVersion(version);
  if (parsed === undefined) throw new Error(`${version} is not known`);
  return parsed.proxy;
}

const EARLY = factsOf('1.33.5');

// As in TestOverallNFTablesRules and others of kube-proxy's proxier_test.go (1.33).
const remote = endpoint('10.180.0.1', 80);
const ns1 = servicePort({
  name: { namespace: 'ns1', name: 'svc1', port: 'p80' },
  clusterIP: '172.30.0.41',
  internal: deliverTo(pool('cluster', remote)),
  reachable: [remote],
});
const SERVICE = 'service-ULMVA6XW-ns1/svc1/tcp/p80';
const EXTERNAL = 'external-ULMVA6XW-ns1/svc1/tcp/p80';
const ENDPOINT = 'endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80';
const AFFINITY = 'affinity-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80';

describe('chains of Services', () => {
  test('of a clusterIP', () => {
    expect(rulesOf([ns1], { localDetector: { kind: 'cidr', cidr: '10.0.0.0/8' } })).toEqual([
      `${SERVICE}: ip daddr 172.30.0.41 tcp dport 80 ip saddr != 10.0.0.0/8 jump mark-for-masquerade`,
      `${SERVICE}: numgen random mod 1 vmap { 0 : goto ${ENDPOINT} }`,
      `${ENDPOINT}: ip saddr 10.180.0.1 jump mark-for-masquerade`,
      `${ENDPOINT}: meta l4proto tcp dnat to 10.180.0.1:80`,
    ]);
  });

  test('of session affinity', () => {
    expect(rulesOf([{ ...ns1, sessionAffinitySeconds: 10800 }])).toEqual([
      `${SERVICE}: ip saddr @${AFFINITY} goto ${ENDPOINT}`,
      `${SERVICE}: numgen random mod 1 vmap { 0 : goto ${ENDPOINT} }`,
      `${ENDPOINT}: ip saddr 10.180.0.1 jump mark-for-masquerade`,
      `${ENDPOINT}: update @${AFFINITY} { ip saddr }`,
      `${ENDPOINT}: meta l4proto tcp dnat to 10.180.0.1:80`,
    ]);
  });

  test('of a load balancer with source ranges and a Local policy', () => {
    const local = {
      ...ns1,
      loadBalancerIPs: ['1.2.3.4'],
      admitted: { ranges: ['203.0.113.0/25'], ofNode: ['1.2.3.4'] },
      external: deliverExternally({
        keepsClientIP: true,
        fromInside: deliverTo(pool('cluster', remote)),
        fromOutside: { kind: 'drop' } as const,
      }),
    };
    const rules = rulesOf([local], { localDetector: { kind: 'interface', name: 'cbr0' } });
    expect(rules.slice(0, 4)).toEqual([
      'firewall-ULMVA6XW-ns1/svc1/tcp/p80: ip saddr != { 203.0.113.0/25, 1.2.3.4 } drop',
      `${EXTERNAL}: iif "cbr0" goto ${SERVICE} comment "short-circuit pod traffic"`,
      `${EXTERNAL}: fib saddr type local jump mark-for-masquerade comment "masquerade local traffic"`,
      `${EXTERNAL}: fib saddr type local goto ${SERVICE} comment "short-circuit local traffic"`,
    ]);
    const { maps } = build([local]);
    const elements = Object.fromEntries(maps.map((map) => [map.name, [...map.elements]]));
    expect(elements['no-endpoint-services']).toEqual([
      { key: ['1.2.3.4', 'tcp', 80], verdict: { kind: 'drop' }, comment: 'ns1/svc1:p80' },
    ]);
    expect(elements['firewall-ips']).toHaveLength(1);
    expect(elements['service-ips']).toHaveLength(2);
  });
});

describe('versions', () => {
  const far = endpoint('10.180.0.2', 80);
  const two = { ...ns1, internal: deliverTo(pool('cluster', remote, far)), reachable: [remote, far] };
  const foreign = { localDetector: { kind: 'cidr', cidr: '10.0.0.0/8' } } as const;
  const inVersion = (version: string, ports: readonly ServicePort[]) =>
    rulesOf(ports, { ...foreign, proxy: factsOf(version) });

  test('the masquerade rule of a clusterIP', () => {
    expect(inVersion('1.33', [ns1])[0]).toBe(
      `${SERVICE}: ip daddr 172.30.0.41 tcp dport 80 ip saddr != 10.0.0.0/8 jump mark-for-masquerade`,
    );
    expect(inVersion('1.34', [ns1])[0]).toBe(
      `${SERVICE}: ip daddr 172.30.0.41 ip saddr != 10.0.0.0/8 jump mark-for-masquerade`,
    );
  });

  test('endpoints without session affinity', () => {
    const all = '{ 0 : 10.180.0.1 . 80, 1 : 10.180.0.2 . 80 }';
    const choice = (count: number, map: string) =>
      `${SERVICE}: meta l4proto tcp dnat ip addr . port to numgen random mod ${count} map ${map}`;
    expect(inVersion('1.35', [two])).toHaveLength(6);
    expect(inVersion('1.36', [two])).toEqual([choice(2, all)]);
    expect(inVersion('1.37', [two])).toEqual([choice(2, all)]);
    expect(inVersion('1.36', [ns1])).toEqual([choice(1, '{ 0 : 10.180.0.1 . 80 }')]);
    expect(inVersion('1.37', [ns1])).toEqual([`${SERVICE}: meta l4proto tcp dnat to 10.180.0.1:80`]);
  });

  test('endpoints with session affinity, since 1.36', () => {
    expect(inVersion('1.36', [{ ...ns1, sessionAffinitySeconds: 10800 }])).toEqual([
      `${SERVICE}: ip saddr @${AFFINITY} goto ${ENDPOINT}`,
      `${SERVICE}: numgen random mod 1 vmap { 0 : goto ${ENDPOINT} }`,
      `${ENDPOINT}: update @${AFFINITY} { ip saddr }`,
      `${ENDPOINT}: meta l4proto tcp dnat to 10.180.0.1:80`,
    ]);
  });

  test('pods of a bridge, by index or by name', () => {
    const bridge = { localDetector: { kind: 'interface', name: 'cbr0' } } as const;
    const first = (version: string) => rulesOf([ns1], { ...bridge, proxy: factsOf(version) })[0];
    expect(first('1.34.1')).toContain(' iif != "cbr0" jump');
    expect(first('1.34.2')).toContain(' iifname != "cbr0" jump');
    const veth = { localDetector: { kind: 'interface-prefix', prefix: 'veth' } } as const;
    expect(rulesOf([ns1], { ...veth, proxy: EARLY })[0]).toContain(' iifname != "veth*" jump');
  });

  test('endpoints of this node are those that may reach themselves, or all where nobody said which it is', () => {
    const near = endpoint('10.180.0.1', 80, true);
    const ports = [{ ...two, internal: deliverTo(pool('cluster', near, far)), reachable: [near, far] }];
    const hairpins = (version: string, nodeName: string | undefined) => {
      const { sets } = build(ports, { proxy: factsOf(version), nodeName });
      const set = sets.find(({ name }) => name === 'hairpin-connections');
      return set && [...set.elements].map(({ key }) => key.join(' . '));
    };
    expect(hairpins('1.35', 'n')).toBeUndefined();
    expect(hairpins('1.36', 'n')).toEqual(['10.180.0.1 . 10.180.0.1 . tcp . 80']);
    expect(hairpins('1.36', undefined)).toHaveLength(2);
  });
});

test('addresses for NodePorts are a set, when they are not all', () => {
  const addresses = { kind: 'addresses', addresses: ['192.168.0.2'] } as const;
  const { sets, chains } = build([ns1], { nodePortAddresses: addresses });
  expect(sets.map(({ name, elements }) => [name, [...elements].map(({ key }) => key)])).toEqual([
    ['cluster-ips', [['172.30.0.41']]],
    ['nodeport-ips', [['192.168.0.2']]],
  ]);
  const services = [...chains].find(({ name }) => name === 'services')?.rules ?? [];
  expect([...services].map((rule) => printNftRule(rule, 'ip'))).toEqual([
    'ip daddr . meta l4proto . th dport vmap @service-ips',
    'ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports',
  ]);
});

test('clusterIPs that no Service has lead nowhere, when it is known where they are', () => {
  const rules = (overrides: Partial<NodeState>) =>
    [...build([ns1], overrides).chains]
      .filter(({ name }) => name === 'cluster-ips-check')
      .flatMap((chain) => [...chain.rules].map((each) => printNftRule(each, 'ip')));
  const reject = 'ip daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"';
  expect(rules({})).toEqual([reject]);
  expect(rules({ serviceCIDRs: ['172.30.0.0/16'] })).toEqual([
    reject,
    'ip daddr { 172.30.0.0/16 } drop comment "Drop traffic to unallocated ClusterIPs"',
  ]);
});

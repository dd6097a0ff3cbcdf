import { describe, expect, test } from 'vitest';
import type { Service } from '../../../src/model/cluster.ts';
import type { Endpoint, ServicePort } from '../../../src/model/node-state.ts';
import type { ProxyConfig } from '../../../src/model/proxy-config.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import { cluster, endpoint, proxyConfig, service, servicePort, slice } from '../../support/cluster.ts';

const HERE = { nodeName: 'here' };
const THERE = { nodeName: 'there' };

function resolveIPVS(
  parts: Partial<Service>,
  endpoints: Parameters<typeof slice>[0]['endpoints'],
  config = {},
) {
  const settings: ProxyConfig = proxyConfig({
    mode: 'ipvs',
    nodeName: 'here',
    nodeIPs: ['192.0.2.1'],
    ...config,
  });
  const input = cluster({
    services: [service({ name: 'web', ...parts })],
    endpointSlices: [slice({ of: 'web', endpoints: endpoints ?? [] })],
  });
  return resolve(input, { config: settings, family: 'IPv4' });
}

function deliveries(parts: Partial<Service>, ...endpoints: ReturnType<typeof endpoint>[]) {
  const [port] = resolveIPVS(parts, endpoints).state.servicePorts;
  const { internal = [], external = [], hairpin = [] } = port?.ipvs ?? {};
  return { internal: ips(internal), external: ips(external), hairpin: ips(hairpin) };
}

function ips(endpoints: readonly Endpoint[]): readonly string[] {
  return endpoints.map(({ ip }) => ip);
}

const NODE_PORT = { type: 'NodePort', ports: [servicePort({ nodePort: 30080 })] } as const;

describe('real servers', () => {
  test('are those of the policy', () => {
    const all = [endpoint('10.244.1.1', HERE), endpoint('10.244.2.1', THERE)];
    expect(deliveries({ ...NODE_PORT, externalTrafficPolicy: 'Local' }, ...all)).toEqual({
      internal: ['10.244.1.1', '10.244.2.1'],
      external: ['10.244.1.1'],
      hairpin: ['10.244.1.1'],
    });
    expect(deliveries({ internalTrafficPolicy: 'Local' }, ...all)).toEqual({
      internal: ['10.244.1.1'],
      external: [],
      hairpin: ['10.244.1.1'],
    });
  });

  test('are those of the cluster when a Local policy has none here, if other traffic may use them', () => {
    const there = endpoint('10.244.2.1', THERE);
    expect(deliveries({ ...NODE_PORT, externalTrafficPolicy: 'Local' }, there)).toMatchObject({
      external: ['10.244.2.1'],
    });
    expect(deliveries({ ...NODE_PORT, internalTrafficPolicy: 'Local' }, there)).toMatchObject({
      internal: ['10.244.2.1'],
    });
    expect(deliveries({ internalTrafficPolicy: 'Local' }, there)).toMatchObject({ internal: [] });
  });

  test('terminate before there is none', () => {
    const leaving = { ready: false, serving: true, terminating: true };
    const all = [endpoint('10.244.1.1', { ...HERE, ...leaving }), endpoint('10.244.2.1', THERE)];
    expect(deliveries({ ...NODE_PORT, externalTrafficPolicy: 'Local' }, ...all)).toMatchObject({
      internal: ['10.244.2.1'],
      external: ['10.244.1.1'],
    });
  });
});

describe('endpoints that may reach themselves', () => {
  test('are those of the node, ready or not', () => {
    const all = [
      endpoint('10.244.1.1', { ...HERE, ready: false, serving: false }),
      endpoint('10.244.2.1', THERE),
    ];
    expect(deliveries({}, ...all).hairpin).toEqual(['10.244.1.1']);
  });

  test('are all where the node is not known', () => {
    const all = [endpoint('10.244.1.1', HERE), endpoint('10.244.2.1', THERE)];
    const [port] = resolveIPVS({}, all, { nodeName: undefined }).state.servicePorts;
    expect(ips(port?.ipvs?.hairpin ?? [])).toEqual(['10.244.1.1', '10.244.2.1']);
  });
});

test('other modes know nothing of all this', () => {
  const { state } = resolveIPVS(NODE_PORT, [endpoint('10.244.1.1', HERE)], { mode: 'iptables' });
  const [port]: readonly ServicePort[] = state.servicePorts;
  expect({ node: state.ipvs, port: port?.ipvs }).toEqual({ node: undefined, port: undefined });
});

describe('addresses', () => {
  function addresses(config: Partial<ProxyConfig>, parts: Partial<Service> = NODE_PORT) {
    const { state, diagnostics } = resolveIPVS(parts, [], config);
    return {
      own: state.ipvs?.addresses,
      nodePorts: state.ipvs?.nodePortAddresses,
      codes: diagnostics.map(({ code, severity }) => `${severity} ${code}`),
    };
  }

  test('of the family, without loopback, take NodePorts', () => {
    const nodeIPs = ['192.0.2.1', '127.0.0.1', '2001:db8::1', '10.0.0.1'];
    expect(addresses({ nodeIPs })).toEqual({
      own: ['192.0.2.1', '10.0.0.1'],
      nodePorts: ['192.0.2.1', '10.0.0.1'],
      codes: [],
    });
  });

  test('of one link only take none, but need no dummy device either', () => {
    expect(addresses({ nodeIPs: ['192.0.2.1', '169.254.1.1'] })).toMatchObject({
      own: ['192.0.2.1', '169.254.1.1'],
      nodePorts: ['192.0.2.1'],
    });
  });

  test('may be limited', () => {
    const nodeIPs = ['192.0.2.1', '10.0.0.1'];
    const cidrs = (...list: string[]) =>
      ({ nodeIPs, nodePortAddresses: { kind: 'cidrs', cidrs: list } }) as const;
    expect(addresses(cidrs('10.0.0.0/8', '127.0.0.0/8'))).toMatchObject({
      nodePorts: ['10.0.0.1'],
      codes: [],
    });
    expect(addresses(cidrs('172.16.0.0/12'))).toMatchObject({
      nodePorts: [],
      codes: ['warning node-port-addresses-match'],
    });
    expect(addresses(cidrs('127.0.0.0/8'))).toMatchObject({
      nodePorts: [],
      codes: ['warning node-port-addresses-match'],
    });
    expect(addresses({ nodeIPs, nodePortAddresses: { kind: 'primary' } })).toMatchObject({
      nodePorts: ['192.0.2.1'],
    });
  });

  test('must be known where there are NodePorts', () => {
    expect(addresses({ nodeIPs: [] })).toMatchObject({ codes: ['error node-address-known'] });
    expect(addresses({ nodeIPs: ['2001:db8::1'] })).toMatchObject({
      codes: ['warning node-port-addresses-match'],
    });
    expect(addresses({ nodeIPs: [] }, {})).toMatchObject({ codes: [] });
  });
});

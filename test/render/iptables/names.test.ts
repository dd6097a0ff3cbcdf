import { describe, expect, test } from 'vitest';
import { endpointChainsOf, nameServicePort } from '../../../src/render/iptables/names.ts';
import { deliverTo, endpoint, pool, servicePort } from '../../support/node-state.ts';

describe('names of chains', () => {
  const endpoints = pool('cluster', endpoint('172.16.0.43', 80), endpoint('172.16.0.83', 80));
  const unnamed = servicePort({
    name: { namespace: 'default', name: 'my-nginx', port: '' },
    clusterIP: '172.16.253.3',
    internal: deliverTo(endpoints),
    reachable: endpoints.endpoints,
  });

  test('are those that kube-proxy gives an unnamed TCP port', () => {
    const { chains, endpointChains, label } = nameServicePort(unnamed, unnamed.reachable);
    expect(label).toBe('default/my-nginx');
    expect(chains.cluster).toBe('KUBE-SVC-L65ENXXZWWSAPRCR');
    expect(endpointChains).toEqual(['KUBE-SEP-CKTK4HVPCCPKEGFT', 'KUBE-SEP-5DPHGI3VF3PCK466']);
  });

  test('share one hash within a service port', () => {
    const { chains } = nameServicePort(unnamed, unnamed.reachable);
    const hashes = Object.values(chains).map((name) => name.slice(name.lastIndexOf('-') + 1));
    expect(new Set(hashes)).toEqual(new Set(['L65ENXXZWWSAPRCR']));
  });

  test('depend on the protocol and on the name of the port', () => {
    const names = [
      unnamed,
      { ...unnamed, protocol: 'UDP' as const },
      { ...unnamed, name: { ...unnamed.name, port: 'http' } },
    ].map((port) => nameServicePort(port, []).chains.cluster);
    expect(new Set(names).size).toBe(3);
  });

  test('of a part of the endpoints, in their order', () => {
    const endpoints = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((ip) => endpoint(ip));
    const named = nameServicePort(servicePort({ reachable: endpoints }), endpoints);
    const [, second, , fourth] = endpoints;
    expect(endpointChainsOf(named, endpoints)).toEqual(named.endpointChains);
    expect(
      endpointChainsOf(
        named,
        [second, fourth].flatMap((each) => each ?? []),
      ),
    ).toEqual([named.endpointChains[1], named.endpointChains[3]]);
    expect(() => endpointChainsOf(named, [endpoint('10.0.0.5')])).toThrow('not reachable');
  });

  test('put brackets around IPv6 endpoints before hashing', () => {
    const six = endpoint('fd00::1', 80);
    const { endpointChains } = nameServicePort(servicePort({ reachable: [six] }), [six]);
    expect(endpointChains[0]).toMatch(/^KUBE-SEP-[A-Z2-7]{16}$/);
    expect(six.hostPort).toBe('[fd00::1]:80');
  });
});

import { describe, expect, test } from 'vitest';
import { endpointNamesOf, nameNftPort } from '../../../src/render/nftables/names.ts';
import { endpoint, servicePort } from '../../support/node-state.ts';

describe('nameServicePort', () => {
  // Names of kube-proxy's own tests: pkg/proxy/nftables/proxier_test.go.
  const ns1 = servicePort({ name: { namespace: 'ns1', name: 'svc1', port: 'p80' }, protocol: 'TCP' });

  test('names chains as kube-proxy does', () => {
    const only = endpoint('10.180.0.1', 80);
    const named = nameNftPort(ns1, [only]);
    expect(named.chains).toEqual({
      cluster: 'service-ULMVA6XW-ns1/svc1/tcp/p80',
      local: 'local-ULMVA6XW-ns1/svc1/tcp/p80',
      external: 'external-ULMVA6XW-ns1/svc1/tcp/p80',
      firewall: 'firewall-ULMVA6XW-ns1/svc1/tcp/p80',
    });
    expect(endpointNamesOf(named, only)).toEqual({
      chain: 'endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80',
      affinitySet: 'affinity-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80',
    });
  });

  test('IPv6 addresses have dots', () => {
    const only = endpoint('fd00::1', 80);
    const { chain } = endpointNamesOf(nameNftPort(ns1, [only]), only);
    expect(chain).toMatch(/^endpoint-[A-Z2-7]{8}-ns1\/svc1\/tcp\/p80__fd00\.\.1\/80$/);
  });

  test('what is too long is cut, and still unlike its neighbours', () => {
    const long = 'x'.repeat(63);
    const port = servicePort({ name: { namespace: long, name: long, port: long } });
    const ips = ['2001:db8:1111:2222:3333:4444:5555:6666', '2001:db8:1111:2222:3333:4444:5555:6667'];
    const endpoints = ips.map((ip) => endpoint(ip, 65535));
    const named = nameNftPort(port, endpoints);
    const chains = endpoints.map((each) => endpointNamesOf(named, each).chain);
    expect(new Set(chains).size).toBe(2);
    for (const chain of chains) expect(chain.length).toBeLessThanOrEqual(255);
  });

  test('an endpoint without names is a mistake of ours', () => {
    expect(() => endpointNamesOf(nameNftPort(ns1, []), endpoint('10.0.0.1'))).toThrow('has no chain');
  });
});

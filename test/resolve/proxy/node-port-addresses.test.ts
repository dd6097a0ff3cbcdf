import { describe, expect, it } from 'vitest';
import { NEWEST_KUBERNETES, parseKubernetesVersion } from '../../../src/kubernetes/versions.ts';
import type { ProxyConfig } from '../../../src/model/proxy-config.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import { cluster, node, proxyConfig, service, servicePort } from '../../support/cluster.ts';

const NODES = [node({ name: 'a', addresses: ['192.0.2.1', '2001:db8::1'] })];
const SERVICES = [
  service({
    name: 's',
    type: 'NodePort',
    clusterIPs: ['10.96.0.1', 'fd00::1'],
    ports: [servicePort({ nodePort: 30000 })],
  }),
];

function run(
  config: Partial<ProxyConfig>,
  family: 'IPv4' | 'IPv6' = 'IPv4',
  nodes = NODES,
  services = SERVICES,
) {
  const target = { config: proxyConfig({ nodeName: 'a', ...config }), family };
  const { state, diagnostics } = resolve(cluster({ nodes, services }), target);
  return { match: state.nodePortAddresses, diagnostics };
}

const cidrs = (...list: string[]) => ({ nodePortAddresses: { kind: 'cidrs', cidrs: list } }) as const;
const at = (...addresses: string[]) => ({ kind: 'addresses', addresses });

describe('nodePortAddresses', () => {
  it('are all local ones by default', () => {
    expect(run({}).match).toEqual({ kind: 'local', loopback: true });
    expect(run({}, 'IPv6').match).toEqual({ kind: 'local', loopback: false });
    expect(run({ localhostNodePorts: false }).match).toEqual({ kind: 'local', loopback: false });
  });

  it('are the node IP with "primary"', () => {
    const primary = { nodePortAddresses: { kind: 'primary' } } as const;
    expect(run({ ...primary, nodeIPs: ['192.0.2.9', '192.0.2.8'] }).match).toEqual(at('192.0.2.9'));
    expect(run(primary, 'IPv6').match).toEqual(at('2001:db8::1'));
  });

  it('are all local ones with "primary" where the node has no address, and that is worth a warning', () => {
    const primary = { nodePortAddresses: { kind: 'primary' } } as const;
    for (const nodes of [[], [node({ name: 'a', addresses: ['2001:db8::1'] })]]) {
      const { match, diagnostics } = run(primary, 'IPv4', nodes);
      expect(match).toEqual({ kind: 'local', loopback: true });
      expect(diagnostics).toMatchObject([{ code: 'node-primary-address-known', severity: 'warning' }]);
    }
    expect(run({ ...primary, nodeIPs: ['127.0.0.1'] }, 'IPv4', []).match).toEqual({
      kind: 'local',
      loopback: true,
    });
  });

  it('are the primary address, or none, in nftables mode of 1.30 where CIDRs are not of the family', () => {
    const early = {
      mode: 'nftables',
      kubernetes: parseKubernetesVersion('1.30') ?? NEWEST_KUBERNETES,
    } as const;
    expect(run({ ...cidrs('10.0.0.0/8'), ...early }, 'IPv6').match).toEqual(at('2001:db8::1'));
    expect(run({ nodePortAddresses: { kind: 'primary' }, ...early }, 'IPv4', []).match).toEqual(at());
    expect(run({ ...cidrs('10.0.0.0/8'), ...early, mode: 'iptables' }, 'IPv6').match).toMatchObject({
      kind: 'local',
    });
  });

  it('are those of the node that lie in a CIDR, sorted, with loopback', () => {
    const nodeIPs = ['192.0.2.9', '10.50.0.1', '172.16.0.1'];
    expect(run({ ...cidrs('192.0.2.0/24', '10.50.0.0/16', '127.0.0.0/8'), nodeIPs }).match).toEqual(
      at('10.50.0.1', '127.0.0.1', '192.0.2.1', '192.0.2.9'),
    );
  });

  it('are the node IP beside those in a CIDR, with "primary" and CIDRs', () => {
    const both = (list: readonly string[]) =>
      ({ nodePortAddresses: { kind: 'cidrs', cidrs: list, primary: true } }) as const;
    const nodeIPs = ['192.0.2.9', '10.50.0.1'];
    expect(run({ ...both(['127.0.0.0/8', '192.0.2.9/32']), nodeIPs }).match).toEqual(
      at('127.0.0.1', '192.0.2.9'),
    );
    expect(run({ ...both(['127.0.0.0/8']), nodeIPs: ['192.0.2.9', '2001:db8::9'] }, 'IPv6').match).toEqual(
      at('2001:db8::9'),
    );
    expect(run({ ...both([]), nodeIPs: ['2001:db8::9'] }, 'IPv4', []).match).toEqual({
      kind: 'local',
      loopback: true,
    });
  });

  it('leave loopback out where NodePorts do not work on it', () => {
    const off = { ...cidrs('192.0.2.0/24', '127.0.0.0/8'), localhostNodePorts: false };
    expect(run(off).match).toEqual(at('192.0.2.1'));
    expect(run(cidrs('2001:db8::/32', '::1/128'), 'IPv6').match).toEqual(at('2001:db8::1'));
  });

  it('are all local ones when a CIDR holds everything, or all are of the other family', () => {
    expect(run(cidrs('10.0.0.0/8', '0.0.0.0/0')).match).toEqual({ kind: 'local', loopback: true });
    expect(run(cidrs('10.0.0.0/8'), 'IPv6').match).toEqual({ kind: 'local', loopback: false });
  });

  it('are an error when none of the node is known', () => {
    expect(run(cidrs('10.0.0.0/8'), 'IPv4', []).diagnostics[0]).toMatchObject({
      code: 'node-address-known',
      severity: 'error',
    });
    expect(run(cidrs('127.0.0.0/8'), 'IPv4', []).diagnostics).toEqual([]);
  });

  it('are worth a warning when none matches', () => {
    expect(run(cidrs('10.0.0.0/8')).diagnostics[0]).toMatchObject({
      code: 'node-port-addresses-match',
      severity: 'warning',
    });
  });

  it('do not matter without NodePorts', () => {
    expect(run(cidrs('10.0.0.0/8'), 'IPv4', [], []).diagnostics).toEqual([]);
  });
});

describe('others are kept from loopback addresses', () => {
  const keeps = (config: Partial<ProxyConfig>) =>
    resolve(cluster({ nodes: NODES, services: SERVICES }), {
      config: proxyConfig({ nodeName: 'a', ...config }),
      family: 'IPv4',
    }).state.localhostNodePorts;

  it('where NodePorts answer on one', () => {
    expect(keeps({})).toBe(true);
    expect(keeps(cidrs('127.0.0.0/8'))).toBe(true);
    expect(keeps(cidrs('192.0.2.0/24', '0.0.0.0/0'))).toBe(true);
    expect(keeps(cidrs('2001:db8::/32'))).toBe(true);
  });

  it('and nowhere else', () => {
    expect(keeps(cidrs('192.0.2.0/24'))).toBe(false);
    expect(keeps({ nodePortAddresses: { kind: 'primary' } })).toBe(false);
    expect(keeps({ localhostNodePorts: false })).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { NEWEST_KUBERNETES, parseKubernetesVersion } from '../../../src/kubernetes/versions.ts';
import { serviceVIPs } from '../../../src/resolve/proxy/service-vips.ts';
import { service } from '../../support/cluster.ts';

type Parts = Omit<Parameters<typeof service>[0], 'name'>;

function vips(
  parts: Parts,
  family: 'IPv4' | 'IPv6' = 'IPv4',
  nodeIP?: string,
  facts = NEWEST_KUBERNETES.proxy,
) {
  return serviceVIPs(service({ name: 'web', ...parts }), family, { nodeIP, facts });
}

/** With one load-balancer address. */
const balanced: Parts = {
  type: 'LoadBalancer',
  loadBalancerIngress: [{ ip: '198.51.100.1', ipMode: 'VIP' }],
};

describe('serviceVIPs', () => {
  it('leaves alone what kube-proxy leaves alone', () => {
    expect(vips({ type: 'ExternalName', clusterIPs: [] })).toBeUndefined();
    expect(vips({ clusterIPs: ['None'] })).toBeUndefined();
    expect(vips({ clusterIPs: [] })).toBeUndefined();
    expect(vips({ clusterIPs: ['fd00::1'] })).toBeUndefined();
    expect(vips({ labels: { 'service.kubernetes.io/service-proxy-name': '' } })).toBeUndefined();
    expect(vips({ labels: { 'service.kubernetes.io/headless': 'false' } })).toBeUndefined();
    expect(vips({ labels: { constructor: 'x' } })).toBeDefined();
  });

  it('picks the addresses of the family, in the order given', () => {
    const dual: Parts = {
      type: 'LoadBalancer',
      clusterIPs: ['fd00::1', '10.96.0.1'],
      externalIPs: ['192.0.2.9', '2001:db8::9', '192.0.2.1'],
      loadBalancerIngress: [
        { ip: '198.51.100.1', ipMode: 'VIP' },
        { ip: '2001:db8::1', ipMode: 'VIP' },
        { ip: '198.51.100.2', ipMode: 'Proxy' },
      ],
      loadBalancerSourceRanges: ['10.0.0.0/8', '2001:db8::/32'],
    };
    expect(vips(dual)).toMatchObject({
      clusterIP: '10.96.0.1',
      externalIPs: ['192.0.2.9', '192.0.2.1'],
      loadBalancerIPs: ['198.51.100.1'],
      admitted: { ranges: ['10.0.0.0/8'], ofNode: [] },
    });
    expect(vips(dual, 'IPv6')).toMatchObject({
      clusterIP: 'fd00::1',
      externalIPs: ['2001:db8::9'],
      loadBalancerIPs: ['2001:db8::1'],
      admitted: { ranges: ['2001:db8::/32'], ofNode: [] },
    });
  });

  it('knows whether a source range holds the node', () => {
    const ranges = (...loadBalancerSourceRanges: string[]) => ({ ...balanced, loadBalancerSourceRanges });
    const ofNode = (parts: Parts, nodeIP?: string) => vips(parts, 'IPv4', nodeIP)?.admitted?.ofNode;
    expect(ofNode(ranges('10.0.0.0/8', '192.0.2.0/24'), '192.0.2.7')).toEqual(['198.51.100.1']);
    expect(ofNode(ranges('10.0.0.0/8'), '192.0.2.7')).toEqual([]);
    expect(ofNode(ranges('10.0.0.0/8'))).toEqual([]);
  });

  it('takes a range of all addresses for none since 1.34, and for one that holds the node before', () => {
    const everybody = { ...balanced, loadBalancerSourceRanges: ['10.0.0.0/8', '0.0.0.0/0'] };
    expect(vips(everybody)?.admitted).toBeUndefined();
    expect(vips(everybody, 'IPv4', undefined, parseKubernetesVersion('1.33')?.proxy)?.admitted).toEqual({
      ranges: ['10.0.0.0/8', '0.0.0.0/0'],
      ofNode: ['198.51.100.1'],
    });
  });

  it('admits everybody without ranges of the family, or addresses that they could be for', () => {
    const ranges = { loadBalancerSourceRanges: ['2001:db8::/32'] };
    expect(vips(balanced, 'IPv4', '192.0.2.7')?.admitted).toBeUndefined();
    expect(vips({ ...balanced, ...ranges })?.admitted).toBeUndefined();
    expect(vips({ loadBalancerSourceRanges: ['10.0.0.0/8'] })?.admitted).toBeUndefined();
  });

  it('has a health check port only for load balancers with the Local policy', () => {
    const parts = { healthCheckNodePort: 31000, externalTrafficPolicy: 'Local' } as const;
    expect(vips({ ...parts, type: 'LoadBalancer' })?.healthCheckNodePort).toBe(31000);
    expect(vips({ ...parts, type: 'NodePort' })?.healthCheckNodePort).toBe(0);
    expect(
      vips({ ...parts, type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' })?.healthCheckNodePort,
    ).toBe(0);
  });
});

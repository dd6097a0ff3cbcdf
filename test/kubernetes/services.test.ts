import { describe, expect, it } from 'vitest';
import {
  clusterIPIn,
  hasSelector,
  isAPIServer,
  isHeadless,
  isProxied,
  needsHealthCheck,
  virtualIPs,
} from '../../src/kubernetes/services.ts';
import { service } from '../support/cluster.ts';

const web = (parts: Partial<Parameters<typeof service>[0]> = {}) => service({ name: 'web', ...parts });

describe('the addresses of a Service', () => {
  it('are none when it is headless', () => {
    expect(isHeadless(web({ clusterIPs: ['None'] }))).toBe(true);
    expect(isHeadless(web({ clusterIPs: [] }))).toBe(false);
    expect(virtualIPs(web({ clusterIPs: ['None'] }))).toEqual([]);
    expect(clusterIPIn(web({ clusterIPs: ['None'] }), 'IPv4')).toBeUndefined();
  });

  it('are at most one in each family', () => {
    const dual = web({ clusterIPs: ['fd00::1', '10.96.0.1'] });
    expect(virtualIPs(dual)).toEqual(['fd00::1', '10.96.0.1']);
    expect(clusterIPIn(dual, 'IPv4')).toBe('10.96.0.1');
    expect(clusterIPIn(web({ clusterIPs: ['10.96.0.1'] }), 'IPv6')).toBeUndefined();
  });
});

it('a selector of an ExternalName has no effect', () => {
  const selector = { app: 'web' };
  expect(hasSelector(web({ selector }))).toBe(true);
  expect(hasSelector(web({ selector: {} }))).toBe(false);
  expect(hasSelector(web({ type: 'ExternalName', selector }))).toBe(false);
});

it('kube-proxy leaves alone what is labelled so, whatever the value, and what is only a name', () => {
  expect(isProxied(web())).toBe(true);
  expect(isProxied(web({ type: 'ExternalName' }))).toBe(false);
  expect(isProxied(web({ labels: { 'service.kubernetes.io/headless': '' } }))).toBe(false);
  expect(isProxied(web({ labels: { 'service.kubernetes.io/service-proxy-name': '' } }))).toBe(false);
});

it('health checks are for load balancers with the Local policy', () => {
  const externalTrafficPolicy = 'Local';
  expect(needsHealthCheck(web({ type: 'LoadBalancer', externalTrafficPolicy }))).toBe(true);
  expect(needsHealthCheck(web({ type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' }))).toBe(false);
  expect(needsHealthCheck(web({ type: 'NodePort', externalTrafficPolicy }))).toBe(false);
});

it('the API server has one Service, in one namespace', () => {
  expect(isAPIServer(service({ name: 'kubernetes' }))).toBe(true);
  expect(isAPIServer(service({ name: 'kubernetes', namespace: 'other' }))).toBe(false);
  expect(isAPIServer(web())).toBe(false);
});

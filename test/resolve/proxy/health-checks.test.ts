import { expect, it } from 'vitest';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import { cluster, endpoint, proxyConfig, service, servicePort, slice } from '../../support/cluster.ts';

const HERE = { nodeName: 'here' };
const LEAVING = { ready: false, serving: true, terminating: true };

const balancer = service({
  name: 'web',
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  allocateLoadBalancerNodePorts: false,
  healthCheckNodePort: 32000,
  ports: [servicePort({ name: 'a' }), servicePort({ name: 'b', port: 81 })],
});

const PORTS = ['a', 'b'].map(
  (name) => ({ name, protocol: 'TCP', port: 80, appProtocol: undefined }) as const,
);

function resolveWith(nodeName: string | undefined, endpoints: ReturnType<typeof endpoint>[]) {
  const objects = { services: [balancer], endpointSlices: [slice({ of: 'web', ports: PORTS, endpoints })] };
  return resolve(cluster(objects), { config: proxyConfig({ nodeName }), family: 'IPv4' });
}

it('counts each address of the node that is ready once, whatever ports it has', () => {
  const endpoints = [
    endpoint('10.0.0.1', HERE),
    endpoint('10.0.0.2', HERE),
    endpoint('10.0.0.3', { nodeName: 'elsewhere' }),
    endpoint('10.0.0.4', { ...HERE, ...LEAVING }),
  ];
  expect(resolveWith('here', endpoints).state.healthChecks).toEqual([
    { namespace: 'default', name: 'web', port: 32000, localEndpoints: 2 },
  ]);
});

it('does not count endpoints that get connections only because there are no others', () => {
  const [check] = resolveWith('here', [endpoint('10.0.0.4', { ...HERE, ...LEAVING })]).state.healthChecks;
  expect(check?.localEndpoints).toBe(0);
});

it('depends on the node, even where no address from outside is served', () => {
  const { diagnostics } = resolveWith(undefined, [endpoint('10.0.0.1', HERE)]);
  expect(diagnostics.map(({ code }) => code)).toEqual(['node-name-given']);
});

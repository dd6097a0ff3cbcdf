import { describe, expect, it } from 'vitest';
import type { Cluster, IPFamily, SliceEndpoint } from '../../../src/model/cluster.ts';
import type { ServicePort } from '../../../src/model/node-state.ts';
import type { ProxyConfig } from '../../../src/model/proxy-config.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import {
  cluster,
  containerPort,
  endpoint,
  endpointPort,
  endpoints,
  node,
  pod,
  proxyConfig,
  service,
  serviceCIDR,
  servicePort,
  slice,
} from '../../support/cluster.ts';

function run(parts: Partial<Cluster>, config: Partial<ProxyConfig> = {}, family: IPFamily = 'IPv4') {
  const { state, diagnostics } = resolve(cluster(parts), { config: proxyConfig(config), family });
  return { state, diagnostics, codes: diagnostics.map(({ code }) => code) };
}

function only(parts: Partial<Cluster>, config: Partial<ProxyConfig> = {}): ServicePort {
  const { servicePorts } = run(parts, config).state;
  expect(servicePorts).toHaveLength(1);
  const [first] = servicePorts;
  if (first === undefined) throw new Error('no service port');
  return first;
}

const ON_A = { nodeName: 'node-a' };
const LOCAL_AND_REMOTE = [endpoint('10.244.0.1', ON_A), endpoint('10.244.1.1', { nodeName: 'node-b' })];
const NODE_PORT = servicePort({ nodePort: 30080 });

function ips(delivery: ServicePort['internal'] | undefined): readonly string[] | string | undefined {
  return delivery?.kind === 'endpoints' ? delivery.pool.endpoints.map(({ ip }) => ip) : delivery?.kind;
}

describe('resolve: service ports', () => {
  it('are sorted by namespace and name of the service, then as in the manifest', () => {
    const ports = [servicePort({ name: 'z', port: 1 }), servicePort({ name: 'a', port: 2 })];
    const { state } = run({
      services: [
        service({ name: 'b', ports, clusterIPs: ['10.96.0.2'] }),
        service({ name: 'a', namespace: 'z' }),
        service({ name: 'a' }),
      ],
    });
    expect(state.servicePorts.map(({ name }) => `${name.namespace}/${name.name}:${name.port}`)).toEqual([
      'default/a:',
      'default/b:z',
      'default/b:a',
      'z/a:',
    ]);
  });

  it('carry what the service says', () => {
    const services = [service({ name: 'a', sessionAffinitySeconds: 60, ports: [NODE_PORT] })];
    expect(only({ services })).toMatchObject({
      name: { namespace: 'default', name: 'a', port: '' },
      protocol: 'TCP',
      clusterIP: '10.96.0.1',
      port: 80,
      nodePort: 30080,
      sessionAffinitySeconds: 60,
    });
  });

  it('keep to the family', () => {
    const parts = {
      services: [service({ name: 'a', clusterIPs: ['10.96.0.1', 'fd00::1'] })],
      endpointSlices: [
        slice({ of: 'a', name: 'a-4', endpoints: [endpoint('10.244.0.1')] }),
        slice({ of: 'a', name: 'a-6', endpoints: [endpoint('fd00:244::1')] }),
        slice({ of: 'a', name: 'a-fqdn', addressType: 'FQDN', endpoints: [endpoint('a.example.com')] }),
      ],
    };
    expect(ips(run(parts).state.servicePorts[0]?.internal)).toEqual(['10.244.0.1']);
    expect(ips(run(parts, {}, 'IPv6').state.servicePorts[0]?.internal)).toEqual(['fd00:244::1']);
  });

  it('make a large cluster with more than 1000 endpoints in all, ready or not, of every port', () => {
    const ports = [servicePort({ name: 'a' }), servicePort({ name: 'b', port: 81 })];
    const slicePorts = [
      endpointPort({ name: 'a' }),
      endpointPort({ name: 'b', port: 81 }),
      endpointPort({ name: 'c' }),
    ];
    const unready = endpoint('10.244.9.2', { ready: false, serving: false });
    const ready = Array.from({ length: 500 }, (_, index) => endpoint(`10.244.${index >> 8}.${index & 255}`));
    const headless = service({ name: 'b', clusterIPs: ['None'] });
    const isLarge = (...endpoints: SliceEndpoint[]) =>
      run({
        services: [service({ name: 'a', ports }), headless],
        endpointSlices: [
          slice({ of: 'a', ports: slicePorts, endpoints }),
          slice({ of: 'b', endpoints: [endpoint('10.244.0.9')] }),
        ],
      }).state.isLargeCluster;
    expect(isLarge(...ready)).toBe(false);
    expect(isLarge(...ready, unready)).toBe(true);
  });
});

describe('resolve: Services without an address', () => {
  const unallocated = (name: string, parts: object = {}) => service({ name, clusterIPs: [], ...parts });
  const errors = (...services: ReturnType<typeof service>[]) =>
    run({ services }).diagnostics.filter(({ code }) => code === 'address-not-allocated');

  it('are an error, one for all', () => {
    const found = errors(unallocated('a'), service({ name: 'b' }), unallocated('c'));
    expect(found).toMatchObject([
      { severity: 'error', object: 'Service default/a', field: ['spec', 'clusterIP'] },
    ]);
    expect(found[0]?.message).toContain('2 Services with ports but without clusterIP (default/a, default/c)');
  });

  it('are fine where no node would serve them anyway', () => {
    expect(
      errors(
        unallocated('a', { type: 'ExternalName' }),
        unallocated('b', { clusterIPs: ['None'] }),
        unallocated('c', { labels: { 'service.kubernetes.io/service-proxy-name': 'other' } }),
        unallocated('d', { ports: [] }),
        unallocated('e', { clusterIPs: ['fd00::1'] }),
      ),
    ).toEqual([]);
  });
});

describe('resolve: deliveries', () => {
  const withSlices = (parts: Partial<Parameters<typeof service>[0]>, list = LOCAL_AND_REMOTE) => ({
    services: [service({ name: 'a', ...parts })],
    endpointSlices: [slice({ of: 'a', endpoints: list })],
  });

  it('of a plain service are internal only', () => {
    const port = only(withSlices({}), ON_A);
    expect(ips(port.internal)).toEqual(['10.244.0.1', '10.244.1.1']);
    expect(port.external).toBeUndefined();
  });

  it('share one pool with Cluster policies', () => {
    const port = only(withSlices({ type: 'NodePort', ports: [NODE_PORT] }), ON_A);
    expect(port.external).toMatchObject({ keepsClientIP: false });
    expect(port.external?.fromOutside).toEqual(port.internal);
    expect(port.external?.fromInside).toEqual(port.internal);
    if (port.internal.kind !== 'endpoints' || port.external?.fromInside.kind !== 'endpoints')
      throw new Error('none');
    expect(port.external.fromInside.pool).toBe(port.internal.pool);
  });

  it('keep to the node with a Local external policy, but not from inside', () => {
    const parts = { type: 'NodePort', ports: [NODE_PORT], externalTrafficPolicy: 'Local' } as const;
    const port = only(withSlices(parts), ON_A);
    expect(ips(port.internal)).toEqual(['10.244.0.1', '10.244.1.1']);
    expect(ips(port.external?.fromOutside)).toEqual(['10.244.0.1']);
    expect(ips(port.external?.fromInside)).toEqual(['10.244.0.1', '10.244.1.1']);
    expect(port.external?.keepsClientIP).toBe(true);
    expect(port.reachable.map(({ isLocal }) => isLocal)).toEqual([true, false]);
  });

  it('drop where a Local policy leaves nothing', () => {
    const parts = { type: 'NodePort', ports: [NODE_PORT], externalTrafficPolicy: 'Local' } as const;
    const port = only(withSlices({ ...parts, internalTrafficPolicy: 'Local' }), { nodeName: 'node-c' });
    expect(ips(port.internal)).toBe('drop');
    expect(ips(port.external?.fromOutside)).toBe('drop');
    expect(ips(port.external?.fromInside)).toEqual(['10.244.0.1', '10.244.1.1']);
  });

  it('reject where there is no endpoint anywhere, whatever the policy', () => {
    const parts = { type: 'NodePort', ports: [NODE_PORT], externalTrafficPolicy: 'Local' } as const;
    const port = only(withSlices({ ...parts, internalTrafficPolicy: 'Local' }, []), ON_A);
    expect([port.internal, port.external?.fromOutside, port.external?.fromInside].map(ips)).toEqual([
      'reject',
      'reject',
      'reject',
    ]);
  });

  it('of an internal Local policy alone reach local endpoints only', () => {
    const port = only(withSlices({ internalTrafficPolicy: 'Local' }), ON_A);
    expect(ips(port.internal)).toEqual(['10.244.0.1']);
    expect(port.reachable).toHaveLength(1);
  });

  it('obey a Local external policy of a ClusterIP service with external IPs', () => {
    const port = only(withSlices({ externalIPs: ['192.0.2.1'], externalTrafficPolicy: 'Local' }), ON_A);
    expect(ips(port.external?.fromOutside)).toEqual(['10.244.0.1']);
  });

  it('have no external side when all outside addresses are of the other family', () => {
    const parts = { externalIPs: ['2001:db8::1'], externalTrafficPolicy: 'Local' } as const;
    const { state, codes } = run(withSlices(parts));
    expect(state.servicePorts[0]?.external).toBeUndefined();
    expect(codes).toEqual([]);
  });

  it('of a load balancer without nodePorts go by its addresses', () => {
    const loadBalancerIngress = [{ ip: '198.51.100.1', ipMode: 'VIP' }] as const;
    const port = only(withSlices({ type: 'LoadBalancer', loadBalancerIngress }));
    expect(port).toMatchObject({ nodePort: 0, loadBalancerIPs: ['198.51.100.1'] });
    expect(port.external).toBeDefined();
  });
});

describe('resolve: where endpoints come from', () => {
  const services = [
    service({ name: 'a', selector: { app: 'a' }, ports: [servicePort({ targetPort: 'web' })] }),
  ];
  const pods = [
    pod({
      name: 'p',
      labels: { app: 'a' },
      podIPs: ['10.0.0.3'],
      containerPorts: [containerPort('web', 8080)],
    }),
    pod({
      name: 'q',
      labels: { app: 'b' },
      podIPs: ['10.0.0.4'],
      containerPorts: [containerPort('web', 8080)],
    }),
  ];
  const object = endpoints({
    name: 'a',
    subsets: [
      {
        addresses: [{ ip: '10.0.0.2', hostname: undefined, nodeName: undefined, targetRef: undefined }],
        notReadyAddresses: [],
        ports: [endpointPort()],
      },
    ],
  });
  const endpointSlices = [slice({ of: 'a', endpoints: [endpoint('10.0.0.1')] })];
  const found = (parts: Partial<Cluster>) => only(parts).reachable.map(({ hostPort }) => hostPort);

  it('slices come first, then Endpoints, then pods', () => {
    expect(found({ services, pods, endpoints: [object], endpointSlices })).toEqual(['10.0.0.1:80']);
    expect(found({ services, pods, endpoints: [object] })).toEqual(['10.0.0.2:80']);
    expect(found({ services, pods })).toEqual(['10.0.0.3:8080']);
    expect(found({ services })).toEqual([]);
  });

  it('an empty slice counts', () => {
    expect(found({ services, pods, endpointSlices: [slice({ of: 'a' })] })).toEqual([]);
  });

  it('slices of another namespace, or of no service, do not', () => {
    const others = [
      slice({ of: 'a', namespace: 'other', endpoints: [endpoint('10.0.0.8')] }),
      slice({ of: '', name: 'a', endpoints: [endpoint('10.0.0.9')] }),
    ];
    expect(found({ services, pods, endpointSlices: others })).toEqual(['10.0.0.3:8080']);
  });

  it('a service without selector has no pods', () => {
    expect(found({ services: [service({ name: 'a' })], pods })).toEqual([]);
  });
});

describe('resolve: the node', () => {
  const nodes = [
    node({ name: 'node-a', addresses: ['192.0.2.1', '2001:db8::1'], podCIDRs: ['10.244.0.0/24'], zone: 'z' }),
  ];

  it('has the address that is given, else that of its Node object', () => {
    expect(run({ nodes }, ON_A).state.nodeIP).toBe('192.0.2.1');
    expect(run({ nodes }, ON_A, 'IPv6').state.nodeIP).toBe('2001:db8::1');
    expect(run({ nodes }, { ...ON_A, nodeIPs: ['192.0.2.8', '192.0.2.9'] }).state.nodeIP).toBe('192.0.2.8');
    expect(run({ nodes }, { nodeName: 'node-b' }).state.nodeIP).toBeUndefined();
  });

  it('takes the settings over', () => {
    const config = { masqueradeAll: true, masqueradeBit: 3, conntrackTCPBeLiberal: true };
    expect(run({}, config).state).toMatchObject({
      masqueraded: { kind: 'all' },
      masqueradeBit: 3,
      dropInvalid: false,
    });
    expect(run({}).state).toMatchObject({ masqueraded: { kind: 'none' }, dropInvalid: true });
  });

  it('has the ranges of ServiceCIDRs, of its family', () => {
    const serviceCIDRs = [
      serviceCIDR('kubernetes', ['10.96.0.0/12', 'fd00:10:96::/112']),
      serviceCIDR('more', ['10.128.0.0/16', '10.96.0.0/12']),
    ];
    expect(run({ serviceCIDRs }).state.serviceCIDRs).toEqual(['10.96.0.0/12', '10.128.0.0/16']);
    expect(run({ serviceCIDRs }, {}, 'IPv6').state.serviceCIDRs).toEqual(['fd00:10:96::/112']);
    expect(run({}).state.serviceCIDRs).toEqual([]);
  });

  it('has localhost NodePorts for IPv4 only', () => {
    expect(run({}).state.localhostNodePorts).toBe(true);
    expect(run({}, {}, 'IPv6').state.localhostNodePorts).toBe(false);
    expect(run({}, { localhostNodePorts: false }).state.localhostNodePorts).toBe(false);
  });

  it('gives its zone to zone hints', () => {
    const hinted = (ip: string, zone: string) => endpoint(ip, { zoneHints: [zone] });
    const parts = {
      nodes,
      services: [service({ name: 'a' })],
      endpointSlices: [slice({ of: 'a', endpoints: [hinted('10.0.0.1', 'y'), hinted('10.0.0.2', 'z')] })],
    };
    expect(only(parts, ON_A).reachable.map(({ ip }) => ip)).toEqual(['10.0.0.2']);
  });
});

describe('resolve: EndpointSlices', () => {
  it.each(['service.kubernetes.io/service-proxy-name', 'service.kubernetes.io/headless'])(
    'labelled %s are nothing to kube-proxy',
    (label) => {
      const slices = [
        slice({ of: 'web', name: 'web-1', endpoints: [endpoint('10.244.0.1')] }),
        slice({ of: 'web', name: 'web-2', endpoints: [endpoint('10.244.0.2')], labels: { [label]: '' } }),
      ];
      const { internal } = only({ services: [service({ name: 'web' })], endpointSlices: slices });
      expect(ips(internal)).toEqual(['10.244.0.1']);
    },
  );
});

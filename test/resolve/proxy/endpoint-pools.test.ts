import { describe, expect, it } from 'vitest';
import { NEWEST_KUBERNETES } from '../../../src/kubernetes/versions.ts';
import { mergeCandidates } from '../../../src/resolve/proxy/candidates.ts';
import type { HeededHints, NodePlace } from '../../../src/resolve/proxy/endpoint-pools.ts';
import { endpointPools, type PoolsUsed } from '../../../src/resolve/proxy/endpoint-pools.ts';
import { endpoint, slice } from '../../support/cluster.ts';

type Endpoints = readonly ReturnType<typeof endpoint>[];

const ALL_HINTS: HeededHints = { zones: true, nodes: true };
const HERE: NodePlace = { name: 'here', zone: 'zone-a' };
const BOTH: PoolsUsed = { cluster: true, local: true };
const CLUSTER: PoolsUsed = { cluster: true, local: false };

function pools(
  endpoints: Endpoints,
  used: PoolsUsed = BOTH,
  node: NodePlace = HERE,
  hints: HeededHints = ALL_HINTS,
) {
  const candidates = mergeCandidates(
    [slice({ of: 'web', endpoints })],
    { name: '', protocol: 'TCP' },
    { nodeName: node.name, facts: NEWEST_KUBERNETES.proxy },
  );
  const found = endpointPools(candidates, used, { ...node, hints });
  const ips = (list: readonly { readonly ip: string }[] | undefined) => list?.map(({ ip }) => ip);
  return {
    hasUsable: found.hasUsable,
    cluster: ips(found.cluster?.endpoints),
    local: ips(found.local?.endpoints),
    reachable: ips(found.reachable),
    topology: found.topology,
    raw: found,
  };
}

const local = (ip: string, parts = {}) => endpoint(ip, { nodeName: 'here', ...parts });
const remote = (ip: string, parts = {}) => endpoint(ip, { nodeName: 'there', ...parts });
const SERVING = { ready: false, serving: true, terminating: true };
const UNREADY = { ready: false, serving: false };

describe('endpointPools', () => {
  it('holds ready endpoints', () => {
    expect(pools([local('10.0.0.1'), remote('10.0.0.2'), remote('10.0.0.3', UNREADY)])).toMatchObject({
      hasUsable: true,
      cluster: ['10.0.0.1', '10.0.0.2'],
      local: ['10.0.0.1'],
      reachable: ['10.0.0.1', '10.0.0.2'],
    });
  });

  it('makes only the pools that are used', () => {
    const endpoints = [local('10.0.0.1'), remote('10.0.0.2')];
    expect(pools(endpoints, CLUSTER).local).toBeUndefined();
    expect(pools(endpoints, { cluster: false, local: true })).toMatchObject({
      cluster: undefined,
      local: ['10.0.0.1'],
      reachable: ['10.0.0.1'],
    });
  });

  it('has nothing usable without endpoints, or when none is ready or serving', () => {
    const nothing = { hasUsable: false, cluster: undefined, local: undefined, reachable: [] };
    expect(pools([])).toMatchObject(nothing);
    expect(pools([local('10.0.0.1', UNREADY)])).toMatchObject(nothing);
    expect(pools([local('10.0.0.1', { ready: false, serving: false, terminating: true })])).toMatchObject(
      nothing,
    );
    expect(pools([local('10.0.0.1', { ready: false, serving: true })])).toMatchObject(nothing);
  });

  it('falls back to terminating endpoints that serve when none is ready', () => {
    expect(pools([local('10.0.0.1', SERVING), remote('10.0.0.2', SERVING)])).toMatchObject({
      cluster: ['10.0.0.1', '10.0.0.2'],
      local: ['10.0.0.1'],
    });
  });

  it('falls back on this node alone, and reaches both then, in order', () => {
    expect(pools([remote('10.0.0.1'), local('10.0.0.2', SERVING), remote('10.0.0.3')])).toMatchObject({
      cluster: ['10.0.0.1', '10.0.0.3'],
      local: ['10.0.0.2'],
      reachable: ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    });
  });

  it('takes an endpoint that is ready and terminating for ready (publishNotReadyAddresses)', () => {
    expect(pools([local('10.0.0.1', { terminating: true }), remote('10.0.0.2')]).cluster).toEqual([
      '10.0.0.1',
      '10.0.0.2',
    ]);
  });

  it('shares endpoint objects between pools', () => {
    const { raw } = pools([remote('10.0.0.1'), local('10.0.0.2', SERVING)]);
    expect(raw.reachable[0]).toBe(raw.cluster?.endpoints[0]);
    expect(raw.reachable[1]).toBe(raw.local?.endpoints[0]);
  });

  it('knows nothing of locality without a node name', () => {
    expect(pools([local('10.0.0.1')], BOTH, { name: undefined, zone: undefined })).toMatchObject({
      cluster: ['10.0.0.1'],
      local: undefined,
    });
  });
});

describe('topology hints', () => {
  const inZone = (zone: string) => ({ zoneHints: [zone] });
  const onNode = (name: string) => ({ nodeHints: [name] });

  it('keep to the zone when every ready endpoint has one', () => {
    expect(
      pools([
        remote('10.0.0.1', inZone('zone-a')),
        remote('10.0.0.2', inZone('zone-b')),
        remote('10.0.0.3', UNREADY),
      ]),
    ).toMatchObject({ cluster: ['10.0.0.1'], topology: { reach: 'same-zone' } });
  });

  it('are ignored when a ready endpoint has none, or none is for this zone', () => {
    expect(pools([remote('10.0.0.1', inZone('zone-a')), remote('10.0.0.2')]).cluster).toHaveLength(2);
    expect(pools([remote('10.0.0.1', inZone('zone-b'))]).cluster).toHaveLength(1);
  });

  it('do not narrow the local pool, and reach endpoints of both', () => {
    expect(pools([local('10.0.0.2', inZone('zone-b')), remote('10.0.0.1', inZone('zone-a'))])).toMatchObject({
      cluster: ['10.0.0.1'],
      local: ['10.0.0.2'],
      reachable: ['10.0.0.1', '10.0.0.2'],
    });
  });

  it('prefer the node to the zone', () => {
    const both = (name: string) => ({ ...onNode(name), ...inZone('zone-a') });
    expect(pools([remote('10.0.0.1', both('here')), remote('10.0.0.2', both('there'))])).toMatchObject({
      cluster: ['10.0.0.1'],
      topology: { reach: 'same-node' },
    });
  });

  it('fall back to the zone when no node hint is for this node', () => {
    expect(
      pools([
        remote('10.0.0.1', { ...onNode('there'), ...inZone('zone-a') }),
        remote('10.0.0.2', { ...onNode('there'), ...inZone('zone-b') }),
      ]),
    ).toMatchObject({ cluster: ['10.0.0.1'], topology: { reach: 'same-zone' } });
  });

  it('do not count for terminating endpoints', () => {
    expect(pools([remote('10.0.0.1', { ...SERVING, ...inZone('zone-b') })])).toMatchObject({
      cluster: ['10.0.0.1'],
      topology: { isHinted: false },
    });
  });

  it('are ignored when the zone is not known, which is said', () => {
    const node = { name: 'here', zone: undefined };
    expect(pools([remote('10.0.0.1', inZone('zone-a'))], CLUSTER, node)).toMatchObject({
      cluster: ['10.0.0.1'],
      topology: { reach: 'any', isHinted: true, lacksZone: true },
    });
    expect(pools([remote('10.0.0.1')], CLUSTER, node).topology.lacksZone).toBe(false);
  });

  it('mean nothing to a service that uses local endpoints only', () => {
    const used = { cluster: false, local: true };
    expect(pools([local('10.0.0.1', inZone('zone-b'))], used)).toMatchObject({
      local: ['10.0.0.1'],
      topology: { isHinted: false },
    });
  });
});

describe('topology hints by version', () => {
  const zones = [
    remote('10.0.0.1', { zoneHints: ['zone-a'] }),
    remote('10.0.0.2', { zoneHints: ['zone-b'] }),
  ];
  const nodes = [remote('10.0.0.1', { nodeHints: ['here'] }), remote('10.0.0.2', { nodeHints: ['there'] })];

  it('are void where they are not heeded', () => {
    const neither = { zones: false, nodes: false };
    expect(pools(zones, CLUSTER, HERE, neither).cluster).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(pools(nodes, CLUSTER, HERE, neither).cluster).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  it('for nodes do not count up to 1.33, while those for zones do', () => {
    const zonesOnly = { zones: true, nodes: false };
    expect(pools(nodes, CLUSTER, HERE, zonesOnly).cluster).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(pools(zones, CLUSTER, HERE, zonesOnly).cluster).toEqual(['10.0.0.1']);
  });
});

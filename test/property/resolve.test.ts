import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndpointSlice, Service, SliceEndpoint } from '../../src/model/cluster.ts';
import type { Delivery, Endpoint, ServicePort } from '../../src/model/node-state.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { cluster, endpoint, node, proxyConfig, service, servicePort, slice } from '../support/cluster.ts';

const NODES = ['node-a', 'node-b', 'node-c'];
const ZONES = ['zone-a', 'zone-b'];
const HERE = 'node-a';
const policy = fc.constantFrom('Cluster', 'Local');
const hints = (names: readonly string[]) => fc.subarray([...names], { maxLength: 2 });

const anEndpoint: fc.Arbitrary<SliceEndpoint> = fc
  .record({
    address: fc.integer({ min: 1, max: 12 }),
    ready: fc.boolean(),
    serving: fc.boolean(),
    terminating: fc.boolean(),
    nodeName: fc.option(fc.constantFrom(...NODES), { nil: undefined }),
    zoneHints: fc.oneof(fc.constant([]), hints(ZONES)),
    nodeHints: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, hints(NODES)),
  })
  .map(({ address, ...parts }) => endpoint(`10.244.0.${address}`, parts));

const someEndpoints = fc.uniqueArray(anEndpoint, { maxLength: 6, selector: ({ addresses }) => addresses[0] });

const aService: fc.Arbitrary<{ readonly service: Service; readonly slices: readonly EndpointSlice[] }> = fc
  .record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    internal: policy,
    external: policy,
    nodePort: fc.constantFrom(0, 30000),
    endpoints: fc.array(someEndpoints, { maxLength: 3 }),
  })
  .map(({ name, internal, external, nodePort, endpoints }) => ({
    service: service({
      name,
      internalTrafficPolicy: internal,
      externalTrafficPolicy: external,
      ports: [servicePort({ nodePort })],
    }),
    slices: endpoints.map((list, index) => slice({ of: name, name: `${name}-${index}`, endpoints: list })),
  }));

const aCluster = fc.uniqueArray(aService, { selector: ({ service: { name } }) => name });
const nodes = [node({ name: HERE, zone: 'zone-a' })];
const target = { config: proxyConfig({ nodeName: HERE }), family: 'IPv4' } as const;

function resolveAll(services: readonly Service[], endpointSlices: readonly EndpointSlice[]) {
  return resolve(cluster({ services, endpointSlices, nodes }), target);
}

function deliveries({ internal, external }: ServicePort): readonly Delivery[] {
  return external === undefined ? [internal] : [internal, external.fromOutside, external.fromInside];
}

function chosen(delivery: Delivery): readonly Endpoint[] {
  return delivery.kind === 'endpoints' ? delivery.pool.endpoints : [];
}

/** What slices say of an address: all of it, where several do. */
function sources(slices: readonly EndpointSlice[], ip: string): readonly SliceEndpoint[] {
  return slices.flatMap(({ endpoints }) => endpoints).filter(({ addresses }) => addresses[0] === ip);
}

const isUsable = (each: SliceEndpoint) => each.ready || (each.serving && each.terminating);

describe('resolve', () => {
  it('does not depend on the order of the input', () => {
    fc.assert(
      fc.property(aCluster, fc.func(fc.integer()), (parts, rank) => {
        const services = parts.map((each) => each.service);
        const slices = parts.flatMap((each) => each.slices);
        const byRank = <T>(list: readonly T[]) =>
          list
            .map((each, index) => [rank(index, list.length), each] as const)
            .sort(([a], [b]) => a - b)
            .map(([, each]) => each);
        const shuffled = byRank(slices).map((each) => ({ ...each, endpoints: byRank(each.endpoints) }));
        expect(resolveAll(byRank(services), shuffled)).toEqual(resolveAll(services, slices));
      }),
    );
  });

  it('chooses endpoints that are usable, by the policy', () => {
    fc.assert(
      fc.property(aCluster, (parts) => {
        const slices = parts.flatMap((each) => each.slices);
        const { state } = resolveAll(
          parts.map((each) => each.service),
          slices,
        );
        for (const port of state.servicePorts) {
          const own = slices.filter(({ serviceName }) => serviceName === port.name.name);
          for (const delivery of deliveries(port)) {
            const ips = chosen(delivery).map(({ ip }) => ip);
            expect(ips).toEqual([...new Set(ips)]);
            for (const ip of ips) expect(sources(own, ip).some(isUsable)).toBe(true);
            if (delivery.kind !== 'endpoints') continue;
            expect(ips.length).toBeGreaterThan(0);
            if (delivery.pool.scope === 'local')
              expect(delivery.pool.endpoints.every((each) => each.isLocal)).toBe(true);
          }
        }
      }),
    );
  });

  it('reaches exactly what deliveries choose, in order', () => {
    fc.assert(
      fc.property(aCluster, (parts) => {
        const { state } = resolveAll(
          parts.map((each) => each.service),
          parts.flatMap((each) => each.slices),
        );
        for (const port of state.servicePorts) {
          const all = new Set(deliveries(port).flatMap(chosen));
          expect(port.reachable).toEqual([...all].sort((a, b) => (a.hostPort < b.hostPort ? -1 : 1)));
          for (const each of port.reachable) expect(all.has(each)).toBe(true);
        }
      }),
    );
  });

  it('rejects everywhere or nowhere, and drops only by a Local policy', () => {
    fc.assert(
      fc.property(aCluster, (parts) => {
        const services = parts.map((each) => each.service);
        const { state } = resolveAll(
          services,
          parts.flatMap((each) => each.slices),
        );
        for (const port of state.servicePorts) {
          const kinds = deliveries(port).map(({ kind }) => kind);
          expect(new Set(kinds.map((kind) => kind === 'reject')).size).toBe(1);
          const spec = services.find(({ name }) => name === port.name.name);
          if (spec?.internalTrafficPolicy === 'Cluster') expect(port.internal.kind).not.toBe('drop');
          if (spec?.externalTrafficPolicy === 'Cluster')
            expect(port.external?.fromOutside.kind).not.toBe('drop');
          expect(port.external?.fromInside.kind).not.toBe('drop');
        }
      }),
    );
  });
});

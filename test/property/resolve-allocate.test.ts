import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/model/cluster.ts';
import { type AllocateOptions, allocate } from '../../src/resolve/allocation/allocate.ts';
import { formatAllocationLock, parseAllocationLock } from '../../src/resolve/allocation/allocation-lock.ts';
import { cluster, service, servicePort } from '../support/cluster.ts';

/** Small ranges, so that names often hash to the same value. */
const OPTIONS: AllocateOptions = {
  serviceCIDRs: ['10.96.0.0/26', 'fd00::/122'],
  nodePortRange: { first: 30000, last: 30079 },
  lock: undefined,
  noAllocate: false,
};

const aService: fc.Arbitrary<Service> = fc
  .record({
    name: fc.integer({ min: 0, max: 40 }),
    type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'),
    isExplicit: fc.boolean(),
    isDual: fc.boolean(),
    externalTrafficPolicy: fc.constantFrom('Cluster', 'Local'),
    ports: fc.uniqueArray(
      fc.record({ port: fc.constantFrom(53, 80), protocol: fc.constantFrom('TCP', 'UDP') }),
      { minLength: 1, maxLength: 3, selector: ({ port, protocol }) => `${port}/${protocol}` },
    ),
  })
  .map(({ name, type, isExplicit, isDual, externalTrafficPolicy, ports }) =>
    service({
      name: `s${name}`,
      type,
      externalTrafficPolicy,
      ipFamilyPolicy: isDual ? 'RequireDualStack' : undefined,
      clusterIPs: isExplicit ? [`10.96.0.${name + 2}`] : [],
      ports: ports.map(({ port, protocol }) =>
        servicePort({
          name: `${protocol.toLowerCase()}-${port}`,
          port,
          protocol,
          nodePort: isExplicit && type !== 'ClusterIP' && port === 53 ? 30000 + name : 0,
        }),
      ),
    }),
  );

const someServices = fc.uniqueArray(aService, { maxLength: 14, selector: ({ name }) => name });

function run(services: readonly Service[], options: Partial<AllocateOptions> = {}) {
  return allocate(cluster({ services }), { ...OPTIONS, ...options });
}

function values(services: readonly Service[]) {
  return new Map(
    services.map(({ name, clusterIPs, ports, healthCheckNodePort }) => [
      name,
      { clusterIPs, nodePorts: ports.map(({ nodePort }) => nodePort), healthCheckNodePort },
    ]),
  );
}

describe('allocate', () => {
  it('gives every service what it lacks, and nothing twice', () => {
    fc.assert(
      fc.property(someServices, (services) => {
        const { cluster: filled, diagnostics } = run(services);
        expect(diagnostics).toEqual([]);
        const ips = filled.services.flatMap(({ clusterIPs }) => clusterIPs);
        expect(new Set(ips).size).toBe(ips.length);
        const ports = filled.services.flatMap((each) => {
          const shared = new Map(each.ports.map(({ port, nodePort }) => [`${port} ${nodePort}`, nodePort]));
          return [...shared.values(), each.healthCheckNodePort].filter((port) => port !== 0);
        });
        expect(new Set(ports).size).toBe(ports.length);
        for (const { type, clusterIPs, ipFamilies, ports: own } of filled.services) {
          expect(clusterIPs).toHaveLength(ipFamilies.length);
          expect(own.every(({ nodePort }) => (nodePort !== 0) === (type !== 'ClusterIP'))).toBe(true);
        }
      }),
    );
  });

  it('keeps what is explicit', () => {
    fc.assert(
      fc.property(someServices, (services) => {
        const after = values(run(services).cluster.services);
        for (const { name, clusterIPs, ports } of services) {
          expect(after.get(name)?.clusterIPs.slice(0, clusterIPs.length)).toEqual(clusterIPs);
          ports.forEach(({ nodePort }, index) => {
            if (nodePort !== 0) expect(after.get(name)?.nodePorts[index]).toBe(nodePort);
          });
        }
      }),
    );
  });

  it('does not depend on the order of the input', () => {
    fc.assert(
      fc.property(someServices, (services) => {
        expect(run([...services].reverse())).toEqual(run(services));
      }),
    );
  });

  it('never moves a locked service when others come and go', () => {
    fc.assert(
      fc.property(someServices, fc.func(fc.boolean()), (services, stays) => {
        const withoutExplicit = services.filter(({ clusterIPs }) => clusterIPs.length === 0);
        const before = withoutExplicit.filter(({ name }) => stays(name));
        const first = run(before);
        const { lock } = parseAllocationLock(formatAllocationLock(first.lock), 'lock');
        const second = run(withoutExplicit, { lock });
        expect(second.diagnostics).toEqual([]);
        const after = values(second.cluster.services);
        for (const [name, value] of values(first.cluster.services)) expect(after.get(name)).toEqual(value);
        expect(run(before, { lock: second.lock }).lock).toEqual(first.lock);
      }),
    );
  });

  it('allocates nothing new from its own lock', () => {
    fc.assert(
      fc.property(someServices, (services) => {
        const { cluster: filled, lock } = run(services);
        expect(run(services, { lock, noAllocate: true })).toEqual({ cluster: filled, lock, diagnostics: [] });
      }),
    );
  });
});

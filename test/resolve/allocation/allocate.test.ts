import { describe, expect, it } from 'vitest';
import type { Cluster, Service } from '../../../src/model/cluster.ts';
import { type AllocateOptions, allocate } from '../../../src/resolve/allocation/allocate.ts';
import type { AllocationLock } from '../../../src/resolve/allocation/allocation-lock.ts';
import { cluster, service, serviceCIDR, servicePort } from '../../support/cluster.ts';

const DEFAULTS: AllocateOptions = {
  serviceCIDRs: undefined,
  nodePortRange: { first: 30000, last: 32767 },
  lock: undefined,
  noAllocate: false,
};

type Parts = Omit<Parameters<typeof service>[0], 'name'>;

/** A Service that has nothing yet. */
function bare(name: string, parts: Parts = {}): Service {
  return service({ name, clusterIPs: [], ...parts });
}

function run(
  services: readonly Service[],
  options: Partial<AllocateOptions> = {},
  parts: Partial<Cluster> = {},
) {
  const result = allocate(cluster({ ...parts, services }), { ...DEFAULTS, ...options });
  const byName = new Map(result.cluster.services.map((each) => [each.name, each]));
  return {
    ...result,
    of: (name: string) => byName.get(name) ?? expect.fail(name),
    codes: result.diagnostics.map(({ code }) => code),
  };
}

function lockOf(services: AllocationLock['services']): AllocationLock {
  return { version: 1, services };
}

const DUAL = ['10.96.0.0/16', 'fd00:10:96::/112'];

describe('allocate: cluster IPs', () => {
  it('come from the upper band of the default range, the same each time', () => {
    const { of, lock, diagnostics } = run([bare('web')]);
    expect(of('web').clusterIPs).toEqual(['10.109.52.255']);
    expect(of('web').ipFamilies).toEqual(['IPv4']);
    expect(lock.services).toEqual({ 'default/web': { clusterIPs: ['10.109.52.255'] } });
    expect(diagnostics).toEqual([]);
  });

  it('leave services alone that lack nothing', () => {
    const services = [
      service({ name: 'a', clusterIPs: ['10.96.0.7'] }),
      service({ name: 'b', clusterIPs: ['None'] }),
      service({ name: 'c', clusterIPs: [], type: 'ExternalName' }),
    ];
    const input = cluster({ services });
    const result = allocate(input, DEFAULTS);
    expect(result.cluster).toEqual(input);
    for (const [index, each] of input.services.entries()) expect(result.cluster.services[index]).toBe(each);
    expect(result.lock).toEqual({ version: 1, services: {} });
  });

  it('never take what is set explicitly', () => {
    const [ip = ''] = run([bare('web')]).of('web').clusterIPs;
    const { of } = run([bare('web'), service({ name: 'z', clusterIPs: [ip] })]);
    expect(of('web').clusterIPs).toEqual(['10.109.53.0']);
  });

  it('leave the lower band to people until the upper one is full', () => {
    const serviceCIDRs = ['10.96.0.0/27'];
    const services = Array.from({ length: 29 }, (_, index) => bare(`s${10 + index}`));
    const { cluster: full, diagnostics } = run(services, { serviceCIDRs });
    expect(diagnostics).toEqual([]);
    const last = full.services.map(({ clusterIPs: [ip = ''] }) => Number(ip.split('.')[3]));
    expect(last.slice(0, 14).every((each) => each >= 17 && each <= 30)).toBe(true);
    expect(last.slice(14).every((each) => each >= 2 && each <= 16)).toBe(true);
    expect(new Set(last).size).toBe(29);
  });

  it('are one error when the range is full', () => {
    const services = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => bare(name));
    const { diagnostics, of } = run(services, { serviceCIDRs: ['10.96.0.0/29'] });
    expect(diagnostics).toMatchObject([
      {
        code: 'service-range-has-room',
        severity: 'error',
        object: 'Service default/f',
        message: '10.96.0.0/29 is full: no address is left for default/f, default/g',
      },
    ]);
    expect(of('f').clusterIPs).toEqual([]);
  });

  it('give the first address to the API server only', () => {
    const kubernetes = bare('kubernetes');
    expect(run([kubernetes]).of('kubernetes').clusterIPs).toEqual(['10.96.0.1']);
    const holder = service({ name: 'a', clusterIPs: ['10.96.0.1'] });
    expect(run([kubernetes, holder]).of('kubernetes').clusterIPs[0]).not.toBe('10.96.0.1');
    const elsewhere = bare('kubernetes', { namespace: 'other' });
    expect(run([elsewhere]).of('kubernetes').clusterIPs[0]).not.toBe('10.96.0.1');
  });

  it('come from ServiceCIDR objects, the one named kubernetes first', () => {
    const serviceCIDRs = [serviceCIDR('extra', ['10.1.0.0/24']), serviceCIDR('kubernetes', ['10.2.0.0/29'])];
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { cluster: filled } = run(
      names.map((name) => bare(name)),
      {},
      { serviceCIDRs },
    );
    const nets = filled.services.map(({ clusterIPs: [ip = ''] }) => ip.split('.')[1]);
    expect(nets).toEqual(['2', '2', '2', '2', '2', '1']);
    expect(
      run([bare('a')], { serviceCIDRs: ['10.3.0.0/24'] }, { serviceCIDRs }).of('a').clusterIPs[0],
    ).toMatch(/^10\.3\./);
  });
});

describe('allocate: families', () => {
  const families = (parts: Parts, serviceCIDRs?: readonly string[]) =>
    run([bare('a', parts)], { serviceCIDRs }).of('a').ipFamilies;

  it('are the first of the ranges by default', () => {
    expect(families({})).toEqual(['IPv4']);
    expect(families({}, ['fd00::/112', '10.0.0.0/24'])).toEqual(['IPv6']);
  });

  it('are what the service asks for', () => {
    expect(families({ ipFamilies: ['IPv6'] })).toEqual(['IPv6']);
    expect(families({ ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'PreferDualStack' })).toEqual([
      'IPv6',
      'IPv4',
    ]);
  });

  it('are both with a dual-stack policy', () => {
    expect(families({ ipFamilyPolicy: 'PreferDualStack' })).toEqual(['IPv4', 'IPv6']);
    expect(families({ ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6'] })).toEqual(['IPv6', 'IPv4']);
    expect(families({ ipFamilyPolicy: 'SingleStack' })).toEqual(['IPv4']);
  });

  it('are one where the cluster has one', () => {
    expect(families({ ipFamilyPolicy: 'PreferDualStack' }, ['10.0.0.0/24'])).toEqual(['IPv4']);
    const required = run([bare('a', { ipFamilyPolicy: 'RequireDualStack' })], {
      serviceCIDRs: ['10.0.0.0/24'],
    });
    expect(required.diagnostics).toMatchObject([
      {
        code: 'service-family-has-range',
        field: ['spec', 'ipFamilyPolicy'],
        message: 'the cluster has no service range of family "IPv6", only 10.0.0.0/24',
      },
    ]);
    const asked = run([bare('a', { ipFamilies: ['IPv6'] })], { serviceCIDRs: ['10.0.0.0/24'] });
    expect(asked.diagnostics).toMatchObject([{ field: ['spec', 'ipFamilies', 0] }]);
  });

  it('are added to an address that is given', () => {
    const one: Parts = { clusterIPs: ['10.96.0.7'], ipFamilyPolicy: 'RequireDualStack' };
    expect(run([bare('a', one)]).of('a').clusterIPs).toEqual([
      '10.96.0.7',
      expect.stringMatching(/^fd00:10:96::/),
    ]);
    const preferred: Parts = { ...one, ipFamilyPolicy: 'PreferDualStack' };
    expect(run([bare('a', preferred)]).of('a').clusterIPs).toHaveLength(1);
    expect(run([bare('a', preferred)], { serviceCIDRs: DUAL }).of('a').clusterIPs).toHaveLength(2);
    expect(
      run([bare('a', preferred)], { serviceCIDRs: DUAL }).lock.services['default/a']?.clusterIPs,
    ).toHaveLength(1);
  });
});

describe('allocate: families of headless services', () => {
  const families = (parts: Parts, serviceCIDRs?: readonly string[]) =>
    run([bare('a', { clusterIPs: ['None'], selector: { app: 'a' }, ...parts })], { serviceCIDRs }).of('a')
      .ipFamilies;

  it('are left open where the ranges are not known', () => {
    expect(families({})).toEqual([]);
    expect(families({ ipFamilies: ['IPv6'] })).toEqual(['IPv6']);
  });

  it('are those of the cluster', () => {
    expect(families({}, ['fd00::/112', '10.0.0.0/24'])).toEqual(['IPv6']);
    expect(families({ ipFamilyPolicy: 'PreferDualStack' }, DUAL)).toEqual(['IPv4', 'IPv6']);
    expect(families({ ipFamilyPolicy: 'PreferDualStack' }, ['10.0.0.0/24'])).toEqual(['IPv4']);
  });

  it('are both without a selector, unless one is asked for', () => {
    expect(families({ selector: {} }, ['10.0.0.0/24'])).toEqual(['IPv4', 'IPv6']);
    expect(families({ selector: {}, ipFamilyPolicy: 'SingleStack' }, DUAL)).toEqual(['IPv4']);
  });
});

describe('allocate: nodePorts', () => {
  const both = [
    servicePort({ name: 'dns', port: 53, protocol: 'UDP' }),
    servicePort({ name: 'dns-tcp', port: 53 }),
    servicePort({ name: 'metrics', port: 9153 }),
  ];
  const nodePorts = ({ ports }: Service) => ports.map(({ nodePort }) => nodePort);

  it('come from the upper band', () => {
    const services = Array.from({ length: 200 }, (_, index) => bare(`s${index}`, { type: 'NodePort' }));
    const ports = run(services).cluster.services.flatMap(nodePorts);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(30086);
    expect(Math.max(...ports)).toBeLessThanOrEqual(32767);
    expect(new Set(ports).size).toBe(200);
  });

  it('are one for TCP and UDP of the same port', () => {
    const { of, lock } = run([bare('a', { type: 'NodePort', ports: both })]);
    const [dns = 0, dnsTCP, metrics] = nodePorts(of('a'));
    expect(dns).toBeGreaterThan(0);
    expect(dnsTCP).toBe(dns);
    expect(metrics).not.toBe(dns);
    expect(lock.services['default/a']?.nodePorts).toEqual({
      'dns-tcp/TCP': dns,
      'dns/UDP': dns,
      'metrics/TCP': metrics,
    });
  });

  it('are that of the sibling which has one, which is not locked', () => {
    const [udp = servicePort(), ...others] = both;
    const ports = [udp, { ...(others[0] ?? udp), nodePort: 30053 }];
    const { of, lock } = run([service({ name: 'a', type: 'NodePort', ports })]);
    expect(nodePorts(of('a'))).toEqual([30053, 30053]);
    expect(lock.services).toEqual({});
  });

  it('are for NodePort and LoadBalancer services that want them', () => {
    expect(nodePorts(run([bare('a')]).of('a'))).toEqual([0]);
    expect(nodePorts(run([bare('a', { type: 'LoadBalancer' })]).of('a'))[0]).toBeGreaterThan(0);
    const without: Parts = { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false };
    expect(nodePorts(run([bare('a', without)]).of('a'))).toEqual([0]);
  });

  it('avoid what is explicit, health check ports too', () => {
    const [port = 0] = nodePorts(run([bare('a', { type: 'NodePort' })]).of('a'));
    const z = service({
      name: 'z',
      type: 'LoadBalancer',
      healthCheckNodePort: port,
      externalTrafficPolicy: 'Local',
    });
    const next = nodePorts(run([bare('a', { type: 'NodePort' }), z]).of('a'));
    expect(next).toEqual([port + 1]);
  });

  it('are one error when the range is full', () => {
    const services = [bare('a', { type: 'NodePort', ports: both }), bare('b', { type: 'NodePort' })];
    const { diagnostics } = run(services, { nodePortRange: { first: 30000, last: 30000 } });
    expect(diagnostics).toMatchObject([
      {
        code: 'node-port-range-has-room',
        field: ['spec', 'ports', 2, 'nodePort'],
        message: '30000-30000 is full: 2 ports of default/a, default/b cannot be served',
      },
    ]);
  });

  it('include health check ports where the policy is Local', () => {
    const local: Parts = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
    const { of, lock } = run([bare('a', local)]);
    const { healthCheckNodePort } = of('a');
    expect(healthCheckNodePort).toBeGreaterThanOrEqual(30086);
    expect(nodePorts(of('a'))).not.toContain(healthCheckNodePort);
    expect(lock.services['default/a']?.healthCheckNodePort).toBe(healthCheckNodePort);
    expect(run([bare('a', { ...local, type: 'NodePort' })]).of('a').healthCheckNodePort).toBe(0);
  });
});

describe('allocate: the lock', () => {
  it('keeps what was allocated, and forgets services that are gone', () => {
    const locked = { clusterIPs: ['10.96.5.5'], nodePorts: { '/TCP': 30001 }, healthCheckNodePort: 30002 };
    const lock = lockOf({ 'default/a': locked, 'default/gone': { clusterIPs: ['10.96.5.6'] } });
    const a = bare('a', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    const result = run([a], { lock });
    expect(result.of('a')).toMatchObject({ clusterIPs: ['10.96.5.5'], healthCheckNodePort: 30002 });
    expect(result.of('a').ports[0]?.nodePort).toBe(30001);
    expect(result.lock).toEqual(lockOf({ 'default/a': locked }));
    expect(result.diagnostics).toEqual([]);
  });

  it('comes before new services, whatever their names', () => {
    const [ip = ''] = run([bare('a')]).of('a').clusterIPs;
    const result = run([bare('a'), bare('z')], { lock: lockOf({ 'default/z': { clusterIPs: [ip] } }) });
    expect(result.of('z').clusterIPs).toEqual([ip]);
    expect(result.of('a').clusterIPs).not.toEqual([ip]);
  });

  it('gives way to explicit values, with a warning', () => {
    const lock = lockOf({ 'default/a': { clusterIPs: ['10.96.5.5'], nodePorts: { '/TCP': 30001 } } });
    const taker = service({
      name: 'z',
      type: 'NodePort',
      clusterIPs: ['10.96.5.5'],
      ports: [servicePort({ nodePort: 30001 })],
    });
    const result = run([bare('a', { type: 'NodePort' }), taker], { lock });
    expect(result.diagnostics).toMatchObject([
      {
        code: 'locked-value-usable',
        severity: 'warning',
        object: 'Service default/a',
        field: ['spec', 'clusterIP'],
        message: 'spec.clusterIP cannot stay 10.96.5.5 as locked: it is taken by now',
      },
      { message: 'spec.ports[0].nodePort cannot stay 30001 as locked: it is taken by now' },
    ]);
    expect(result.of('a').clusterIPs).toEqual(run([bare('a')]).of('a').clusterIPs);
    expect(result.lock.services['default/a']?.clusterIPs).toEqual(result.of('a').clusterIPs);
  });

  it('gives way when the range has changed, with a warning', () => {
    const lock = lockOf({ 'default/a': { clusterIPs: ['10.1.0.5'], nodePorts: { '/TCP': 20000 } } });
    const { diagnostics } = run([bare('a', { type: 'NodePort' })], { lock });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'spec.clusterIP cannot stay 10.1.0.5 as locked: it is outside 10.96.0.0/12',
      'spec.ports[0].nodePort cannot stay 20000 as locked: it is outside 30000-32767',
    ]);
  });

  it('does not hold what a service has set itself', () => {
    const lock = lockOf({ 'default/a': { clusterIPs: ['10.96.5.5'] } });
    const result = run([service({ name: 'a', clusterIPs: ['10.96.0.9'] }), bare('b')], { lock });
    expect(result.of('a').clusterIPs).toEqual(['10.96.0.9']);
    expect(Object.keys(result.lock.services)).toEqual(['default/b']);
  });

  it('keeps one port for TCP and UDP', () => {
    const ports = [servicePort({ name: 'u', protocol: 'UDP' }), servicePort({ name: 't' })];
    const lock = lockOf({ 'default/a': { nodePorts: { 't/TCP': 30007, 'u/UDP': 30007 } } });
    const result = run([service({ name: 'a', type: 'NodePort', ports })], { lock });
    expect(result.of('a').ports.map(({ nodePort }) => nodePort)).toEqual([30007, 30007]);
    expect(result.diagnostics).toEqual([]);
  });
});

describe('allocate: noAllocate', () => {
  it('is an error for each missing value, with what to set', () => {
    const parts: Parts = {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ports: [servicePort({ name: 'a' }), servicePort({ name: 'b', port: 81, nodePort: 30001 })],
    };
    const { diagnostics, of } = run([bare('a', parts)], { noAllocate: true });
    expect(diagnostics.map(({ code, field, hint }) => [code, field.join('.'), hint])).toEqual([
      ['cluster-ip-given', 'spec.clusterIP', 'set it to a free address of 10.96.0.0/12'],
      [
        'node-port-given',
        'spec.ports.0.nodePort',
        'set it to a free port of 30000-32767, or spec.allocateLoadBalancerNodePorts to false',
      ],
      ['health-check-node-port-given', 'spec.healthCheckNodePort', 'set it to a free port of 30000-32767'],
    ]);
    expect(of('a').clusterIPs).toEqual([]);
  });

  it('uses what is locked', () => {
    const lock = lockOf({ 'default/a': { clusterIPs: ['10.96.5.5'] } });
    const result = run([bare('a')], { lock, noAllocate: true });
    expect(result.diagnostics).toEqual([]);
    expect(result.of('a').clusterIPs).toEqual(['10.96.5.5']);
  });

  it('does not insist on a second address that is only preferred', () => {
    const one: Parts = { clusterIPs: ['10.96.0.7'], ipFamilyPolicy: 'PreferDualStack' };
    expect(run([bare('a', one)], { noAllocate: true, serviceCIDRs: DUAL }).diagnostics).toEqual([]);
    const required = run([bare('a', { ...one, ipFamilyPolicy: 'RequireDualStack' })], { noAllocate: true });
    expect(required.diagnostics).toMatchObject([{ field: ['spec', 'clusterIPs', 1] }]);
  });
});

import { describe, expect, test } from 'vitest';
import type { EndpointAddress, EndpointSubset, Pod, Service } from '../../../src/model/cluster.ts';
import { endpointsFromPods } from '../../../src/resolve/controllers/endpoint-objects.ts';
import { containerPort, pod, service, servicePort } from '../../support/cluster.ts';

function endpointsOf(parts: Partial<Service>, pods: readonly Pod[]) {
  return endpointsFromPods(service({ name: 'web', selector: { app: 'web' }, ...parts }), pods);
}

/** `8080: 10.1.0.1 !10.1.0.2`: ports, then addresses, a mark before those that are not ready. */
function show(subsets: readonly EndpointSubset[] = []): readonly string[] {
  return subsets.map(({ ports, addresses, notReadyAddresses }) => {
    const names = [...ips(addresses), ...ips(notReadyAddresses).map((ip) => `!${ip}`)];
    return `${ports.map(({ port }) => port).join()}: ${names.join(' ')}`;
  });
}

function ips(addresses: readonly EndpointAddress[]): readonly string[] {
  return addresses.map(({ ip }) => ip);
}

function many(count: number, parts: Partial<Pod> & { readonly start?: number } = {}): readonly Pod[] {
  const { start = 0, ...rest } = parts;
  return Array.from({ length: count }, (_, index) => {
    const at = start + index;
    return pod({ name: `p${at}`, uid: `u${at}`, podIPs: [`10.1.${at >> 8}.${at & 255}`], ...rest });
  });
}

test.each([
  ['without selector', { selector: {} }],
  ['ExternalName', { type: 'ExternalName' as const }],
])('%s: no object', (_, parts) => {
  expect(endpointsOf(parts, many(1))).toBeUndefined();
});

test('no pods: an object without subsets', () => {
  expect(endpointsOf({}, [])).toMatchObject({ namespace: 'default', name: 'web', subsets: [] });
});

test('pods that are not ready are set apart, those being deleted or finished left out', () => {
  const pods = [
    pod({ name: 'a', podIPs: ['10.1.0.1'] }),
    pod({ name: 'b', podIPs: ['10.1.0.2'], isReady: false }),
    pod({ name: 'c', podIPs: ['10.1.0.3'], isTerminating: true }),
    pod({ name: 'd', podIPs: ['10.1.0.4'], phase: 'Failed' }),
  ];
  expect(show(endpointsOf({}, pods)?.subsets)).toEqual(['80: 10.1.0.1 !10.1.0.2']);
  expect(show(endpointsOf({ publishNotReadyAddresses: true }, pods)?.subsets)).toEqual([
    '80: 10.1.0.1 10.1.0.2 10.1.0.3',
  ]);
});

test('only the first family counts', () => {
  const pods = [
    pod({ name: 'a', podIPs: ['10.1.0.1', 'fd00::1'] }),
    pod({ name: 'b', podIPs: ['10.1.0.2'] }),
  ];
  expect(show(endpointsOf({ ipFamilies: ['IPv6', 'IPv4'] }, pods)?.subsets)).toEqual(['80: fd00::1']);
});

test('addresses are sorted as text', () => {
  const pods = ['10.1.0.9', '10.1.0.10', '10.1.0.1'].map((ip, index) =>
    pod({ name: `p${index}`, podIPs: [ip] }),
  );
  expect(show(endpointsOf({}, pods)?.subsets)).toEqual(['80: 10.1.0.1 10.1.0.10 10.1.0.9']);
});

test('ports with the same addresses share a subset', () => {
  const ports = [
    servicePort({ name: 'http', targetPort: 'http' }),
    servicePort({ name: 'admin', port: 81, targetPort: 8081 }),
    servicePort({ name: 'metrics', port: 82, targetPort: 8082 }),
  ];
  const pods = [
    pod({ name: 'a', podIPs: ['10.1.0.1'], containerPorts: [containerPort('http', 8080)] }),
    pod({ name: 'b', podIPs: ['10.1.0.2'], isReady: false }),
  ];
  expect(show(endpointsOf({ ports }, pods)?.subsets)).toEqual([
    '8080: 10.1.0.1',
    '8081,8082: 10.1.0.1 !10.1.0.2',
  ]);
});

test('pods that lack every port are left out; a headless service without ports has them all', () => {
  const pods = many(1);
  expect(endpointsOf({ ports: [servicePort({ targetPort: 'http' })] }, pods)?.subsets).toEqual([]);
  expect(show(endpointsOf({ clusterIPs: ['None'], ports: [] }, pods)?.subsets)).toEqual([': 10.1.0.0']);
  expect(endpointsOf({ ports: [] }, pods)?.subsets).toEqual([]);
});

describe('pods with one address', () => {
  const twins = (parts: Partial<Pod>) => [
    pod({ name: 'a', podIPs: ['192.168.0.1'], hostNetwork: true, ...parts }),
    pod({ name: 'b', podIPs: ['192.168.0.1'], hostNetwork: true, isReady: false, ...parts }),
  ];

  test('count once when no uid tells them apart, and as not ready', () => {
    const subsets = endpointsOf({}, twins({}))?.subsets;
    expect(show(subsets)).toEqual(['80: !192.168.0.1']);
    expect(subsets?.[0]?.notReadyAddresses[0]?.targetRef?.name).toBe('a');
  });

  test('count each with uids', () => {
    const [a, b] = twins({});
    const pods = [a, b].flatMap((each, index) => (each === undefined ? [] : [{ ...each, uid: `u${index}` }]));
    expect(show(endpointsOf({}, pods)?.subsets)).toEqual(['80: 192.168.0.1 !192.168.0.1']);
  });
});

describe('more than 1000 addresses', () => {
  const overCapacity = 'endpoints.kubernetes.io/over-capacity';

  test('1000 fit', () => {
    const { annotations, subsets } = endpointsOf({}, many(1000)) ?? {};
    expect(annotations).toEqual({});
    expect(subsets?.[0]?.addresses.length).toBe(1000);
  });

  test('the first ready ones stay', () => {
    const pods = [...many(1050, { start: 100 }), ...many(10, { isReady: false })];
    const { annotations, subsets } = endpointsOf({}, pods) ?? {};
    expect(annotations).toEqual({ [overCapacity]: 'truncated' });
    expect(subsets?.[0]?.addresses.length).toBe(1000);
    expect(subsets?.[0]?.notReadyAddresses).toEqual([]);
    const kept = ips(subsets?.[0]?.addresses ?? []);
    expect(kept).toEqual(
      pods
        .slice(0, 1050)
        .flatMap(({ podIPs }) => podIPs)
        .sort()
        .slice(0, 1000),
    );
  });

  test('then those that are not ready', () => {
    const subsets = endpointsOf({}, [...many(990), ...many(20, { start: 2000, isReady: false })])?.subsets;
    expect(subsets?.[0]?.addresses.length).toBe(990);
    expect(subsets?.[0]?.notReadyAddresses.length).toBe(10);
  });

  test.each([
    [900, 300, [750, 250]],
    [700, 600, [539, 461]],
  ])('each subset of %i and %i loses its share, the last one the rest', (first, second, expected) => {
    const ports = [servicePort({ name: 'http', targetPort: 'http' })];
    const at = (port: number) => ({ containerPorts: [containerPort('http', port)] });
    const pods = [...many(first, at(8080)), ...many(second, { start: 2000, ...at(9090) })];
    expect(endpointsOf({ ports }, pods)?.subsets.map(({ addresses }) => addresses.length)).toEqual(expected);
  });
});

test('labels are those of the service, with a mark when it is headless', () => {
  const headless = 'service.kubernetes.io/headless';
  expect(endpointsOf({ labels: { team: 'a' } }, [])?.labels).toEqual({ team: 'a' });
  expect(endpointsOf({ labels: { team: 'a' }, clusterIPs: ['None'] }, [])?.labels).toEqual({
    team: 'a',
    [headless]: '',
  });
  expect(endpointsOf({ labels: { [headless]: '' } }, [])?.labels).toEqual({});
});

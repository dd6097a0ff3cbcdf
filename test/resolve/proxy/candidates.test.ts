import { describe, expect, it } from 'vitest';
import { NEWEST_KUBERNETES, parseKubernetesVersion } from '../../../src/kubernetes/versions.ts';
import { mergeCandidates } from '../../../src/resolve/proxy/candidates.ts';
import { endpoint, endpointPort, slice } from '../../support/cluster.ts';

const HTTP = { name: 'http', protocol: 'TCP' } as const;

function hostPorts(...slices: Parameters<typeof slice>[0][]): string[] {
  const merged = mergeCandidates(
    slices.map((parts) => slice({ ports: [endpointPort(HTTP)], ...parts })),
    HTTP,
    { nodeName: 'node-a', facts: NEWEST_KUBERNETES.proxy },
  );
  return merged.map((candidate) => candidate.hostPort);
}

describe('mergeCandidates', () => {
  it('sorts by address and port as text: a colon comes after digits', () => {
    const endpoints = ['10.244.1.9', '10.244.1.10', '10.244.1.100'].map((ip) => endpoint(ip));
    expect(hostPorts({ of: 'web', endpoints })).toEqual([
      '10.244.1.100:80',
      '10.244.1.10:80',
      '10.244.1.9:80',
    ]);
  });

  it('puts IPv6 addresses in brackets', () => {
    expect(hostPorts({ of: 'web', endpoints: [endpoint('fd00::9'), endpoint('fd00::10')] })).toEqual([
      '[fd00::10]:80',
      '[fd00::9]:80',
    ]);
  });

  it('uses the first address of an endpoint only, and skips endpoints without any', () => {
    const several = endpoint('10.0.0.1', { addresses: ['10.0.0.1', '10.0.0.2'] });
    const none = endpoint('', { addresses: [] });
    expect(hostPorts({ of: 'web', endpoints: [several, none] })).toEqual(['10.0.0.1:80']);
  });

  it('matches ports by name and protocol, and leaves out those without a number', () => {
    const endpoints = [endpoint('10.0.0.1')];
    const ports = [
      endpointPort({ name: 'http', protocol: 'UDP', port: 1 }),
      endpointPort({ name: 'other', port: 2 }),
      endpointPort({ name: 'http', port: undefined }),
      endpointPort({ name: 'http', port: 0 }),
      endpointPort({ name: 'http', port: 3 }),
    ];
    expect(hostPorts({ of: 'web', endpoints, ports })).toEqual(['10.0.0.1:3']);
  });

  it('merges slices with other port numbers', () => {
    expect(
      hostPorts(
        { of: 'web', endpoints: [endpoint('10.0.0.2')] },
        {
          of: 'web',
          endpoints: [endpoint('10.0.0.1')],
          ports: [endpointPort({ name: 'http', port: 8080 })],
        },
      ),
    ).toEqual(['10.0.0.1:8080', '10.0.0.2:80']);
  });
});

describe('mergeCandidates, when several endpoints have one address and port', () => {
  function winner(
    first: ReturnType<typeof endpoint>,
    second: ReturnType<typeof endpoint>,
    facts = NEWEST_KUBERNETES.proxy,
  ) {
    const ports = [endpointPort(HTTP)];
    const slices = [first, second].map((each, index) =>
      slice({ of: 'web', name: `web-${index}`, ports, endpoints: [each] }),
    );
    const merged = mergeCandidates(slices, HTTP, { nodeName: 'node-a', facts });
    expect(merged).toHaveLength(1);
    return merged[0]?.source;
  }
  const plain = endpoint('10.0.0.1');
  const unready = endpoint('10.0.0.1', { ready: false });
  const local = endpoint('10.0.0.1', { nodeName: 'node-a' });
  const terminating = endpoint('10.0.0.1', { terminating: true, nodeName: 'node-a' });

  it('takes the first in order of slices', () => {
    expect(winner(plain, unready)).toBe(plain);
    expect(winner(unready, plain)).toBe(unready);
  });

  it('prefers one of this node', () => {
    expect(winner(plain, local)).toBe(local);
    expect(winner(local, plain)).toBe(local);
  });

  it('prefers one that does not terminate, even to one of this node', () => {
    expect(winner(terminating, plain)).toBe(plain);
    expect(winner(plain, terminating)).toBe(plain);
  });

  it('prefers one of this node up to 1.35, even if it terminates', () => {
    const facts = parseKubernetesVersion('1.35')?.proxy;
    expect(winner(plain, terminating, facts)).toBe(terminating);
    expect(winner(terminating, plain, facts)).toBe(terminating);
    expect(winner(local, terminating, facts)).toBe(terminating);
  });
});

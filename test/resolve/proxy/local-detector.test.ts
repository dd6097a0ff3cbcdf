import { describe, expect, it } from 'vitest';
import type { DetectLocal } from '../../../src/model/proxy-config.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import { cluster, node, proxyConfig } from '../../support/cluster.ts';

const NODE = node({ name: 'a', podCIDRs: ['10.244.0.0/24', '10.245.0.0/24'] });

function detect(detectLocal: DetectLocal, nodeName: string | undefined = 'a', nodes = [NODE]) {
  const config = proxyConfig({ detectLocal, nodeName });
  const of = (family: 'IPv4' | 'IPv6') => resolve(cluster({ nodes }), { config, family });
  return {
    v4: of('IPv4').state.localDetector,
    v6: of('IPv6').state.localDetector,
    diagnostics: of('IPv4').diagnostics,
  };
}

describe('localDetector', () => {
  it('is none where nothing is set', () => {
    expect(detect({ kind: 'none' })).toMatchObject({ v4: { kind: 'none' }, v6: { kind: 'none' } });
  });

  it('is the first cluster CIDR of the family', () => {
    const cidrs = ['10.0.0.0/16', 'fd00::/48', '10.1.0.0/16'];
    expect(detect({ kind: 'cluster-cidr', cidrs })).toMatchObject({
      v4: { kind: 'cidr', cidr: '10.0.0.0/16' },
      v6: { kind: 'cidr', cidr: 'fd00::/48' },
    });
    expect(detect({ kind: 'cluster-cidr', cidrs: ['fd00::/48'] }).v4).toEqual({ kind: 'none' });
  });

  it('is the first podCIDR of the node', () => {
    expect(detect({ kind: 'node-cidr' })).toEqual({
      v4: { kind: 'cidr', cidr: '10.244.0.0/24' },
      v6: { kind: 'none' },
      diagnostics: [],
    });
  });

  it('is an error when the podCIDRs are not known', () => {
    const bare = node({ name: 'a' });
    expect(detect({ kind: 'node-cidr' }, 'a', [bare]).diagnostics[0]).toMatchObject({
      code: 'node-pod-cidr-known',
      object: 'Node a',
      field: ['spec', 'podCIDRs'],
    });
    expect(detect({ kind: 'node-cidr' }, 'b').diagnostics.map(({ message }) => message)).toContain(
      'pods are told by the podCIDRs of node "b", which is not in the input',
    );
    const unnamed = resolve(cluster(), {
      config: proxyConfig({ detectLocal: { kind: 'node-cidr' } }),
      family: 'IPv4',
    });
    expect(unnamed.diagnostics[0]?.message).toBe(
      'pods are told by the podCIDRs of the node, and --node is not given',
    );
  });

  it('is an interface, or a prefix of one', () => {
    expect(detect({ kind: 'bridge-interface', name: 'cbr0' }).v6).toEqual({
      kind: 'interface',
      name: 'cbr0',
    });
    expect(detect({ kind: 'interface-prefix', prefix: 'veth' }).v4).toEqual({
      kind: 'interface-prefix',
      prefix: 'veth',
    });
  });
});

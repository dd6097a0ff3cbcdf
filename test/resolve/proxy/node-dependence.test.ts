import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/model/cluster.ts';
import type { ProxyConfig } from '../../../src/model/proxy-config.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import {
  cluster,
  endpoint,
  node,
  pod,
  proxyConfig,
  service,
  servicePort,
  slice,
} from '../../support/cluster.ts';

function diagnose(parts: Partial<Cluster>, config: Partial<ProxyConfig> = {}) {
  return resolve(cluster(parts), { config: proxyConfig(config), family: 'IPv4' }).diagnostics;
}

const LOCAL = service({ name: 'a', internalTrafficPolicy: 'Local' });
const SLICE = slice({ of: 'a', endpoints: [endpoint('10.0.0.1', { nodeName: 'node-b' })] });

describe('a policy that depends on the node', () => {
  it('needs --node: one error for all services, with the names that are seen', () => {
    const external = service({
      name: 'b',
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
      ports: [servicePort({ nodePort: 30000 })],
    });
    const found = diagnose({
      services: [LOCAL, external],
      endpointSlices: [SLICE, slice({ of: 'b', endpoints: [endpoint('10.0.0.2')] })],
      nodes: [node({ name: 'node-c' })],
      pods: [pod({ name: 'p', nodeName: 'node-a' })],
    });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      code: 'node-name-given',
      severity: 'error',
      message:
        'the traffic of 2 services (default/a, default/b) depends on the node, and --node is not given',
      hint: 'add --node with one of these names: "node-a", "node-b", "node-c"',
    });
    expect(found[0]?.related.map(({ span }) => span.excerpt.text)).toEqual([
      'spec.internalTrafficPolicy',
      'spec.externalTrafficPolicy',
    ]);
  });

  it('needs it for topology hints too', () => {
    const hinted = [endpoint('10.0.0.1', { nodeHints: ['node-a'] })];
    const parts = {
      services: [service({ name: 'a' })],
      endpointSlices: [slice({ of: 'a', endpoints: hinted })],
    };
    expect(diagnose(parts)[0]).toMatchObject({ code: 'node-name-given', hint: 'add --node NAME' });
  });

  it('does not need it without usable endpoints, or without such a policy', () => {
    expect(diagnose({ services: [LOCAL] })).toEqual([]);
    expect(diagnose({ services: [service({ name: 'a' })], endpointSlices: [SLICE] })).toEqual([]);
  });

  it('warns of a node that the input does not name', () => {
    const parts = { services: [LOCAL], endpointSlices: [SLICE] };
    expect(diagnose(parts, { nodeName: 'node-b' })).toEqual([]);
    expect(diagnose(parts, { nodeName: 'node_b' })[0]).toMatchObject({
      code: 'node-name-known',
      severity: 'warning',
      hint: 'did you mean "node-b"?',
    });
    expect(diagnose(parts, { nodeName: 'elsewhere' })[0]?.hint).toBe('the input names these nodes: "node-b"');
  });

  it('warns where no Node has the name, even if nothing depends on it', () => {
    const parts = { services: [service({ name: 'a' })], nodes: [node({ name: 'node-a' })] };
    expect(diagnose(parts)).toEqual([]);
    expect(diagnose(parts, { nodeName: 'node-a' })).toEqual([]);
    expect(diagnose(parts, { nodeName: 'nodea' })).toMatchObject([
      {
        code: 'node-name-known',
        severity: 'warning',
        message:
          'nothing in the input is on node "nodea", and no Node is called so: its addresses, zone and podCIDRs are not known',
        hint: 'did you mean "node-a"?',
      },
    ]);
    expect(diagnose({ ...parts, endpointSlices: [SLICE] }, { nodeName: 'node-b' })).toEqual([]);
  });

  it('does not warn when the input names no node at all', () => {
    const endpointSlices = [slice({ of: 'a', endpoints: [endpoint('10.0.0.1')] })];
    expect(diagnose({ services: [LOCAL], endpointSlices }, { nodeName: 'x' })).toEqual([]);
  });

  it('warns when zone hints count and the zone is not known', () => {
    const endpointSlices = [
      slice({ of: 'a', endpoints: [endpoint('10.0.0.1', { nodeName: 'node-a', zoneHints: ['z'] })] }),
    ];
    const parts = { services: [service({ name: 'a' })], endpointSlices };
    expect(diagnose(parts, { nodeName: 'node-a' })[0]).toMatchObject({
      code: 'node-zone-known',
      severity: 'warning',
    });
    expect(diagnose({ ...parts, nodes: [node({ name: 'node-a' })] }, { nodeName: 'node-a' })).toEqual([]);
  });

  it('names ten services at most', () => {
    const services = Array.from({ length: 12 }, (_, index) =>
      service({ name: `s${10 + index}`, internalTrafficPolicy: 'Local' }),
    );
    const endpointSlices = services.map(({ name }) => slice({ of: name, endpoints: [endpoint('10.0.0.1')] }));
    const [found] = diagnose({ services, endpointSlices });
    expect(found?.message).toContain('12 services (default/s10,');
    expect(found?.message).toContain('default/s19 and 2 more)');
    expect(found?.related).toHaveLength(5);
  });
});

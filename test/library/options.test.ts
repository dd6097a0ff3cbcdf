import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type CompileOptions,
  compile,
  compileDns,
  compileEndpoints,
  explain,
  load,
  validateManifests,
} from '../../src/index.ts';

const path = 'fixtures/quickstart/frontend.yaml';
const files = [{ path, text: readFileSync(path, 'utf8') }];

/** As a program in JavaScript may give them. */
function wild(text: string): CompileOptions {
  return JSON.parse(text);
}

describe('an option that means nothing is an error, and nothing comes of it', () => {
  test.each<[string, CompileOptions]>([
    ['mode', wild('{"mode": "userland"}')],
    ['nodeIPs', { nodeIPs: ['192.0.2.1', '192.0.2.x'] }],
    ['clusterCIDRs', { clusterCIDRs: ['10.0.0.0/8', '10.0.0.0/9'] }],
    ['detectLocalMode', wild('{"detectLocalMode": "clustercidr"}')],
    ['detectLocalMode', { detectLocalMode: 'BridgeInterface' }],
    ['bridgeInterface', { bridgeInterface: 'a b' }],
    ['interfaceNamePrefix', { interfaceNamePrefix: 'x\n-A FORWARD -j ACCEPT' }],
    ['masqueradeBit', { masqueradeBit: 32 }],
    ['nodePortAddresses', { nodePortAddresses: { kind: 'cidrs', cidrs: ['all of them'] } }],
    ['ipvs.scheduler', wild('{"ipvs": {"scheduler": "rr; reboot"}}')],
    ['ipvs.excludeCIDRs', { ipvs: { excludeCIDRs: ['1.2.3.4'] } }],
    ['ipvs.udpTimeoutSeconds', { ipvs: { udpTimeoutSeconds: 0.5 } }],
    ['layout', { mode: 'ipvs', layout: 'compact' }],
    ['form', wild('{"form": "whole"}')],
    ['artifacts', { artifacts: ['ipset'] }],
    ['families', wild('{"families": ["ipv4"]}')],
    ['families', { families: ['IPv4'], artifacts: ['script'] }],
    ['serviceCIDRs', { serviceCIDRs: ['10.96.0.0'] }],
    ['podCIDRs', { podCIDRs: ['10.96.0.0/33'] }],
    ['nodePortRange', { nodePortRange: { first: 2, last: 1 } }],
    ['kubernetesVersion', { kubernetesVersion: '1.12' }],
    ['proxyPortRange', { proxyPortRange: { first: 0, last: 70_000 } }],
    ['udpTimeoutMilliseconds', { udpTimeoutMilliseconds: 0 }],
  ])('%s: %j', (name, options) => {
    const { artifacts, lock, diagnostics } = compile(files, options);
    expect({ artifacts, lock }).toEqual({ artifacts: undefined, lock: undefined });
    expect(diagnostics).toMatchObject([{ code: 'option-value', severity: 'error', span: undefined }]);
    expect(diagnostics[0]?.field.join('.')).toBe(name);
    expect(diagnostics[0]?.message).toMatch(new RegExp(`^option ${name.replace('.', '\\.')}: `));
  });

  test('of other functions, too', () => {
    const fields = (found: { readonly diagnostics: readonly { readonly field: readonly unknown[] }[] }) =>
      found.diagnostics.map(({ field }) => field.join('.'));
    expect(fields(compileDns(files, { clusterDomain: 'a b', ttl: -1 }))).toEqual(['clusterDomain', 'ttl']);
    expect(fields(compileEndpoints(files, { maxEndpointsPerSlice: 0 }))).toEqual(['maxEndpointsPerSlice']);
    expect(fields(validateManifests(files, { serviceCIDRs: ['x'] }))).toEqual(['serviceCIDRs']);
    expect(fields(explain(files, { to: 'a b', from: 'c d' }))).toEqual(['from', 'to']);
    expect(fields(explain(files, { to: '10.0.0.80:80', from: '::1' }))).toEqual(['from']);
    expect(fields(explain(files, { to: '10.0.0.80:80', family: 'IPv6' }))).toEqual(['to']);
    expect(fields(load(files, { synthesizePods: true, nodeIPs: ['x'] }))).toEqual(['nodeIPs']);
  });
});

test('values are made canonical', () => {
  const text = (options: CompileOptions) =>
    compile(files, { nodeName: 'node-a', ...options })
      .artifacts?.get('iptables')
      ?.text();
  expect(text({ clusterCIDRs: ['10.244.7.9/16'] })).toBe(text({ clusterCIDRs: ['10.244.0.0/16'] }));
  expect(text({ clusterCIDRs: ['10.244.0.0/16'] })).not.toBe(text({}));
});

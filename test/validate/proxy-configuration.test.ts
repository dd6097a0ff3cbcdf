import { expect, test } from 'vitest';
import { formatFieldPath } from '../../src/model/field-path.ts';
import { checkText } from '../support/check-text.ts';

/** `severity code field` of what is wrong with a configuration of these lines. */
function problemsOf(lines: string, options = {}): readonly string[] {
  const text = `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n${lines}\n`;
  return checkText(text, options).map(
    ({ severity, code, field }) => `${severity} ${code} ${formatFieldPath(field)}`,
  );
}

const refused = (field: string) => [`error proxy-config-values ${field}`];

test.each([
  ['mode: ""', []],
  ['mode: nftables', []],
  ['mode: userspace', refused('mode')],
  ['clusterCIDR: 10.244.0.0/16,fd00::/56', []],
  ['clusterCIDR: 10.244.0.0/16,10.245.0.0/16', refused('clusterCIDR')],
  ['iptables: {masqueradeBit: 32}', refused('iptables.masqueradeBit')],
  ['iptables: {syncPeriod: 0s, minSyncPeriod: 1s}', []],
  ['iptables: {syncPeriod: 1.5m, minSyncPeriod: 1m30s}', []],
  ['iptables: {syncPeriod: 1s, minSyncPeriod: 2s}', refused('iptables.syncPeriod')],
  ['iptables: {syncPeriod: -1s}', refused('iptables.syncPeriod')],
  ['iptables: {minSyncPeriod: -1s}', refused('iptables.minSyncPeriod')],
  ['iptables: {syncPeriod: 5 s}', refused('iptables.syncPeriod')],
  ['iptables: {syncPeriod: 2562047h}', []],
  ['iptables: {syncPeriod: 2562048h}', refused('iptables.syncPeriod')],
  ['ipvs: {syncPeriod: -1s}', []],
  ['mode: ipvs\nipvs: {syncPeriod: -1s}', refused('ipvs.syncPeriod')],
  ['conntrack: {maxPerCore: 0, min: -1}', refused('conntrack.min')],
  ['conntrack: {udpTimeout: -250ms}', refused('conntrack.udpTimeout')],
  ['conntrack: {udpTimeout: 250ms}', []],
  ['healthzBindAddress: 0.0.0.0:10256', []],
  ['healthzBindAddress: 0.0.0.0', []],
  ['metricsBindAddress: "[::1]:10249"', []],
  ['metricsBindAddress: localhost:10249', refused('metricsBindAddress')],
  ['metricsBindAddress: 127.0.0.1:70000', refused('metricsBindAddress')],
  ['oomScoreAdj: -999', []],
  ['oomScoreAdj: 1001', refused('oomScoreAdj')],
  ['configSyncPeriod: -15m', refused('configSyncPeriod')],
  ['clientConnection: {burst: -1}', refused('clientConnection.burst')],
  ['detectLocalMode: BridgeInterface', refused('detectLocal.bridgeInterface')],
  ['detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: cni0}', []],
  ['detectLocalMode: InterfaceNamePrefix', refused('detectLocal.interfaceNamePrefix')],
  ['modee: ipvs', ['warning unknown-field modee']],
  ['oomScoreAdj: "1"', ['error field-type oomScoreAdj']],
])('%s', (lines, expected) => expect(problemsOf(lines)).toEqual(expected));

test('unknown fields are errors with --strict, or silenced', () => {
  expect(problemsOf('modee: ipvs', { strict: true })).toEqual(['error unknown-field modee']);
  expect(problemsOf('modee: ipvs', { disabledCodes: new Set(['unknown-field']) })).toEqual([]);
});

test('the API server alone does not know it', () => {
  expect(problemsOf('mode: userspace', { categories: new Set(['api']) })).toEqual([]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sourceFileOf } from '../../../src/library/options.ts';
import { readConfiguration } from '../../../src/library/read-configuration.ts';
import type { ProxySettings } from '../../../src/validate/kube-proxy-configuration.ts';
import { runProgram } from '../../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-config-'));
const path = join(dir, 'config.yaml');
afterAll(() => rmSync(dir, { recursive: true }));

const HEAD = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n';

function read(text: string) {
  writeFileSync(path, text);
  return readConfiguration(sourceFileOf({ path, text }));
}

/** Settings of a file that holds nothing wrong; those that it does not speak of, and ipvs mode's, are left out. */
function settingsOf(text: string): ProxySettings {
  const { settings, diagnostics } = read(HEAD + text);
  expect(diagnostics).toEqual([]);
  const { ipvs: _, ...others } = settings;
  return Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
}

/** `code line:column field` of each problem. */
function problemsOf(text: string): readonly string[] {
  return read(text).diagnostics.map(
    ({ code, severity, span, field }) =>
      `${severity} ${code} ${span?.line}:${span?.column} ${field.join('.')}`,
  );
}

describe('settings', () => {
  test.each<[string, ProxySettings]>([
    ['', {}],
    ['mode: iptables', { mode: 'iptables' }],
    ['mode: ""', {}],
    ['hostnameOverride: worker-1', { nodeName: 'worker-1' }],
    ['bindAddress: 192.168.7.011', { nodeIPs: ['192.168.7.11'] }],
    ['bindAddress: 0.0.0.0', {}],
    ['bindAddress: "::"', {}],
    ['clusterCIDR: 10.244.3.0/16,fd00::/48', { clusterCIDRs: ['10.244.0.0/16', 'fd00::/48'] }],
    ['detectLocalMode: NodeCIDR', { detectLocalMode: 'NodeCIDR' }],
    ['detectLocal: {bridgeInterface: cni0, interfaceNamePrefix: ""}', { bridgeInterface: 'cni0' }],
    ['detectLocal: {interfaceNamePrefix: cali}', { interfaceNamePrefix: 'cali' }],
    [
      'iptables: {masqueradeAll: true, masqueradeBit: 0}',
      { iptables: { masqueradeAll: true, masqueradeBit: 0 } },
    ],
    [
      'iptables: {localhostNodePorts: false, masqueradeBit: null}',
      { iptables: { localhostNodePorts: false } },
    ],
    [
      'nftables: {masqueradeAll: true, masqueradeBit: 7}',
      { nftables: { masqueradeAll: true, masqueradeBit: 7 } },
    ],
    ['conntrack: {tcpBeLiberal: true, maxPerCore: 0}', { conntrackTCPBeLiberal: true }],
    ['nodePortAddresses: null', {}],
    ['nodePortAddresses: []', {}],
    ['nodePortAddresses: [primary]', { nodePortAddresses: { kind: 'primary' } }],
    [
      'nodePortAddresses: [localhost]',
      { nodePortAddresses: { kind: 'cidrs', cidrs: ['127.0.0.0/8', '::1/128'], inWords: true } },
    ],
    [
      'nodePortAddresses: [10.0.0.0/8, primary]',
      { nodePortAddresses: { kind: 'cidrs', cidrs: ['10.0.0.0/8'], primary: true, inWords: true } },
    ],
    ['nodePortAddresses: [primary, all]', { nodePortAddresses: { kind: 'all', inWords: true } }],
    ['nodePortAddresses: [10.1.2.3/8]', { nodePortAddresses: { kind: 'cidrs', cidrs: ['10.0.0.0/8'] } }],
    ['healthzBindAddress: 0.0.0.0:10256\nwinkernel: {}\nshowHiddenMetricsForVersion: ""', {}],
  ])('%s', (text, settings) => expect(settingsOf(text)).toEqual(settings));

  test('among other documents, as kubeadm writes them', () => {
    const kubeadm = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n';
    const { settings, diagnostics } = read(`${kubeadm}---\n${HEAD}clusterCIDR: 10.1.0.0/16\n`);
    expect(diagnostics).toEqual([]);
    expect(settings.clusterCIDRs).toEqual(['10.1.0.0/16']);
  });
});

describe('what is wrong, and where', () => {
  test.each([
    ['iptables: {masqueradeBit: 32}', 'error proxy-config-values 3:27 iptables.masqueradeBit'],
    ['mode: userspace', 'error proxy-config-values 3:7 mode'],
    ['clusterCIDR: 10.0.0.0', 'error proxy-config-values 3:14 clusterCIDR'],
    ['clusterCIDR: 10.0.0.0/8,11.0.0.0/8', 'error proxy-config-values 3:14 clusterCIDR'],
    ['bindAddress: node', 'error proxy-config-values 3:14 bindAddress'],
    ['nodePortAddresses:\n  - 10.0.0.0/8\n  - eth0', 'error proxy-config-values 5:5 nodePortAddresses.1'],
    ['nodePortAddresses: [10.0.0.0/8, first]', 'error proxy-config-values 3:33 nodePortAddresses.1'],
    ['detectLocal: {bridgeInterface: "a b"}', 'error proxy-config-values 3:32 detectLocal.bridgeInterface'],
    ['detectLocalMode: clustercidr', 'error proxy-config-values 3:18 detectLocalMode'],
    ['iptables: {masqueradeAll: "yes"}', 'error field-type 3:27 iptables.masqueradeAll'],
    ['iptables: {masqueradAll: true}', 'warning unknown-field 3:12 iptables.masqueradAll'],
    ['clusterCidr: 10.0.0.0/8', 'warning unknown-field 3:1 clusterCidr'],
  ])('%s', (text, problem) => expect(problemsOf(HEAD + text)).toEqual([problem]));

  test('an unknown field does not hide the others', () => {
    const { settings, diagnostics } = read(`${HEAD}clusterCidr: x\nmode: iptables\n`);
    expect(settings.mode).toBe('iptables');
    expect(diagnostics[0]?.hint).toBe('did you mean "clusterCIDR"?');
  });

  test('no configuration in the file', () => {
    expect(problemsOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')).toEqual([
      'error proxy-config-found undefined:undefined ',
    ]);
  });

  test('something else in the file', () => {
    expect(problemsOf('mode: ipvs\n')).toEqual([
      'warning not-a-manifest 1:1 ',
      'error proxy-config-found undefined:undefined ',
    ]);
  });

  test('two in one file', () => {
    expect(problemsOf(`${HEAD}---\n${HEAD}`)).toEqual(['error proxy-config-found 4:1 ']);
  });

  test('no such file', async () => {
    const argv = ['render', 'fixtures/quickstart', '--config', join(dir, 'nowhere.yaml')];
    const { exitCode, stderr } = await runProgram(argv);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no such file');
  });
});

describe('in a ConfigMap', () => {
  const inConfigMap = (text: string, indent: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-proxy}\ndata:\n  config.conf: |-\n${text.replace(/^(?=.)/gm, indent)}`;

  test('places are those of the outer file', () => {
    const text = `${HEAD}iptables:\n  masqueradeBit: 99\n\nclusterCidr: x\n`;
    expect(problemsOf(inConfigMap(text, '    '))).toEqual([
      'warning unknown-field 11:5 clusterCidr',
      'error proxy-config-values 9:22 iptables.masqueradeBit',
    ]);
  });

  test('broken YAML inside', () => {
    expect(problemsOf(inConfigMap(`${HEAD}mode: [\n`, '      '))[0]).toMatch(/^error yaml-syntax \d+:\d+ $/);
  });

  test('as JSON, every place is that of the text', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {},
      data: { 'config.conf': `${HEAD}mode: x\n` },
    };
    expect(problemsOf(JSON.stringify(object, null, 1))).toEqual(['error proxy-config-values 6:18 mode']);
  });
});

describe('render --config', () => {
  const input = 'fixtures/valid/cluster-ip/input.yaml';

  test('errors keep it from printing', async () => {
    writeFileSync(path, `${HEAD}iptables: {masqueradeBit: 32}\n`);
    expect(await runProgram(['render', input, '--config', path])).toMatchObject({ exitCode: 1, stdout: '' });
  });

  test('its mode can be overridden', async () => {
    writeFileSync(path, `${HEAD}mode: nftables\n`);
    expect(await runProgram(['render', input, '--config', path])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('table ip kube-proxy {'),
    });
    expect(await runProgram(['render', input, '--config', path, '--mode', 'iptables'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('*nat'),
    });
  });

  test('an empty one changes nothing', async () => {
    writeFileSync(path, HEAD);
    const { stdout } = await runProgram(['render', input, '--config', path]);
    expect(stdout).toBe((await runProgram(['render', input])).stdout);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type Compiled,
  compare,
  compareWithNode,
  compile,
  compileChanges,
  compileDns,
  compileEndpoints,
  compileEnv,
  compileEveryNode,
  explain,
  load,
  printJson,
  printJsonDiff,
  printJsonDrift,
  printJsonExplanation,
  validateManifests,
} from '../../src/index.ts';
import { PROXY_MODES } from '../../src/model/proxy-config.ts';
import { describeMode } from '../../src/stages.ts';
import { runProgram } from '../support/run-program.ts';

/** Services without addresses, and templates of pods. */
const PATHS = ['fixtures/quickstart/frontend.yaml', 'fixtures/valid/allocation/input.yaml'];
const CLUSTER = 'fixtures/quickstart/frontend.yaml';

function filesOf(...paths: readonly string[]) {
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function textOf<Name extends string>({ artifacts, diagnostics }: Compiled<Name>, name: Name): string {
  if (artifacts === undefined) throw new Error(JSON.stringify(diagnostics));
  return artifacts.get(name)?.text() ?? '';
}

async function stdoutOf(...argv: readonly string[]): Promise<string> {
  const { stdout, stderr } = await runProgram(argv);
  expect(stdout, stderr).not.toBe('');
  return stdout;
}

const artifacts = PROXY_MODES.map(describeMode).flatMap(({ name: mode, layouts, artifacts: all }) =>
  layouts.flatMap((layout) => all.map(({ name: artifact }) => ({ mode, layout, artifact }))),
);

describe('compile', () => {
  const NODE = { nodeName: 'node-a', nodeIPs: ['192.0.2.1'] };
  const FLAGS = ['--node', 'node-a', '--node-ip', '192.0.2.1'];

  test.each(artifacts)('$artifact of mode $mode, layout $layout, is that of render', async (each) => {
    const { mode, layout, artifact } = each;
    const flags = ['--mode', mode, '--layout', layout, '--artifact', artifact, ...FLAGS];
    const compiled = compile(filesOf(...PATHS), { mode, layout, ...NODE });
    expect(textOf(compiled, artifact)).toBe(await stdoutOf('render', ...PATHS, ...flags));
  });

  test.each([
    ['--masquerade-all', { masqueradeAll: true }],
    ['--cluster-cidr=10.244.0.0/16', { clusterCIDRs: ['10.244.0.0/16'] }],
    ['--kubernetes-version=1.33', { kubernetesVersion: '1.33' }],
    ['--noflush', { form: 'noflush' as const }],
    ['--iptables-localhost-nodeports=false', { localhostNodePorts: false }],
    ['--service-cluster-ip-range=10.100.0.0/16', { serviceCIDRs: ['10.100.0.0/16'] }],
  ])('%s', async (flag, options) => {
    const compiled = compile(filesOf(PATHS[1] ?? ''), { ...NODE, ...options });
    const plain = compile(filesOf(PATHS[1] ?? ''), NODE);
    const text = textOf(compiled, 'iptables');
    expect(text).toBe(await stdoutOf('render', PATHS[1] ?? '', flag, ...FLAGS));
    if (flag !== '--kubernetes-version=1.33') expect(text).not.toBe(textOf(plain, 'iptables'));
  });

  test('settings of a configuration hold unless options say otherwise', () => {
    const text =
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: nftables\nhostnameOverride: node-a\n';
    const configuration = { path: 'config.yaml', text };
    const compiled = compile(filesOf(...PATHS), { configuration, nodeIPs: ['192.0.2.1'] });
    expect([...(compiled.artifacts?.keys() ?? [])], JSON.stringify(compiled.diagnostics)).toEqual([
      'nftables',
      'script',
      'health',
    ]);
    const ipvs = compile(filesOf(...PATHS), { configuration, mode: 'ipvs', nodeIPs: ['192.0.2.1'] });
    expect(ipvs.artifacts?.has('ipvsadm')).toBe(true);
    const other = compile(filesOf(CLUSTER), { configuration: { path: 'a', text: 'mode: ipvs' } });
    expect(other.artifacts).toBeUndefined();
    expect(other.diagnostics.map(({ code }) => code)).toContain('proxy-config-found');
  });

  test('some artifacts only, of one family', () => {
    const options = { ...NODE, mode: 'nftables', families: ['IPv6'] } as const;
    expect(textOf(compile(filesOf(...PATHS), options), 'nftables')).not.toContain('table ip kube-proxy');
    const v6 = compile(filesOf(...PATHS), { ...NODE, families: ['IPv6'] });
    expect([...(v6.artifacts?.keys() ?? [])]).toEqual(['ip6tables']);
    const one = compile(filesOf(...PATHS), { ...NODE, artifacts: ['ip6tables'] });
    expect([...(one.artifacts?.keys() ?? [])]).toEqual(['ip6tables']);
  });

  test('a text is the same in pieces, and when it is read again', () => {
    const { artifacts: made } = compile(filesOf(...PATHS), { mode: 'ipvs', ...NODE });
    for (const { text, pieces } of made?.values() ?? []) {
      const again = pieces();
      expect([...pieces()].join('')).toBe(text());
      expect([...again].join('')).toBe([...again].join(''));
    }
  });

  test('what is allocated stays so with the lock', () => {
    const first = compile(filesOf(PATHS[1] ?? ''), NODE);
    expect(first.lock).toContain('clusterIPs');
    const locked = first.lock?.replaceAll(/"10\.\d+\.\d+\.\d+"/g, '"10.96.7.7"') ?? '';
    const options = { ...NODE, lock: { path: 'svcgen.lock', text: locked } };
    const { diagnostics } = compile(filesOf(PATHS[1] ?? ''), options);
    expect(diagnostics.length).toBeGreaterThan(0);
    const kept = { ...NODE, lock: { path: 'svcgen.lock', text: first.lock ?? '' } };
    expect(compile(filesOf(...PATHS), kept).lock).toBe(first.lock);
    expect(compile(filesOf(...PATHS), { lock: { path: 'svcgen.lock', text: '[]' } })).toMatchObject({
      artifacts: undefined,
      lock: undefined,
    });
  });

  test('what was loaded once serves several nodes', () => {
    const loaded = load(filesOf(...PATHS));
    for (const nodeName of ['node-a', 'node-b']) {
      const options = { nodeName, nodeIPs: ['192.0.2.1'] };
      expect(textOf(compile(loaded, options), 'iptables')).toBe(
        textOf(compile(filesOf(...PATHS), options), 'iptables'),
      );
    }
  });

  test('the policy applies to all stages, and diagnostics are sorted', () => {
    const text =
      'kind: Service\napiVersion: v1\nmetadata: {name: web}\nspec: {selector: {a: b}, prots: [], ports: [{port: 80}]}\n';
    const codes = (options: object) =>
      compile([{ path: 'a.yaml', text }], options).diagnostics.map(({ code, severity }) => [code, severity]);
    const usual = codes({});
    expect(usual).toContainEqual(['unknown-field', 'warning']);
    expect(codes({ strict: true })).toContainEqual(['unknown-field', 'error']);
    expect(codes({ disabledCodes: ['unknown-field'] })).toEqual(
      usual.filter(([code]) => code !== 'unknown-field'),
    );
    expect(codes({ warningsAsErrors: true }).map(([, severity]) => severity)).not.toContain('warning');
    expect(compile([{ path: 'a.yaml', text }], { warningsAsErrors: true }).artifacts).toBeUndefined();
  });

  test('files without objects are an error, as for render', () => {
    expect(compile([])).toMatchObject({ diagnostics: [{ code: 'input-has-manifests', severity: 'error' }] });
    const empty = compile([...filesOf(CLUSTER), { path: 'empty.yaml', text: '' }]);
    expect(empty).toMatchObject({ artifacts: undefined, diagnostics: [{ code: 'input-has-manifests' }] });
  });
});

describe('the other commands', () => {
  test('env', async () => {
    expect(textOf(compileEnv(filesOf(CLUSTER), { format: 'json' }), 'env')).toBe(
      await stdoutOf('env', CLUSTER, '--output', 'json'),
    );
  });

  test('dns', async () => {
    const zones = compileDns(filesOf(CLUSTER), { clusterDomain: 'example.org', ttl: 60 });
    const flags = ['--cluster-domain', 'example.org', '--ttl', '60'];
    expect(textOf(zones, 'example.org')).toBe(await stdoutOf('dns', CLUSTER, ...flags));
    expect([...(zones.artifacts?.keys() ?? [])]).toContain('0.0.10.in-addr.arpa');
    for (const format of ['hosts', 'json'] as const) {
      const made = compileDns(filesOf(CLUSTER), { format });
      expect(textOf(made, format)).toBe(await stdoutOf('dns', CLUSTER, '--output', format));
    }
  });

  test('endpoints', async () => {
    const made = compileEndpoints(filesOf(CLUSTER), { format: 'json' });
    expect(textOf(made, 'endpoints')).toBe(await stdoutOf('endpoints', CLUSTER, '--output', 'json'));
    expect(textOf(made, 'endpoints')).toBe(textOf(made, 'endpoints'));
  });

  test('render for every node', () => {
    const files = filesOf(CLUSTER, 'fixtures/quickstart/nodes.yaml');
    const { nodes, diagnostics } = compileEveryNode(files, { mode: 'nftables' });
    expect(
      nodes?.map(({ name }) => name),
      JSON.stringify(diagnostics),
    ).toEqual(['node-a', 'node-b']);
    for (const { name, artifacts: made } of nodes?.toReversed() ?? []) {
      const alone = compile(files, { mode: 'nftables', nodeName: name });
      expect(made.get('nftables')?.text()).toBe(textOf(alone, 'nftables'));
    }
    expect(compileEveryNode(filesOf(CLUSTER))).toMatchObject({
      nodes: undefined,
      diagnostics: [{ code: 'nodes-given' }],
    });
  });

  test('render --current', () => {
    const options = { nodeName: 'node-a' };
    const rules = textOf(compile(filesOf(CLUSTER), options), 'iptables');
    const current = { path: 'node.rules', text: rules };
    expect(compileChanges(filesOf(CLUSTER), current, options)).toMatchObject({ isEmpty: true });
    const stale = { path: 'node.rules', text: rules.replace(/^-A KUBE-SERVICES .*\n/m, '') };
    const changed = compileChanges(filesOf(CLUSTER), stale, options);
    expect(changed.isEmpty).toBe(false);
    expect(textOf(changed, 'changes')).toMatch(/^-I KUBE-SERVICES 1 .*"default\/frontend:http cluster IP"/m);
    expect(compileChanges(filesOf(CLUSTER), current, { ...options, mode: 'ipvs' })).toMatchObject({
      artifacts: undefined,
      diagnostics: [{ code: 'option-value', field: ['mode'] }],
    });
  });

  test('explain', async () => {
    const argv = ['explain', CLUSTER, '--node', 'node-a', '--from', '10.244.1.9', '--to', 'frontend:http'];
    const options = { nodeName: 'node-a', from: '10.244.1.9', to: 'frontend:http' };
    const { explanation } = explain(filesOf(CLUSTER), options);
    if (explanation === undefined) throw new Error('not explained');
    expect(printJsonExplanation(explanation)).toBe(await stdoutOf(...argv, '--output', 'json'));
    const rules = { path: 'node.rules', text: textOf(compile(filesOf(CLUSTER), options), 'iptables') };
    const ofRules = explain(undefined, { ...options, rules });
    expect(ofRules.explanation?.ways.length, JSON.stringify(ofRules.diagnostics)).toBeGreaterThan(0);
    expect(explain(undefined, options)).toMatchObject({
      explanation: undefined,
      diagnostics: [{ code: 'option-value', field: ['rules'] }],
    });
  });

  test('diff', async () => {
    const [old, now] = ['fixtures/diff/port/old.yaml', 'fixtures/diff/port/new.yaml'];
    const { report, isSame } = compare(filesOf(old), filesOf(now));
    if (report === undefined) throw new Error('not compared');
    expect(isSame).toBe(false);
    expect(printJsonDiff(report)).toBe(await stdoutOf('diff', old, now, '--output', 'json'));
    expect(compare(filesOf(old), filesOf(old))).toMatchObject({ isSame: true, diagnostics: [] });
  });

  test('diff --rules', async () => {
    const [input, rules] = ['fixtures/diff/drift/input.yaml', 'fixtures/diff/drift/node-a.rules'];
    const { report, isSame } = compareWithNode(
      filesOf(input),
      { path: rules, text: readFileSync(rules, 'utf8') },
      { nodeName: 'node-a' },
    );
    if (report === undefined) throw new Error('not compared');
    expect(isSame).toBe(false);
    const flags = ['--rules', rules, '--node', 'node-a', '--output', 'json'];
    expect(printJsonDrift(report)).toBe(await stdoutOf('diff', input, ...flags));
  });

  test('validate', async () => {
    const path = 'fixtures/invalid/node-port-in-range/input.yaml';
    for (const [flags, options] of [
      [[], {}],
      [['--each'], { each: true }],
      [['--strict', '--warnings-as-errors'], { strict: true, warningsAsErrors: true }],
    ] as const) {
      const { diagnostics, objects } = validateManifests(filesOf(path), options);
      const printed = [...printJson(diagnostics, { filesChecked: 1, objects })].join('');
      expect(printed).toBe(await stdoutOf('validate', path, ...flags, '--output', 'json'));
    }
  });
});

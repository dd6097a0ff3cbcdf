import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import projectSchema from '../../schemas/project.json' with { type: 'json' };
import { PROJECT_FIELDS } from '../../src/cli/options/project-options.ts';
import { type ProgramRun, runProgram } from '../support/run-program.ts';

const SHOP = join(process.cwd(), 'fixtures/traffic/shop');
const before = process.cwd();
let dir = '';

/** A work tree of Git with manifests in k8s/, expectations in tests/, and an empty folder deep/er. */
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'svcgen-project-')));
  for (const folder of ['.git', 'k8s', 'tests', 'deep/er']) mkdirSync(join(dir, folder), { recursive: true });
  cpSync(join(SHOP, 'input.yaml'), join(dir, 'k8s/input.yaml'));
  cpSync(join(SHOP, 'shop.traffic.yaml'), join(dir, 'tests/shop.traffic.yaml'));
});
afterEach(() => {
  process.chdir(before);
  rmSync(dir, { recursive: true });
});

function project(text: string, folder = '.'): void {
  writeFileSync(join(dir, folder, 'svcgen.yaml'), text);
}

function runIn(folder: string, ...argv: readonly string[]): Promise<ProgramRun> {
  process.chdir(join(dir, folder));
  return runProgram(argv, '', { stdinIsPiped: true });
}

const USUAL = `paths: [k8s]
mode: nftables
clusterCIDR: [10.244.0.0/16]
node: worker-1
expect: tests/shop.traffic.yaml
`;

test('the schema and the options know the same fields', () => {
  expect(Object.keys(projectSchema.properties)).toEqual(PROJECT_FIELDS.map(({ name }) => name));
});

describe('every command gives the same bytes wherever one stands', () => {
  test.each([
    ['render'],
    ['validate', '--output', 'json'],
    ['validate', '--output', 'sarif'],
    ['env', '--namespace', 'shop'],
    ['dns'],
    ['endpoints'],
    ['explain', '--to', 'shop/api:http', '--from-node'],
    ['test'],
    ['test', '--output', 'junit'],
    ['config'],
    ['config', '--output', 'json'],
  ])('%s %s %s', async (...argv) => {
    project(USUAL);
    const top = await runIn('.', ...argv);
    expect(top.stderr).not.toContain('error');
    expect(top.stdout).not.toBe('');
    expect(top.stdout).not.toContain(dir);
    for (const folder of ['deep/er', 'k8s']) expect(await runIn(folder, ...argv)).toEqual(top);
  });

  test('and calls files by their paths in the project', async () => {
    project('paths: [k8s]\n');
    writeFileSync(join(dir, 'k8s/bad.yaml'), 'apiVersion: v1\nkind: Service\nmetadata: { name: Bad_ }\n');
    const { stdout, exitCode } = await runIn('deep/er', 'validate');
    expect(stdout).toContain('k8s/bad.yaml:3:');
    expect(stdout).not.toContain(dir);
    expect(exitCode).toBe(1);
    project('paths: [k8s, nowhere]\n');
    const { stdout: missing } = await runIn('deep/er', 'validate');
    expect(missing).toContain('there is no file or folder "nowhere"');
  });
});

describe('what counts', () => {
  const modeOf = async (...argv: readonly string[]) => {
    const { stdout } = await runIn('.', 'config', '--output', 'json', ...argv);
    const { settings } = JSON.parse(stdout);
    return settings.find(({ name }: { readonly name: string }) => name === 'mode');
  };

  test('a flag, else svcgen.yaml, else the configuration, else the default', async () => {
    const configuration =
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n';
    writeFileSync(join(dir, 'kube-proxy.yaml'), configuration);
    project('config: kube-proxy.yaml\nmode: nftables\n');
    expect(await modeOf('--mode', 'userspace')).toMatchObject({
      value: 'userspace',
      source: 'flag',
      flag: '--mode',
    });
    expect(await modeOf()).toMatchObject({
      value: 'nftables',
      source: 'project',
      file: 'svcgen.yaml',
      line: 2,
    });
    project('config: kube-proxy.yaml\n');
    expect(await modeOf()).toMatchObject({ value: 'ipvs', source: 'configuration', file: 'kube-proxy.yaml' });
    expect(await modeOf('--no-project')).toMatchObject({ value: 'iptables', source: 'default' });
  });

  test('every command says which options a project file sets, and --quiet that it does not', async () => {
    project(USUAL);
    expect((await runIn('.', 'render')).stderr).toContain(
      'svcgen.yaml sets paths, mode, node, clusterCIDR (',
    );
    expect((await runIn('.', 'render', 'k8s')).stderr).toContain(
      'svcgen.yaml sets mode, node, clusterCIDR (',
    );
    expect((await runIn('.', 'render', '-q')).stderr).toBe('');
  });

  test('paths count beside the rules of a node, too', async () => {
    project('paths: [k8s]\nmode: iptables\nnode: worker-1\n');
    const { stdout: rules } = await runIn('.', 'render', '-q');
    writeFileSync(join(dir, 'rules.txt'), rules);
    const argv = ['explain', '--rules', 'rules.txt', '--to', 'shop/api:http', '--from', '10.244.1.10'];
    expect((await runIn('.', ...argv)).stdout).toContain('pod shop/api-0');
    expect((await runIn('.', ...argv, '--no-project')).stdout).not.toContain('pod shop/api-0');
  });

  test('paths count when none is given, and stdin is read when it is named', async () => {
    project(USUAL);
    const { stderr } = await runIn('.', 'render');
    expect(stderr).toContain('the paths of svcgen.yaml are read, and not stdin');
    expect((await runIn('.', 'render', 'tests')).stderr).toContain('files of expectations alone');
    expect((await runIn('.', 'render', '-')).stderr).toContain('stdin holds no Kubernetes object');
  });

  test('a file of expectations wins over the project file, and flags over both', async () => {
    project('paths: [k8s]\nmode: ipvs\nnode: worker-1\n');
    const expectations =
      'settings: { modes: [nftables] }\ncases: [{ from: node, to: "shop/api:http", expect: reaches }]\n';
    writeFileSync(join(dir, 'k8s/modes.traffic.yaml'), expectations);
    const failing = expectations.replace('expect: reaches', 'expect: dropped');
    expect((await runIn('.', 'test')).stdout).toContain('1 case, 3 connections: all pass');
    writeFileSync(join(dir, 'k8s/modes.traffic.yaml'), failing);
    expect((await runIn('.', 'test')).stdout).toContain('kube-proxy services -> ');
    expect((await runIn('.', 'test', '--mode', 'iptables')).stdout).toContain('KUBE-');
  });

  test('the nearest file counts, and the top of a work tree ends the search', async () => {
    project('mode: ipvs\n');
    project('mode: nftables\n', 'deep');
    expect((await runIn('deep/er', 'config')).stdout).toMatch(/^mode +nftables +svcgen\.yaml:1$/m);
    mkdirSync(join(dir, 'deep/er/.git'));
    expect((await runIn('deep/er', 'config')).stdout).toMatch(/^mode +iptables +default$/m);
  });

  test('a project file is no manifest', async () => {
    project('strict: true\n', 'k8s');
    expect((await runIn('.', 'validate', 'k8s')).stdout).not.toContain('svcgen.yaml');
  });
});

describe('whom a project file may be of', () => {
  const counts = async (folder: string) =>
    (await runIn(folder, 'config')).stdout.startsWith('# svcgen.yaml counts here');

  test('nobody in particular where one stands, as CI systems check out', async () => {
    project(USUAL);
    chmodSync(dir, 0o777);
    expect(await counts('.')).toBe(true);
  });

  test.each([
    ['a folder above that everybody may write', 'deep', 0o777],
    ['a folder that strangers share', '.', 0o1777],
  ])('not %s', async (_, folder, mode) => {
    project(USUAL);
    chmodSync(dir, mode);
    const { stdout, stderr } = await runIn(folder, 'config');
    expect(stdout).toContain('# no svcgen.yaml counts here');
    expect(stderr).toContain('does not count: everybody may write');
    expect((await runIn(folder, 'config', '--no-project')).stderr).toBe('');
  });

  test('not a file above that everybody may write', async () => {
    project(USUAL);
    chmodSync(join(dir, 'svcgen.yaml'), 0o666);
    expect(await counts('deep')).toBe(false);
    expect(await counts('.')).toBe(true);
  });

  test('not a link: what it leads to would be shown in errors', async () => {
    symlinkSync(join(SHOP, 'input.yaml'), join(dir, 'svcgen.yaml'));
    const { stderr } = await runIn('.', 'config');
    expect(stderr).toContain('does not count: it is a link');
  });
});

test('a link does not lead out of the folder', async () => {
  const outside = `${dir}-outside`;
  writeFileSync(outside, 'TOKEN=hunter2\n');
  symlinkSync(outside, join(dir, 'link.yaml'));
  for (const field of ['paths', 'config', 'expect']) {
    project(`${field}: link.yaml`);
    const { exitCode, stdout, stderr } = await runIn('.', 'render');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('"link.yaml" leads out of the folder');
    expect(stderr).not.toContain('hunter2');
  }
  rmSync(outside);
});

describe('of a path that a project file names, what is wrong is said where it does', () => {
  test.each([
    [
      'paths: [k8s, gone]',
      'svcgen.yaml:1:14: error[input-exists]: there is no file or folder "gone"',
      'test',
    ],
    ['mode: ipvs\npaths: gone', 'svcgen.yaml:2:8: error[input-exists]', 'render'],
    ['paths: deep', 'svcgen.yaml:1:8: error[folder-has-manifests]', 'render'],
    ['paths: k8s\nexpect: [gone.yaml]', 'svcgen.yaml:2:10: error[input-readable]', 'test'],
    ['paths: k8s\nconfig: gone.yaml', 'svcgen.yaml:2:9: error[input-readable]', 'render'],
    ['paths: k8s\nignore: ["*"]', '"ignore" of svcgen.yaml, which is "*" here', 'render'],
  ])('%j', async (text, message, command) => {
    project(text);
    const { stdout, stderr } = await runIn('deep', command);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });

  test('but not of a flag', async () => {
    project('ignore: [x]');
    const { stderr } = await runIn('.', 'render', 'deep', '--ignore', '*');
    expect(stderr).toContain('what --ignore, which is "*" here');
  });
});

describe('what is wrong is said with its place', () => {
  test.each([
    ['', 'svcgen.yaml says nothing', 'schemas/project.json'],
    ['- a', '1:1: error[project-valid]: a project file is a map', ''],
    ['mode: ipvs\n---\nmode: ipvs', '3:1: error[project-valid]: a project file has one document', ''],
    ['mode: [ipvs', '1:', ''],
    ['mode: nftable', '1:7: error[project-valid]: "nftable" is no value of mode', 'The modes are iptables'],
    ['strict: 1', '1:9: error[project-valid]: must be', ''],
    ['kubernetesVersion: 1.30', '1:20: error[project-valid]: must be a string', 'write it in quotes'],
    ['clusterCidr: 10.0.0.0/8', 'unknown field "clusterCidr"', 'did you mean "clusterCIDR"?'],
    ['expectations: a', 'unknown field "expectations"', 'known here: allocate'],
    ['clusterCIDR: [10.0.0.0/8, x]', '1:14: error[project-valid]: "10.0.0.0/8,x" is no value', 'no CIDR'],
    ['disable: [no-such-code]', '1:11: error[project-valid]: "no-such-code" is no value', 'no such code'],
    ['disable: []', 'the list is empty', 'leave the field out'],
    ['ignore: [""]', 'ignore is empty', ''],
    ['node: "*"', '1:7: error[project-valid]: node is one node', ''],
    ['paths: [k8s, ../other]', '1:14: error[project-valid]: "../other" leads out', ''],
    ['paths: k8s/../../other', '"k8s/../../other" leads out', ''],
    ['config: /etc/kube-proxy.yaml', '"/etc/kube-proxy.yaml" leads out', 'the same on every machine'],
    ['expect: "C:\\\\x"', 'leads out', ''],
    ['paths: "-"', '"-" leads out', ''],
    ['outputDir: /tmp', 'unknown field "outputDir"', 'names nothing that is written'],
    ['lock: a', 'unknown field "lock"', 'names nothing that is written'],
    ['kustomize: .', 'unknown field "kustomize"', 'a project file runs nothing'],
  ])('%j', async (text, message, hint) => {
    project(text);
    for (const [status, ...argv] of [
      [1, 'render', 'k8s'],
      [2, 'diff', 'k8s', 'k8s'],
    ] as const) {
      const { exitCode, stdout, stderr } = await runIn('deep', ...argv);
      expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
      expect(stderr).toContain(message);
      expect(stderr).toContain(hint);
    }
  });
});

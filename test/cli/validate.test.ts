import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { elementsOf, parseXml } from '../support/parse-xml.ts';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-validate-'));
afterAll(() => rmSync(dir, { recursive: true }));

const WEB = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
`;
const BAD_PORT = WEB.replace(
  'ports:\n    - port: 80',
  'type: NodePort\n  ports:\n    - port: 80\n      nodePort: 80',
);
const ALIAS = `apiVersion: v1
kind: Service
metadata:
  name: database
spec:
  type: ExternalName
  externalName: 192.0.2.45
`;

interface Report {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: string;
    readonly file: string | null;
    readonly line: number | null;
  }[];
  readonly summary: { readonly objects: object };
}

/** What `svcgen validate --output json` says of stdin. */
async function judge(text: string, ...flags: readonly string[]) {
  const { exitCode, stdout, stderr } = await runProgram(['validate', '--output', 'json', ...flags], text);
  const report: Report = JSON.parse(stdout);
  const said = report.diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  return { exitCode, said, stderr, report, objects: report.summary.objects };
}

function writeFiles(name: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(dir, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

describe('what it prints and ends with', () => {
  test('nothing wrong: one line, 0', async () => {
    const expected = {
      exitCode: 0,
      stdout: 'no problems in 1 file; objects: 1 valid, 0 invalid, 0 passed over\n',
      stderr: '',
    };
    expect(await runProgram(['validate'], WEB)).toEqual(expected);
  });

  test('an error: on stdout, 1', async () => {
    const { exitCode, stdout, stderr } = await runProgram(['validate'], BAD_PORT);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(/^<stdin>:9:17: error\[node-port-in-range\]: /);
    expect(stdout).toMatch(/\n\n1 error in 1 file; objects: 0 valid, 1 invalid, 0 passed over\n$/);
  });

  test('a warning: on stdout, 0; with --warnings-as-errors 1', async () => {
    expect(await judge(ALIAS)).toMatchObject({ exitCode: 0, said: ['warning external-name-not-ip'] });
    expect(await judge(ALIAS, '--warnings-as-errors')).toMatchObject({
      exitCode: 1,
      said: ['error external-name-not-ip'],
    });
  });

  test('wrong usage: on stderr, 2', async () => {
    for (const flags of [['--output', 'xml'], ['--disable', 'no-such-code'], ['--explain'], ['--eech']]) {
      const { exitCode, stdout, stderr } = await runProgram(['validate', ...flags], WEB);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^error: /);
    }
    expect((await runProgram(['validate'], '', { stdinIsTTY: true })).exitCode).toBe(2);
  });

  test('colours when stdout is a terminal, or when they are forced', async () => {
    const ansi = String.fromCharCode(27);
    const colored = async (terminal: object) =>
      (await runProgram(['validate'], BAD_PORT, terminal)).stdout.includes(ansi);
    expect(await colored({})).toBe(false);
    expect(await colored({ stderrIsTTY: true })).toBe(false);
    expect(await colored({ stdoutIsTTY: true })).toBe(true);
    expect(await colored({ stdoutIsTTY: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await colored({ env: { FORCE_COLOR: '1' } })).toBe(true);
  });

  test('what was ignored goes to stderr, with --verbose', async () => {
    const text = `${WEB}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n`;
    expect((await runProgram(['validate', '-v'], text)).stderr).toBe('passed over: 1 ConfigMap\n');
    expect((await runProgram(['validate'], text)).stderr).toBe('');
  });
});

describe('forms of output', () => {
  test('json, for whatever is wrong with the input', async () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${[...'bcdefghi']
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]\n`)
      .join('')}`;
    expect(await judge('a: [1, 2\nb: 3\n')).toMatchObject({ exitCode: 1, said: ['error yaml-syntax'] });
    expect(await judge('{"a": 1,, }')).toMatchObject({ exitCode: 1, said: ['error yaml-syntax'] });
    expect(await judge('\u0000\u0001\u0002')).toMatchObject({ exitCode: 1 });
    expect(await judge('')).toMatchObject({ exitCode: 1, said: ['error input-has-manifests'] });
    expect(await judge(`apiVersion: v1\nkind: X\n${bomb}`)).toMatchObject({ exitCode: 1 });
    expect(await judge('', join(dir, 'none.yaml'))).toMatchObject({
      exitCode: 1,
      said: ['error input-exists'],
    });
  });

  test('json of binary junk', async () => {
    const folder = writeFiles('junk', { 'junk.yaml': Uint8Array.from([0xff, 0xfe, 0x00, 0xd8, 0x80, 0x1b]) });
    const { exitCode, report } = await judge('', join(folder, 'junk.yaml'));
    expect(exitCode).toBe(1);
    expect(report.diagnostics[0]).toMatchObject({ file: join(folder, 'junk.yaml'), severity: 'error' });
  });

  test('sarif and github', async () => {
    const sarif = await runProgram(['validate', '--output', 'sarif'], BAD_PORT);
    expect(sarif.exitCode).toBe(1);
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'node-port-in-range', level: 'error' }] }],
    });
    const github = await runProgram(['validate', '--output', 'github'], BAD_PORT);
    expect(github.exitCode).toBe(1);
    expect(github.stdout).toMatch(
      /^::error file=<stdin>,line=9,col=17,endColumn=19,title=node-port-in-range::/,
    );
  });

  test('junit', async () => {
    const folder = writeFiles('junit', { 'good.yaml': WEB.replace('web', 'good'), 'bad.yaml': BAD_PORT });
    const { exitCode, stdout } = await runProgram(['validate', folder, '--output', 'junit']);
    expect(exitCode).toBe(1);
    const root = parseXml(stdout);
    expect(root.attributes).toMatchObject({ tests: '2', failures: '1' });
    expect(elementsOf(root, 'testcase').map(({ attributes }) => attributes.classname)).toEqual([
      join(folder, 'bad.yaml'),
      join(folder, 'good.yaml'),
    ]);
  });

  test('codeclimate', async () => {
    const { exitCode, stdout } = await runProgram(['validate', '--output', 'codeclimate'], BAD_PORT);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      { check_name: 'node-port-in-range', location: { path: '<stdin>', lines: { begin: 9 } } },
    ]);
  });

  test('sarif has a location for what is about a whole file, a folder, or nothing in particular', async () => {
    const folder = writeFiles('links', { 'a.yaml': WEB });
    symlinkSync('nowhere.yaml', join(folder, 'other.yaml'));
    const empty = writeFiles('empty', { 'values.yaml': 'a: 1\n' });
    for (const path of [folder, join(folder, 'missing'), writeFiles('none', {}), empty]) {
      const { stdout } = await runProgram(['validate', path, '--output', 'sarif']);
      const { results } = JSON.parse(stdout).runs[0];
      expect(results.length).toBeGreaterThan(0);
      for (const { locations } of results) {
        const [{ physicalLocation }] = locations;
        expect(physicalLocation.artifactLocation.uri).toContain(path);
        expect(physicalLocation.region.startLine).toBeGreaterThan(0);
      }
    }
  });

  test('any bytes end in JSON and 0 or 1', async () => {
    const pieces = [
      'apiVersion: v1\n',
      'kind: Service\n',
      'spec:\n',
      '  ports: [',
      ']',
      '- ',
      '{',
      '"',
      '\t',
      '&a ',
      '*a',
    ];
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 5 })));
    const run = async (parts: readonly string[], flags: readonly string[]) => {
      const { exitCode, report } = await judge(parts.join(''), ...flags);
      expect(exitCode).toBe(report.diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0);
    };
    await fc.assert(fc.asyncProperty(text, fc.constantFrom([], ['--each']), run), { numRuns: 200 });
  });
});

describe('what becomes of objects', () => {
  const objectsOf = async (text: string, ...flags: readonly string[]) =>
    (await judge(text, ...flags)).objects;
  const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
  const configuration = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n';

  test('each is valid, invalid or passed over', async () => {
    expect(await objectsOf(`${WEB}---\n${map}---\n${map}`)).toEqual({ valid: 1, invalid: 0, passedOver: 2 });
    expect(await objectsOf(`${BAD_PORT}---\n${configuration}`)).toEqual({
      valid: 1,
      invalid: 1,
      passedOver: 0,
    });
    expect(await objectsOf(`${configuration}mode: none\n`)).toEqual({ valid: 0, invalid: 1, passedOver: 0 });
    expect(await objectsOf(map.replace('ConfigMap', 'ConfigMaps'))).toEqual({
      valid: 0,
      invalid: 1,
      passedOver: 0,
    });
  });

  test('silenced or not', async () => {
    const invalid = { valid: 0, invalid: 1, passedOver: 0 };
    expect(await objectsOf(BAD_PORT, '--disable', 'node-port-in-range')).toEqual(invalid);
  });

  test('those that contradict each other are invalid', async () => {
    const invalid = { valid: 0, invalid: 2, passedOver: 0 };
    const twice = `${WEB}---\n${WEB.replace('80', '81')}`;
    expect(await objectsOf(twice)).toEqual(invalid);
    expect(await objectsOf(twice, '--disable', 'object-unique')).toEqual({
      ...invalid,
      valid: 1,
      invalid: 1,
    });
    const taken = WEB.replace('ports:', 'clusterIP: 10.96.0.5\n  ports:');
    expect(await objectsOf(`${taken}---\n${taken.replace('web', 'other')}`)).toEqual({
      valid: 1,
      invalid: 1,
      passedOver: 0,
    });
  });
});

describe('very many problems', () => {
  const ports = Array.from({ length: 30 }, () => '    - port: 0\n').join('');
  const text = WEB.replace('    - port: 80\n', ports);

  test('are cut after 20, and counted by code', async () => {
    const { stdout } = await runProgram(['validate'], text);
    expect(stdout.match(/^<stdin>:/gm)).toHaveLength(20);
    expect(stdout).toMatch(
      /\nand \d+ more:\n( +\d+ error\[[a-z-]+\] in 1 file\n)+ {2}hint: --all shows every one\n\n/,
    );
    const whole = await runProgram(['validate', '--all'], text);
    expect(whole.stdout.match(/^<stdin>:/gm)?.length).toBeGreaterThan(60);
    expect(whole.stdout).not.toContain(' more:');
    expect(whole.stdout.split('\n').slice(-2)).toEqual(stdout.split('\n').slice(-2));
  });

  test('on stderr, too', async () => {
    const { stdout, stderr } = await runProgram(['render'], text);
    expect(stdout).toBe('');
    expect(stderr).toContain('hint: --all shows every one');
    expect((await runProgram(['render', '--all'], text)).stderr).not.toContain('hint: --all');
  });
});

describe('--each', () => {
  test('judges files on their own, as the API server would', async () => {
    const folder = writeFiles('each', {
      'a.yaml': WEB,
      'b.yaml': WEB.replace('80', '81'),
      'c.yaml': ALIAS,
      'd.yaml': BAD_PORT,
    });
    expect((await judge('', folder)).said).toContain('error object-unique');
    const { exitCode, said, report } = await judge('', folder, '--each');
    expect({ exitCode, said }).toEqual({ exitCode: 1, said: ['error node-port-in-range'] });
    expect(report.diagnostics[0]?.file).toBe(join(folder, 'd.yaml'));
    expect(report.summary).toEqual({
      errors: 1,
      warnings: 0,
      infos: 0,
      files: 4,
      filesAffected: 1,
      objects: { valid: 3, invalid: 1, passedOver: 0 },
    });
  });

  test('refuses a named file that is no object, which a folder may hold', async () => {
    const folder = writeFiles('values', { 'a.yaml': WEB, 'values.yaml': 'replicas: 3\n' });
    expect(await judge('', folder)).toMatchObject({ exitCode: 0, said: [] });
    expect(await judge('', folder, '--each')).toMatchObject({ exitCode: 0, said: [] });
    const named = await judge('', join(folder, 'values.yaml'), '--each');
    expect(named).toMatchObject({ exitCode: 1, said: ['error not-a-manifest'] });
  });
});

describe('what is said, and how strictly', () => {
  test('--disable silences warnings, and errors of which nothing is made', async () => {
    expect((await judge(ALIAS, '--disable', 'external-name-not-ip')).said).toEqual([]);
    const silenced = await judge(BAD_PORT, '--disable', 'node-port-in-range');
    expect(silenced).toMatchObject({ exitCode: 0, said: ['warning silenced-object-left-out'] });
    expect((await judge('a: [', '--disable', 'yaml-syntax')).said).toEqual(['error yaml-syntax']);
  });

  test('of objects with one name the last one counts when the error is silenced', async () => {
    const twice = `${WEB.replace('ports:', 'clusterIP: 10.96.0.5\n  ports:')}---\n${WEB.replace('ports:', 'clusterIP: 10.96.0.6\n  ports:').replace('80', '81')}`;
    const silenced = await judge(twice, '--disable', 'object-unique');
    expect(silenced).toMatchObject({ exitCode: 0, said: ['warning silenced-object-left-out'] });
    const { exitCode, stdout } = await runProgram(['render', '--disable', 'object-unique'], twice);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('default/web');
    expect(stdout).toContain('--dport 81');
    expect(stdout).not.toContain('--dport 80');
  });

  test('svcgen/ignore silences for one object', async () => {
    const annotation = '  annotations:\n    svcgen/ignore: object-unique, external-name-not-ip\n';
    const ignoring = ALIAS.replace('  name: database\n', `  name: database\n${annotation}`);
    expect((await judge(ignoring)).said).toEqual([]);
    const other = ALIAS.replace('database', 'other');
    expect((await judge(`${ignoring}---\n${other}`)).said).toEqual(['warning external-name-not-ip']);
  });

  test('--strict makes unknown fields and repeated keys errors', async () => {
    const text = WEB.replace('spec:', 'spec:\n  sessionAfinity: None').replace(
      'name: web',
      'name: web\n  name: web',
    );
    expect(await judge(text)).toMatchObject({
      exitCode: 0,
      said: ['warning duplicate-key', 'warning unknown-field'],
    });
    expect(await judge(text, '--strict')).toMatchObject({
      exitCode: 1,
      said: ['error duplicate-key', 'error unknown-field'],
    });
  });

  test('flags say what the cluster is like', async () => {
    const nodePort = WEB.replace('ports:', 'type: NodePort\n  ports:').replace(
      'port: 80',
      'port: 80\n      nodePort: 80',
    );
    expect((await judge(nodePort)).said).toEqual(['error node-port-in-range']);
    expect((await judge(nodePort, '--service-node-port-range', '1-1000')).said).toEqual([]);
    const clusterIP = WEB.replace('ports:', 'clusterIP: 10.1.0.1\n  ports:');
    expect((await judge(clusterIP)).said).toEqual([]);
    expect((await judge(clusterIP, '--service-cluster-ip-range', '10.2.0.0/16')).said).toEqual([
      'error cluster-ip-in-range',
    ]);
    const named = WEB.replace('name: web', 'name: 2048');
    const digits = named.replace('2048', '"2048"');
    const old = ['--kubernetes-version', '1.35'];
    expect((await judge(digits)).said).toEqual([]);
    expect((await judge(digits, ...old)).said).toEqual(['error object-name-valid']);
    expect((await judge(digits, ...old, '--relaxed-service-names')).said).toEqual([]);
  });
});

describe('--explain', () => {
  test('prints what a code means, and reads no input', async () => {
    const { exitCode, stdout } = await runProgram(['validate', '--explain', 'node-port-not-taken'], 'a: [');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^node-port-not-taken \(error, cross\): /);
    expect(stdout).toContain('\nThis fails:\n  apiVersion: v1\n');
    expect(stdout).toContain('\nThis passes:\n  apiVersion: v1\n');
  });

  test('of other stages says as much', async () => {
    const { stdout } = await runProgram(['validate', '--explain', 'yaml-syntax']);
    expect(stdout).toMatch(/^yaml-syntax \(error, input\): /);
    for (const text of ['This fails:\n  # svcgen validate -', 'This passes:', 'cannot be silenced'])
      expect(stdout).toContain(text);
  });

  test('helps with a slip', async () => {
    const { exitCode, stderr } = await runProgram(['validate', '--explain', 'node-port-not-takn']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('node-port-not-taken');
  });
});

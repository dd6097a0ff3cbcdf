import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-bad-input-'));
afterAll(() => rmSync(dir, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}

interface ServiceTexts {
  readonly name?: string;
  readonly namespace?: string;
  readonly port?: string;
  readonly clusterIP?: string;
  readonly externalIP?: string;
}

/** Strings are quoted as JSON does it, so that they may hold anything. */
function service(texts: ServiceTexts): string {
  const { name = 'web', namespace = 'default', port = 'http', clusterIP = '10.96.0.80', externalIP } = texts;
  const externalIPs = externalIP === undefined ? [] : [externalIP];
  return `apiVersion: v1
kind: Service
metadata:
  name: ${JSON.stringify(name)}
  namespace: ${JSON.stringify(namespace)}
spec:
  clusterIP: ${JSON.stringify(clusterIP)}
  externalIPs: ${JSON.stringify(externalIPs)}
  ports:
    - name: ${JSON.stringify(port)}
      port: 80
`;
}

/** Whatever is wrong: exit code 1, nothing on stdout, and all of this on stderr. */
async function expectRefusal(paths: readonly string[], ...said: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runProgram(['render', ...paths]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  for (const text of said) expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/node:|at .*\.ts|svcgen bug/);
}

describe('paths', () => {
  test('no such file', () => expectRefusal(['nowhere.yaml'], 'input-exists', '"nowhere.yaml"'));

  test('every missing file is named, and nothing else is said', () =>
    expectRefusal(
      ['nowhere.yaml', 'fixtures/quickstart', 'neither.yaml'],
      '"nowhere.yaml"',
      '"neither.yaml"',
      '2 errors',
    ));

  test('a name that would garble the terminal', () => expectRefusal(['\u001B[2J'], '"\\u001b[2J"'));

  test('a folder without manifests', () => {
    const folder = join(dir, 'empty-folder');
    mkdirSync(join(folder, 'inner'), { recursive: true });
    writeFileSync(join(folder, 'readme.txt'), 'nothing');
    return expectRefusal([folder], 'folder-has-manifests');
  });

  test('a folder whose files hold no objects', () => {
    const folder = join(dir, 'values');
    mkdirSync(folder);
    writeFileSync(join(folder, 'values.yaml'), 'replicas: 3\n');
    return expectRefusal([folder], 'input-has-manifests');
  });

  test('a link that leads nowhere', () => {
    const link = join(dir, 'dangling.yaml');
    symlinkSync(join(dir, 'gone.yaml'), link);
    return expectRefusal([link], 'input-exists');
  });

  test('links in a folder that lead in circles', () => {
    const folder = join(dir, 'circles');
    mkdirSync(folder);
    symlinkSync('b.yaml', join(folder, 'a.yaml'));
    symlinkSync('a.yaml', join(folder, 'b.yaml'));
    symlinkSync('c', join(folder, 'c'));
    symlinkSync('.', join(folder, 'here'));
    return expectRefusal(
      [folder],
      'link-leads-somewhere',
      'a.yaml" leads in a circle',
      '1 error, 2 warnings',
    );
  });

  test('nothing at all comes from stdin', () => expectRefusal([], 'stdin holds no Kubernetes object'));
});

describe('files', () => {
  test('empty', () => expectRefusal([write('empty.yaml', '')], 'input-has-manifests', 'empty.yaml'));

  test('comments only', () => expectRefusal([write('comment.yaml', '# soon\n---\n')], 'input-has-manifests'));

  test('named, but not a manifest', () =>
    expectRefusal(['fixtures/quickstart', write('values.yaml', 'replicas: 3\n')], 'values.yaml'));

  test('broken YAML', () =>
    expectRefusal([write('broken.yaml', 'kind: Service\nspec: [1,\n')], 'broken.yaml:2:7', 'yaml-syntax'));

  test('broken JSON', () =>
    expectRefusal([write('broken.json', '{"kind": "Service",\n "a" 1}')], 'broken.json:2:'));

  test('a template', () =>
    expectRefusal(
      [write('chart.yaml', 'kind: Service\nmetadata:\n  name: {{ .Values.name }}\n')],
      'helm template',
    ));

  test('binary junk', () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) & 255);
    return expectRefusal([write('junk.yaml', bytes)], 'junk.yaml', 'text-file');
  });

  test.each([
    ['gzip', gzipSync('kind: Service\n'), 'unpack it with "gunzip" or "tar xzf"'],
    ['tar', Buffer.from(`a.yaml${'\0'.repeat(251)}ustar\0`), 'unpack it with "tar xf"'],
    ['zip', Buffer.from('PK\u0003\u0004\u0014\0\0\0'), 'unpack it with "unzip"'],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'unpack it with "unxz" or "tar xJf"'],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 4]), 'unpack it with "unzstd"'],
  ])('an archive: %s', (name, bytes, hint) => expectRefusal([write(`manifests.${name}`, bytes)], hint));

  test('a bomb of aliases', () => {
    const levels = Array.from(
      { length: 12 },
      (_, index) => `l${index + 1}: &l${index + 1} [${`*l${index},`.repeat(9)}]`,
    );
    return expectRefusal(
      [write('bomb.yaml', ['l0: &l0 [x]', ...levels].join('\n'))],
      'alias-expansion',
      'bomb.yaml:',
    );
  });

  test('50 MB of nesting', () => {
    const deep = Buffer.alloc(50_000_000, '[');
    return expectRefusal([write('deep.yaml', deep)], 'deep.yaml:1:', 'nesting-depth');
  });

  test('deep nesting in JSON', () => {
    const deep = `{"apiVersion": "v1", "kind": "Service", "spec": ${'['.repeat(1e6)}${']'.repeat(1e6)}}`;
    return expectRefusal([write('deep.json', deep)], 'deep.json:1:');
  });
});

describe('objects', () => {
  test('two Services with one name', async () => {
    const path = write('twice.yaml', `${service({})}---\n${service({ clusterIP: '10.96.0.81' })}`);
    await expectRefusal([path], 'object-unique', 'twice.yaml:');
  });

  const hostile = [
    'quo"te',
    "quo'te",
    'spa ce',
    'line\nbreak',
    '-A INPUT -j ACCEPT',
    '$(id)',
    '`id`',
    'nul\0',
    'x'.repeat(300),
    '__proto__',
    '\u202Eevil',
  ];
  const spots = [
    ['name', 4, 'metadata.name'],
    ['namespace', 5, 'metadata.namespace'],
    ['port', 10, 'spec.ports[0].name'],
  ] as const;

  test.each(hostile.flatMap((text) => spots.map((spot) => ({ text, spot }))))(
    '$spot.0 $text',
    async ({ text, spot: [key, line, field] }) => {
      await expectRefusal([write('hostile.yaml', service({ [key]: text }))], `hostile.yaml:${line}:`, field);
    },
  );

  test.each(['1.2.3', '0x0a.0.0.1', '10.0.0.1/32', 'fe80::1%eth0', '10.0.0.1 -j ACCEPT', '$(id)', ''])(
    'address %j',
    async (ip) => {
      const path = write('address.yaml', service({ externalIP: ip }));
      await expectRefusal([path], 'address.yaml:8:', 'spec.externalIPs[0]');
    },
  );
});

describe('odd spellings that the API server takes', () => {
  test.each([
    ['010.96.0.9', '10.96.0.9'],
    ['::ffff:10.96.0.9', '10.96.0.9'],
  ])(
    '%s is a warning up to 1.35, and canonical in the rules; then an error',
    async (clusterIP, canonical) => {
      const path = write('odd.yaml', service({ clusterIP }));
      const refused = await runProgram(['render', path]);
      expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
      expect(refused.stderr).toContain('error[address-strict]');
      const { exitCode, stdout, stderr } = await runProgram(['render', path, '--kubernetes-version', '1.35']);
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toContain('warning[');
      expect(stdout).toContain(`-d ${canonical}/32 `);
      expect(stdout).not.toContain(`-d ${clusterIP}`);
    },
  );

  test('a repeated key is a warning, with --strict an error', async () => {
    const path = write(
      'repeated.yaml',
      service({}).replace('  clusterIP:', '  clusterIP: 10.96.0.1\n  clusterIP:'),
    );
    expect(await runProgram(['render', path])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('warning[duplicate-key]'),
    });
    expect(await runProgram(['render', '--strict', path])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('error[duplicate-key]'),
    });
  });

  test('warnings as errors', async () => {
    const path = write('odd.yaml', service({ clusterIP: '010.96.0.9' }));
    expect(await runProgram(['render', '--warnings-as-errors', path])).toMatchObject({
      exitCode: 1,
      stdout: '',
    });
  });
});

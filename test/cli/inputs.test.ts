import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const QUICKSTART = 'fixtures/quickstart';
const dir = mkdtempSync(join(tmpdir(), 'svcgen-inputs-'));
afterAll(() => rmSync(dir, { recursive: true }));

let expected: string;
beforeAll(async () => {
  expected = (await runQuietly(['render', QUICKSTART])).stdout;
});

async function expectSame(argv: readonly string[], stdin = ''): Promise<void> {
  expect(await runQuietly(['render', ...argv], stdin)).toEqual({ exitCode: 0, stdout: expected, stderr: '' });
}

/** All documents of the quickstart, by file. */
function documents(): readonly string[] {
  return readdirSync(QUICKSTART).flatMap((name) =>
    readFileSync(join(QUICKSTART, name), 'utf8').split(/^---\n/m),
  );
}

describe('the same objects give the same bytes', () => {
  test('files in any order', async () => {
    const files = readdirSync(QUICKSTART).map((name) => join(QUICKSTART, name));
    await expectSame(files.toReversed());
    await expectSame([...files.slice(3), ...files.slice(0, 3)]);
  });

  test('documents in any order, on stdin', async () => {
    const shuffled = documents().toReversed().join('\n---\n');
    await expectSame(['-'], shuffled);
    await expectSame([], shuffled);
  });

  test('files that are named twice, and links to them', async () => {
    const link = join(dir, 'link');
    symlinkSync(join(process.cwd(), QUICKSTART), link);
    await expectSame([QUICKSTART, QUICKSTART, `${QUICKSTART}/api.yaml`, link]);
  });
});

describe('folders', () => {
  const folder = join(dir, 'repository');
  const copy = (path: string) => cpSync(QUICKSTART, join(folder, path), { recursive: true });
  beforeAll(() => copy('deep/inside'));

  test('are read with all below them', () => expectSame([folder]));

  test('links that lead in circles', async () => {
    symlinkSync(folder, join(folder, 'deep/circle'));
    await expectSame([folder]);
  });

  test('other files, hidden ones and node_modules are left out', async () => {
    for (const place of ['.git', 'node_modules/some-package']) copy(place);
    writeFileSync(join(folder, '.hidden.yaml'), ']');
    writeFileSync(join(folder, 'notes.txt'), ']');
    await expectSame([folder]);
  });

  test('what is no manifest is left out; -v says so', async () => {
    writeFileSync(join(folder, 'values.yaml'), 'replicas: 3\n');
    await expectSame([folder]);
    const { stderr } = await runQuietly(['render', folder, '-v']);
    expect(stderr).toMatch(/^passed over: .*values\.yaml:1:1: this is no Kubernetes object/);
  });

  test('-v counts kinds that are not read', async () => {
    writeFileSync(join(folder, 'map.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
    await expectSame([folder]);
    const { stderr } = await runQuietly(['render', folder, '--verbose']);
    expect(stderr).toContain('passed over: 1 ConfigMap\n');
  });

  test('--ignore leaves out files and folders', async () => {
    copy('old');
    mkdirSync(join(folder, 'drafts'));
    writeFileSync(join(folder, 'drafts/broken.yaml'), 'apiVersion: ]');
    writeFileSync(join(folder, 'broken.draft.yaml'), 'apiVersion: ]');
    expect(await runQuietly(['render', folder])).toMatchObject({ exitCode: 1, stdout: '' });
    await expectSame([folder, '--ignore', 'old', '--ignore', 'drafts/**', '--ignore', '*.draft.yaml']);
  });
});

describe('a path that leads nowhere', () => {
  test.each([
    ['fixtures/quickstrat', 'did you mean "fixtures/quickstart"?'],
    ['fixturs/quickstart/gatewy.yaml', 'did you mean "fixtures/quickstart/gateway.yaml"?'],
    ['fixtures/quickstart/api', 'did you mean "fixtures/quickstart/api.yaml"?'],
    ['https://example.com/a.yaml', 'fetch it first, as in "curl -fsSL URL | svcgen validate -"'],
    ['git@example.com:a/b', 'svcgen never uses the network'],
  ])('%s', async (path, hint) => {
    const { exitCode, stderr } = await runQuietly(['render', path]);
    expect(stderr).toContain(`there is no file or folder "${path}"\n  hint: `);
    expect(stderr).toContain(hint);
    expect(exitCode).toBe(1);
  });

  test.each(['nowhere', '/nowhere/at/all.yaml'])('%s is like nothing that is there', async (path) =>
    expect((await runQuietly(['render', path])).stderr).not.toContain('hint:'),
  );
});

describe('what kubectl prints', () => {
  test('a List of everything, as JSON', async () => {
    const list = await runQuietly(['endpoints', QUICKSTART, '--output', 'json']);
    const services = documents().filter((text) => text.includes('kind: Service'));
    const { exitCode, stdout } = await runQuietly(
      ['render', '-'],
      `${services.join('---\n')}---\n${list.stdout}`,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toBe(expected);
  });
});

describe('families', () => {
  const onlyIPv6 = `apiVersion: v1
kind: Service
metadata: {name: six}
spec: {clusterIP: "fd00:10:96::50", ipFamilies: [IPv6], ports: [{port: 80}]}
`;

  test('a hint when the rules would serve nothing', async () => {
    const { exitCode, stderr } = await runQuietly(['render'], onlyIPv6);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('family-has-services');
    expect(stderr).toContain('--family ipv6');
  });

  test('none with the right family, or with both', async () => {
    for (const flags of [['--family', 'ipv6'], ['--script']]) {
      const { stderr } = await runQuietly(['render', ...flags], onlyIPv6);
      expect(stderr).not.toContain('family-has-services');
    }
  });
});

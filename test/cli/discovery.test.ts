import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const EVERY_RECORD = 'fixtures/dns/every-record/input.yaml';
const IPV6 = 'fixtures/conformance/env/ipv6/input.yaml';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('env', () => {
  test('prints the variables of a namespace', async () => {
    const { exitCode, stdout, stderr } = await runQuietly(['env', IPV6, '--namespace', 'shop']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(readFileSync('fixtures/conformance/env/ipv6/expected.env', 'utf8'));
  });

  test('an unknown namespace: nothing on stdout, the known ones on stderr', async () => {
    const { exitCode, stdout, stderr } = await runQuietly(['env', IPV6]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('--namespace takes one of shop');
  });

  test('an unknown pod', async () => {
    const { exitCode, stdout, stderr } = await runQuietly(['env', IPV6, '-n', 'shop', '--pod', 'web']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('there is no pod "web" in namespace "shop"');
  });

  test('an unknown format is wrong usage', async () => {
    const { exitCode, stdout } = await runQuietly(['env', IPV6, '--output', 'xml']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('endpoints', () => {
  const input = 'fixtures/conformance/endpoints/hundred-twenty-pods/input.yaml';

  test('slices of the size that is asked for', async () => {
    const { stdout } = await runQuietly([
      'endpoints',
      input,
      '--max-endpoints-per-slice',
      '50',
      '--output',
      'json',
    ]);
    const { items } = JSON.parse(stdout) as { items: { kind: string; endpoints?: unknown[] }[] };
    expect(items.flatMap(({ endpoints }) => (endpoints === undefined ? [] : [endpoints.length]))).toEqual([
      50, 50, 20,
    ]);
  });

  test.each(['0', '1001', 'x', '-1'])('%s is no size', async (size) => {
    const { exitCode, stdout } = await runQuietly(['endpoints', input, `--max-endpoints-per-slice=${size}`]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test('what is in the input already is not printed, and the user is told', async () => {
    const first = await runQuietly(['endpoints', input]);
    const text = `${readFileSync(input, 'utf8')}${first.stdout}`;
    const again = await runQuietly(['endpoints'], text);
    expect(again).toMatchObject({ exitCode: 0, stdout: '' });
    expect(again.stderr).toContain('warning[endpoints-not-given]');
  });
});

describe('input without pods and the endpoints of it: the rules of input with pods', () => {
  const folders = 'fixtures/conformance/endpoints';
  const cases = readdirSync(folders).flatMap((name) =>
    (['yaml', 'json'] as const).flatMap((format) =>
      (['ipv4', 'ipv6'] as const).map((family) => ({ name, format, family })),
    ),
  );

  test.each(cases)('$name, $format, $family', async ({ name, format, family }) => {
    const text = readFileSync(`${folders}/${name}/input.yaml`, 'utf8');
    const withoutPods = text.split(/^---\n/m).filter((document) => !/^kind: Pod$/m.test(document));
    const made = await runQuietly(['endpoints', '--output', format], text);
    expect(made.exitCode).toBe(0);
    const documents = [...withoutPods, made.stdout];
    const flags = ['render', '--family', family, '--node', 'node-1', '--node-ip', '192.0.2.1'];
    const direct = await runQuietly(flags, text);
    const indirect = await runQuietly(flags, documents.join('---\n'));
    expect(direct.exitCode).toBe(0);
    expect(indirect.stdout).toBe(direct.stdout);
  });

  test('most of them make rules', async () => {
    const text = readFileSync(`${folders}/multi-port/input.yaml`, 'utf8');
    const { stdout } = await runQuietly(['render', '--node', 'node-1'], text);
    expect(stdout.match(/DNAT --to-destination|--to-destination/g)?.length).toBeGreaterThan(5);
  });
});

describe('dns', () => {
  test('stdout has the zone of the cluster domain', async () => {
    const { exitCode, stdout, stderr } = await runQuietly(['dns', EVERY_RECORD]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('$ORIGIN cluster.local.\n');
    expect(stdout).not.toContain('in-addr.arpa');
  });

  test('a folder has all zones, called like them', async () => {
    const { exitCode, stdout } = await runQuietly([
      'dns',
      EVERY_RECORD,
      '--output-dir',
      join(folder, 'zones'),
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    const names = readdirSync(join(folder, 'zones'));
    expect(names).toContain('cluster.local.zone');
    expect(names).toContain('0.96.10.in-addr.arpa.zone');
    for (const name of names) {
      const text = readFileSync(join(folder, 'zones', name), 'utf8');
      expect(text.startsWith(`$ORIGIN ${name.slice(0, -'.zone'.length)}.\n`)).toBe(true);
    }
  });

  test('another domain, another time to live', async () => {
    const { stdout } = await runQuietly([
      'dns',
      EVERY_RECORD,
      '--cluster-domain',
      'K8s.Example.',
      '--ttl',
      '60',
    ]);
    expect(stdout).toContain('$ORIGIN k8s.example.\n$TTL 60\n');
  });

  test.each([
    ['--cluster-domain', 'a b'],
    ['--cluster-domain', ''],
    ['--cluster-domain', '../../etc'],
    ['--cluster-domain', 'x\n@ IN A 192.0.2.1'],
    ['--ttl', '-1'],
    ['--output', 'bind'],
  ])('%s %j is wrong usage', async (flag, value) => {
    const { exitCode, stdout } = await runQuietly(['dns', EVERY_RECORD, `${flag}=${value}`]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test('a folder is for zones only', async () => {
    const target = join(folder, 'zones');
    const { exitCode } = await runQuietly(['dns', EVERY_RECORD, '--output', 'hosts', '--output-dir', target]);
    expect(exitCode).toBe(2);
    expect(existsSync(target)).toBe(false);
  });

  test.each(['hosts', 'json'])('%s', async (output) => {
    const { exitCode, stdout } = await runQuietly(['dns', EVERY_RECORD, '--output', output]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('dual.shop.svc.cluster.local');
  });
});

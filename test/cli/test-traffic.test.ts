import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseXml } from '../support/parse-xml.ts';
import { runProgram, runQuietly } from '../support/run-program.ts';

const SHOP = 'fixtures/traffic/shop';
const dir = mkdtempSync(join(tmpdir(), 'svcgen-test-'));
afterAll(() => rmSync(dir, { recursive: true }));

function expectations(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

const PASSING = expectations(
  'passing.yaml',
  'cases: [{ name: it works, from: node, to: "shop/api:http", expect: reaches }]',
);
const FAILING = expectations(
  'failing.yaml',
  'cases: [{ name: "<it> fails", from: node, to: "shop/api:http", expect: dropped }]',
);
const INPUT = `${SHOP}/input.yaml`;

test('a case of too many connections is an error, and does not take for ever', async () => {
  const list = (word: string) => Array.from({ length: 1000 }, () => word).join(',');
  const text = `cases: [{ from: [${list('outside')}], to: [${list('"shop/api:http"')}], expect: reaches }]`;
  const { exitCode, stdout, stderr } = await runQuietly([
    'test',
    INPUT,
    '--expect',
    expectations('many.yaml', text),
  ]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(
    /many\.yaml:1:\d+: error\[expectation-subject-known\]: these are more than 100000 connections/,
  );
  expect(stderr).toContain(', 995 more');
});

test('what a mode cannot serve is an error, not a bug', async () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80, protocol: SCTP }] }\n';
  const input = expectations('sctp.yaml', service);
  const cases = expectations('sctp.traffic.yaml', 'cases: [{ to: default/a, from: node, expect: rejected }]');
  for (const args of [['--expect', cases], ['--record']]) {
    const node = ['--mode', 'userspace', '--node', 'n1', '--node-ip', '192.0.2.7'];
    const { exitCode, stdout, stderr } = await runQuietly(['test', input, ...args, ...node]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/sctp\.yaml:4:\d+: error\[proxied-protocol\]/);
  }
});

test('a folder may hold cases alone', async () => {
  const folder = mkdtempSync(join(dir, 'cases-'));
  cpSync(PASSING, join(folder, 'shop.traffic.yaml'));
  expect(await runQuietly(['test', INPUT, folder])).toMatchObject({ exitCode: 0, stderr: '' });
});

test.each([
  [
    INPUT,
    /input\.yaml:\d+:\d+: error\[expectation-valid\]: this is a manifest, and ".*" was given as a file of expectations/,
    'a file for --expect begins with "cases:"',
  ],
  [SHOP, /error\[input-readable\]: cannot read ".*": it is a folder/, 'name the folder as a path'],
  [
    join(dir, 'missing.yaml'),
    /error\[input-readable\]: cannot read ".*": no such file/,
    '--expect takes a file of cases',
  ],
])('--expect %s says what it takes, and nothing else', async (path, message, hint) => {
  const { exitCode, stdout, stderr } = await runQuietly(['test', INPUT, '--expect', path]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).toContain(hint);
  expect(stderr.match(/error\[/g)).toHaveLength(1);
});

describe('exit status', () => {
  test.each([
    [0, [INPUT, '--expect', PASSING]],
    [1, [INPUT, '--expect', FAILING]],
    [1, [INPUT, '--expect', PASSING, '--expect', FAILING]],
    [1, [INPUT]],
    [1, [INPUT, '--expect', join(dir, 'missing.yaml')]],
    [1, [INPUT, '--expect', PASSING, '--filter', 'other']],
    [2, [INPUT, '--expect', PASSING, '--output', 'xml']],
    [2, [INPUT, '--expect', PASSING, '--node', '*']],
  ])('%i: %j', async (status, args) => {
    const { exitCode } = await runProgram(['test', ...args]);
    expect(exitCode).toBe(status);
  });

  test('with an error there is no report', async () => {
    const wrong = expectations('wrong.yaml', 'cases:\n  - to: shop/apo:http\n    expect: reaches\n');
    const { stdout, stderr } = await runProgram(['test', INPUT, '--expect', PASSING, '--expect', wrong]);
    expect(stdout).toBe('');
    expect(stderr).toContain(
      'wrong.yaml:2:9: error[expectation-subject-known]: there is no Service shop/apo',
    );
    expect(stderr).toContain('did you mean shop/api?');
  });
});

test('files are found below the paths, once, and no other command takes them for manifests', async () => {
  const folder = join(dir, 'found');
  cpSync(SHOP, folder, { recursive: true });
  const { stdout } = await runProgram(['test', folder, '--expect', join(folder, 'shop.traffic.yaml')]);
  expect(stdout).toContain('10 cases, 50 connections: all pass');
  const named = await runProgram(['test', INPUT, join(folder, 'shop.traffic.yaml')]);
  expect(named.stdout).toBe(stdout);
  const { stdout: found } = await runProgram([
    'validate',
    folder,
    '--strict',
    '--ignore',
    'expected',
    '--ignore',
    'case.json',
  ]);
  expect(found).not.toContain('traffic.yaml');
});

test('--mode runs one mode, --node at one node', async () => {
  const text = expectations(
    'modes.yaml',
    'settings: { modes: [iptables, ipvs] }\ncases: [{ from: node, to: "shop/api:http", expect: reaches }]',
  );
  const countOf = async (...args: readonly string[]) => {
    const { stdout } = await runQuietly(['test', INPUT, '--expect', text, '--output', 'json', ...args]);
    return JSON.parse(stdout).cases[0].connections;
  };
  expect(await countOf()).toBe(6);
  expect(await countOf('--mode', 'nftables')).toBe(3);
  expect(await countOf('--mode', 'nftables', '--node', 'worker-2')).toBe(1);
});

test('--cluster-cidr wins over the settings of a file', async () => {
  const text = expectations(
    'cidr.yaml',
    'settings: { clusterCIDR: 10.0.0.0/8 }\ncases: [{ from: 10.9.9.9, to: "10.96.1.2:80", expect: { source: kept } }]',
  );
  expect((await runQuietly(['test', INPUT, '--expect', text])).exitCode).toBe(0);
  const other = await runQuietly(['test', INPUT, '--expect', text, '--cluster-cidr', '10.244.0.0/16']);
  expect(other.exitCode).toBe(1);
  expect(other.stdout).toContain('the source is rewritten');
});

describe('reports', () => {
  const report = async (output: string) => {
    const { stdout } = await runQuietly([
      'test',
      INPUT,
      '--expect',
      PASSING,
      '--expect',
      FAILING,
      '--output',
      output,
    ]);
    return stdout;
  };

  test('junit is XML, with a failure for each case that fails', async () => {
    const text = await report('junit');
    expect(() => parseXml(text)).not.toThrow();
    expect(text.match(/<testcase /g)).toHaveLength(2);
    expect(text.match(/<failure /g)).toHaveLength(1);
    expect(text).toContain('&lt;it&gt; fails');
  });

  test('tap has a plan and a point for each case', async () => {
    expect(await report('tap')).toMatch(
      /^TAP version 14\n1\.\.2\nok 1 - it works\nnot ok 2 - <it> fails\n {2}---\n/,
    );
  });

  test('github names file and line', async () => {
    expect(await report('github')).toContain(`::error file=${FAILING},line=1,col=17,title=<it> fails::`);
  });

  test('json can be read', async () => {
    expect(JSON.parse(await report('json'))).toMatchObject({
      passed: false,
      failed: 1,
      cases: [{ passed: true }, { passed: false }],
    });
  });
});

test('no case can make a report say something else', async () => {
  const name = 'a\\u001b[2J\\n::error::x\\nok 9 - y';
  const text = expectations(
    'a\u001b[2J\n::error::x\nok 9 - y.yaml',
    `cases: [{ name: "${name}", from: node, to: "shop/api:http", expect: dropped }]`,
  );
  for (const output of ['pretty', 'tap', 'github', 'junit', 'json']) {
    const { stdout } = await runQuietly(['test', INPUT, '--expect', text, '--output', output]);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toMatch(/^(?:::error::x|ok 9)/m);
  }
});

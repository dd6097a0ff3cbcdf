import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { runQuietly } from '../support/run-program.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-nodes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SERVICE: readonly JsonObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: {
      type: 'NodePort',
      clusterIP: '10.96.0.10',
      internalTrafficPolicy: 'Local',
      ports: [{ port: 80, nodePort: 30080 }],
    },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ port: 8080 }],
    endpoints: [
      { addresses: ['10.244.1.5'], nodeName: 'worker-1' },
      { addresses: ['10.244.2.5'], nodeName: 'worker-2' },
    ],
  },
];

function nodeNamed(name: string, address?: string): JsonObject {
  const addresses = address === undefined ? [] : [{ type: 'InternalIP', address }];
  return { apiVersion: 'v1', kind: 'Node', metadata: { name }, status: { addresses } };
}

const NODES = ['worker-1', 'worker-2', 'worker-3.example.com'].map((name, index) =>
  nodeNamed(name, `192.168.0.${index + 1}`),
);

function render(flags: readonly string[], items: readonly JsonObject[] = [...SERVICE, ...NODES]) {
  return runQuietly(['render', ...flags], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
}

/** Every file below a folder, with its text. */
function filesOf(path: string): ReadonlyMap<string, string> {
  const names = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [file.slice(path.length + 1), readFileSync(file, 'utf8')]),
  );
}

describe("--node '*'", () => {
  test.each([
    ['iptables', []],
    ['iptables', ['--layout', 'compact', '--noflush']],
    ['ipvs', ['--family', 'ipv4']],
    ['nftables', []],
  ])('makes for each node what is made for it alone: %s %j', async (mode, more) => {
    const flags = ['--mode', mode, ...more, '--output-dir'];
    const all = await render(['--node', '*', ...flags, join(folder, 'all')]);
    expect(all).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    for (const node of ['worker-1', 'worker-2', 'worker-3.example.com']) {
      const alone = await render(['--node', node, ...flags, join(folder, 'alone', node)]);
      expect(alone).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    }
    expect(filesOf(join(folder, 'all'))).toEqual(filesOf(join(folder, 'alone')));
    expect(new Set(filesOf(join(folder, 'all')).values()).size).toBeGreaterThan(2);
  });

  test('needs Nodes', async () => {
    const result = await render(['--node', '*', '--output-dir', join(folder, 'out')], SERVICE);
    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain("error[nodes-given]: --node '*' is for every Node in the input");
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  const badShards = ['0/2', '3/2', '1', '1/0', '-1/2', '1/2/3', 'a/b', '', '1.5/2', '1/1000000000'];

  test.each<readonly [flags: readonly string[], message: string]>([
    [['--node', '*'], "--node '*' makes a folder for every node: add --output-dir DIR"],
    [['--node', '*', '--script'], '--output-dir DIR'],
    [['--node', '*', '--output-dir', 'out', '--node-ip', '192.168.0.1'], '--node-ip is for one node'],
    [['--node', 'worker-1', '--shard', '1/2'], "--shard splits the nodes of --node '*'"],
    [['--shard', '1/2', '--output-dir', 'out'], "--shard splits the nodes of --node '*'"],
    ...badShards.map(
      (shard) =>
        [
          ['--node', '*', '--output-dir', 'out', `--shard=${shard}`],
          'It takes I/N, from 1/N to N/N',
        ] as const,
    ),
  ])('is refused: %j', async (flags, message) => {
    const { exitCode, stdout, stderr } = await render(flags);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test.each(['..', '.', 'a/b', '../../etc', '/etc', 'A', 'a..b', 'a\nb', '', '-a', `${'a'.repeat(254)}`])(
    'a node called %j makes no folder',
    async (name) => {
      const ignored = { 'svcgen/ignore': 'object-name-valid, object-named' };
      for (const annotations of [{}, ignored]) {
        const bad = { ...nodeNamed(name), metadata: { name, annotations } };
        const { exitCode } = await render(
          ['--node', '*', '--output-dir', join(folder, 'x/out')],
          [...SERVICE, bad],
        );
        expect(exitCode).toBe(1);
        expect(readdirSync(folder)).toEqual([]);
      }
    },
  );

  test('errors of one node keep all from being written, and name it', async () => {
    const items = [...SERVICE, ...NODES, nodeNamed('worker-9')];
    const { exitCode, stderr } = await render(
      ['--node', '*', '--mode', 'ipvs', '--output-dir', join(folder, 'out')],
      items,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "need the node's addresses, and none is known (1 node: worker-9)\n  hint: add status.addresses",
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file that cannot be written is named, and no other has changed', async () => {
    const out = join(folder, 'out');
    await render(['--node', '*', '--output-dir', out]);
    const before = filesOf(out);
    rmSync(join(out, 'worker-2'), { recursive: true });
    writeFileSync(join(out, 'worker-2'), 'in the way');
    const { exitCode, stderr } = await render(['--node', '*', '--masquerade-all', '--output-dir', out]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: cannot write ".*\/out\/worker-2\/iptables\.rules": a part of the path is a file, not a folder\n$/,
    );
    const after = filesOf(out);
    expect(after.get('worker-1/iptables.rules')).toBe(before.get('worker-1/iptables.rules'));
    expect([...after.keys()].filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  test('folders of nodes that are gone stay', async () => {
    mkdirSync(join(folder, 'out/old'), { recursive: true });
    await render(['--node', '*', '--output-dir', join(folder, 'out')]);
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      'old',
      'worker-1',
      'worker-2',
      'worker-3.example.com',
    ]);
  });

  test('says on a terminal how far it is', async () => {
    const items = [...SERVICE, ...Array.from({ length: 25 }, (_, index) => nodeNamed(`n-${index}`))];
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    const argv = ['render', '--node', '*', '--output-dir', join(folder, 'out')];
    const { stderr } = await runQuietly(argv, input, { stderrIsTTY: true });
    const shown = stderr.split('\r\u001B[2K');
    expect(shown).toContain('svcgen: 25 of 25 nodes resolved');
    expect(shown).toContain('svcgen: 25 of 25 nodes rendered');
    expect(shown.at(-1)).toBe('');
    expect((await runQuietly(argv, input)).stderr).toBe('');
    rmSync(join(folder, 'out/n-9'), { recursive: true });
    writeFileSync(join(folder, 'out/n-9'), 'in the way');
    const failed = await runQuietly(argv, input, { stderrIsTTY: true });
    expect(failed.stderr).toContain(' nodes rendered\r\u001B[2Kerror: cannot write ');
  });
});

describe('--shard', () => {
  test('every node is in one shard', async () => {
    for (const shard of ['1/2', '2/2']) {
      await render(['--node', '*', '--shard', shard, '--output-dir', join(folder, shard.replace('/', '-'))]);
    }
    const parts = ['1-2', '2-2'].map((part) => readdirSync(join(folder, part)));
    expect(parts.map(({ length }) => length).sort()).toEqual([1, 2]);
    expect(parts.flat().sort()).toEqual(['worker-1', 'worker-2', 'worker-3.example.com']);
  });

  test('more shards than nodes: some have nothing to do', async () => {
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((index) =>
        render(['--node', '*', '--shard', `${index}/5`, '--output-dir', join(folder, `${index}`)]),
      ),
    );
    expect(results.every(({ exitCode }) => exitCode === 0)).toBe(true);
    expect(readdirSync(folder)).toHaveLength(3);
  });
});

import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

/** The programs of docs/library.md, in their order. */
const EXAMPLES = [...readFileSync('docs/library.md', 'utf8').matchAll(/^```js\n(.*?)^```$/gms)].map(
  ([, program = '']) => program,
);

/** A Service without an address, as people write it. */
const MANIFESTS = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  ports: [{port: 80}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
  namespace: shop
  labels: {kubernetes.io/service-name: web}
addressType: IPv4
ports: [{name: '', port: 8080}]
endpoints:
  - addresses: [10.244.1.2]
`;

const folder = mkdtempSync(join(tmpdir(), 'svcgen-readme-'));
const manifests = join(folder, 'web.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  writeFileSync(manifests, MANIFESTS);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/svcgen'));
});

/** Runs an example as somebody who has installed svcgen: what is built. */
function runExample(index: number) {
  writeFileSync(join(folder, 'example.mjs'), EXAMPLES[index] ?? '');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['example.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('the first prints the rules of one node, as the program does', async () => {
  const { stdout } = await runProgram(['render', manifests, '--node', 'worker-1']);
  expect(stdout).toContain('KUBE-SVC-');
  expect(runExample(0)).toEqual({ status: 0, stdout, stderr: '' });
});

test('the first says what is wrong, and prints no rules', () => {
  writeFileSync(manifests, MANIFESTS.replaceAll('port: 80', 'port: 80000'));
  const { status, stdout, stderr } = runExample(0);
  writeFileSync(manifests, MANIFESTS);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^web\.yaml:\d+:\d+: error\[/);
});

test('the second writes what every mode gives, and keeps what is allocated', async () => {
  expect(runExample(1)).toEqual({ status: 0, stdout: '', stderr: '' });
  const files = readdirSync(folder).filter((name) => /^(?:iptables|ipvs|nftables)-/.test(name));
  expect(files).toHaveLength(3 + 7 + 2);
  const node = ['--synthesize-pods', '--node', 'worker-1', '--node-ip', '192.0.2.11'];
  const { stdout } = await runProgram(['render', manifests, '--mode', 'nftables', ...node]);
  expect(readFileSync(join(folder, 'nftables-nftables'), 'utf8')).toBe(stdout);
  const lock = readFileSync(join(folder, 'svcgen.lock'), 'utf8');
  expect(lock).toContain('"clusterIPs"');
  expect(runExample(1).status).toBe(0);
  expect(readFileSync(join(folder, 'svcgen.lock'), 'utf8')).toBe(lock);
});

test('the third lists the Services', () => {
  expect(runExample(2)).toEqual({ status: 0, stdout: 'shop/web: ClusterIP\n', stderr: '' });
});

test('there are no others', () => expect(EXAMPLES).toHaveLength(3));

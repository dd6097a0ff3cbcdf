import { describe, expect, test } from 'vitest';
import { runProgram, runQuietly } from '../support/run-program.ts';

const service = (name: string, spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {${spec}}\n---\n`;
const clusterIP = (last: number) => `clusterIP: 10.96.0.${last}, ports: [{name: http, port: 80}]`;
const other = (kind: string, name: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}}\n---\n`;

const slice = (name: string, conditions: string) => `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: ${name}-1, labels: {kubernetes.io/service-name: ${name}}}
addressType: IPv4
ports: [{name: http, port: 80}]
endpoints: [{addresses: [10.244.1.5], conditions: {${conditions}}}]
---
`;
const endpoints = (name: string, list: string) =>
  `apiVersion: v1\nkind: Endpoints\nmetadata: {name: ${name}}\nsubsets: [{${list}: [{ip: 10.244.1.6}], ports: [{name: http, port: 80}]}]\n---\n`;
const pod = (name: string, isReady: boolean) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${name}}}
spec: {containers: [{name: a, image: a}]}
status:
  phase: Running
  podIPs: [{ip: 10.244.1.7}]
  conditions: [{type: Ready, status: "${isReady ? 'True' : 'False'}"}]
---
`;

/** Five Services with endpoints: of slices, of Endpoints and of pods; each kind of source has one that is of no use. */
const INPUT = [
  service('ready', clusterIP(1)) + slice('ready', 'ready: true'),
  service('leaving', clusterIP(2)) + slice('leaving', 'ready: false, serving: true, terminating: true'),
  service('starting', clusterIP(3)) + slice('starting', 'ready: false'),
  service('named', clusterIP(4)) + endpoints('named', 'addresses'),
  service('unready', clusterIP(5)) + endpoints('unready', 'notReadyAddresses'),
  service('up', `selector: {app: up}, ${clusterIP(6)}`) + pod('up', true),
  service('down', `selector: {app: down}, ${clusterIP(7)}`) + pod('down', false),
  service('published', `publishNotReadyAddresses: true, selector: {app: down}, ${clusterIP(8)}`),
  service('none', clusterIP(9)),
  service('alias', 'type: ExternalName, externalName: example.com'),
].join('');

const JUDGED = '10 Services, 5 with endpoints, 1 of type ExternalName';

describe('what was judged is said in one line on stderr, and never on stdout', () => {
  test.each([['render'], ['env'], ['dns'], ['endpoints'], ['explain', '-', '--to', 'default/ready']])(
    '%s',
    async (...argv) => {
      const { exitCode, stdout, stderr } = await runProgram(argv, INPUT);
      expect(exitCode, stderr).toBe(0);
      expect(stderr.split('\n').filter((line) => line.includes(' Services, '))).toEqual([JUDGED]);
      expect(stdout).not.toContain('with endpoints');
      const quiet = await runProgram([...argv, '--quiet'], INPUT);
      expect(quiet.stdout).toBe(stdout);
      expect(quiet.stderr).toBe(stderr.replace(`${JUDGED}\n`, ''));
    },
  );

  test('with what was passed over', async () => {
    const others = other('ConfigMap', 'a') + other('ConfigMap', 'b') + other('Secret', 'a');
    const { stderr } = await runProgram(['render'], INPUT + others);
    expect(stderr).toMatch(new RegExp(`^${JUDGED}; 3 objects of 2 kinds passed over\n`));
    const { stderr: none } = await runProgram(['render'], other('Secret', 'a'));
    expect(none).toMatch(/^0 Services, 0 with endpoints; 1 object of 1 kind passed over\n/);
  });

  test('both sides of diff', async () => {
    const sides = ['fixtures/diff/port/old.yaml', 'fixtures/diff/port/new.yaml'];
    const { stderr } = await runProgram(['diff', ...sides]);
    expect(stderr).toMatch(/^old: 2 Services, 2 with endpoints\nnew: 2 Services, 2 with endpoints\n/);
  });

  test('and when there are errors', async () => {
    const { exitCode, stdout, stderr } = await runProgram(['render'], INPUT + service('bad', 'ports: []'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^objects: 17 valid, 1 invalid, 0 passed over\n/);
  });

  test('rules of a node need no manifests, and judge none', async () => {
    const rules = '*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n';
    const { stderr } = await runProgram(['explain', '--rules', '-', '--to', '10.96.0.1:80'], rules);
    expect(stderr).not.toContain('Service');
  });
});

const workload = (kind: string, selector: string) => `apiVersion: ${kind === 'Deployment' ? 'apps/v1' : 'v1'}
kind: ${kind}
metadata: {name: web, namespace: shop}
spec:
  selector: ${selector}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: a, image: a}]}
---
`;
const SHOP = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.96.0.80, selector: {app: web}, ports: [{name: http, port: 80}]}
---
`;
const BARE = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: a, image: a}]}
`;

describe('rules that serve nothing', () => {
  test.each([
    [
      'a Deployment makes the pods',
      workload('Deployment', '{matchLabels: {app: web}}'),
      'Deployment shop/web: --synthesize-pods',
    ],
    [
      'a ReplicationController does',
      workload('ReplicationController', '{app: web}'),
      'ReplicationController shop/web',
    ],
    [
      'and selects what its template has',
      workload('ReplicationController', '{}'),
      'ReplicationController shop/web',
    ],
    ['the Pod runs nowhere yet', BARE, 'Pod shop/web'],
  ])('%s', async (_, more, hint) => {
    const { exitCode, stdout, stderr } = await runProgram(['render'], SHOP + more);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('-j REJECT');
    expect(stderr).toContain('warning[endpoints-given]: no Service has endpoints');
    expect(stderr).toContain(hint);
    const made = await runProgram(['render', '--synthesize-pods'], SHOP + more);
    expect(made.stderr).toBe('1 Service, 1 with endpoints\n');
    expect(made.stdout).toContain('-j DNAT --to-destination 10.244.');
  });

  const PODS = 'Deployment shop/web: --synthesize-pods makes them here, too';
  test.each([
    ['explain', '--to', 'shop/web'],
    ['graph'],
    ['endpoints'],
    ['diff', 'fixtures/diff/port/old.yaml'],
  ])('%s says who would make the pods', async (...argv) => {
    const input = SHOP + workload('Deployment', '{matchLabels: {app: web}}');
    const { exitCode, stdout, stderr } = await runProgram([...argv, '-'], input);
    expect(exitCode).toBe(argv[0] === 'diff' ? 1 : 0);
    expect(stdout).not.toBe('');
    expect(stderr).toContain('warning[endpoints-given]: no Service has endpoints');
    expect(stderr).toContain(PODS);
    const made = await runProgram([...argv, '-', '--synthesize-pods'], input);
    expect(made.stderr).not.toContain('[endpoints-given]');
  });

  test('dns says it of headless Services, whose records are their endpoints', async () => {
    const input = SHOP + workload('Deployment', '{matchLabels: {app: web}}');
    expect((await runQuietly(['dns'], input)).stderr).toBe('');
    const { stderr } = await runQuietly(['dns'], input.replace('selector:', 'clusterIP: None, selector:'));
    expect(stderr).toContain('no Service has endpoints, so headless ones have no records');
    expect(stderr).toContain(PODS);
  });

  test('a Service that has none by its type needs none', async () => {
    const alias = service('alias', 'type: ExternalName, externalName: example.com');
    for (const command of ['graph', 'endpoints', 'dns'])
      expect((await runQuietly([command], alias)).stderr).toBe('');
  });

  test('endpoints of another port', async () => {
    const elsewhere = slice('web', 'ready: true')
      .replaceAll('http', 'grpc')
      .replace('metadata: {', 'metadata: {namespace: shop, ');
    const { stderr } = await runQuietly(['render'], SHOP + elsewhere);
    expect(stderr).toContain('warning[endpoints-given]: no port of a Service has endpoints here');
  });

  test('no Service at all', async () => {
    const { exitCode, stderr } = await runQuietly(['render'], other('Secret', 'a'));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringContaining('warning[services-given]: there is no Service in the input'),
    });
    const argv = ['render', '--disable', 'services-given'];
    expect(await runQuietly(argv, other('Secret', 'a'))).toMatchObject({ exitCode: 0, stderr: '' });
  });

  const NOTHING_SERVED = workload('Deployment', '{matchLabels: {app: web}}');
  test.each([['env', '-n', 'shop'], ['dns'], ['endpoints'], ['graph'], ['explain', '--to', '10.96.0.1:80']])(
    '%s: no Service at all',
    async (...argv) => {
      const { exitCode, stderr } = await runQuietly([...argv, '-'], NOTHING_SERVED);
      expect(exitCode).toBe(0);
      expect(stderr).toContain('warning[services-given]: there is no Service in the input, so ');
    },
  );
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { load, recordTraffic, testTraffic } from '../../src/index.ts';
import { PROXY_MODES } from '../../src/model/proxy-config.ts';

const DIR = 'fixtures/traffic/shop';
const manifests = load([{ path: 'input.yaml', text: readFileSync(`${DIR}/input.yaml`, 'utf8') }]);

/** What comes of cases, in a file with these settings. */
function run(cases: string, settings = 'clusterCIDR: 10.244.0.0/16') {
  const text = `settings: { ${settings} }\ncases:\n${cases.replace(/^/gm, '  ')}\n`;
  const { report, diagnostics } = testTraffic(manifests, [{ path: 'a.traffic.yaml', text }]);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  return {
    differences: report?.cases.map(({ failures }) => failures.flatMap((failure) => failure.differences)),
    connections: report?.cases.map(({ connections }) => connections),
    errors: errors.map(({ code, message, span }) => `${span?.line}:${span?.column} ${code}: ${message}`),
    hints: errors.map(({ hint }) => hint),
  };
}

test('an address in the range of a Node is a pod there, and policies are not looked at', () => {
  const node = 'apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nspec: { podCIDR: 10.9.1.0/24 }';
  const policies =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }';
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { clusterIP: 10.96.0.9, ports: [{ port: 80 }] }';
  const text = 'cases:\n  - { from: 10.9.1.7, to: default/web, expect: reaches }\n';
  const files = [{ path: 'a.yaml', text: [node, policies, service].join('\n---\n') }];
  const { report } = testTraffic(files, [{ path: 'a.traffic.yaml', text }]);
  expect(report?.cases[0]?.failures).toMatchObject([
    {
      connection: 'from 10.9.1.7, a pod of n1 to the clusterIP of default/web',
      explanation: { connection: { origin: 'pod', client: 'a pod of n1' } },
    },
  ]);
  expect(report?.notes).toEqual([
    'NetworkPolicy shop/deny is not looked at: a network plugin enforces it, not these rules',
  ]);
});

const PASSES = { differences: [[]], errors: [] };

describe('cases that hold, and the same with one word changed', () => {
  test.each([
    [
      '{ from: pod shop/front-0, to: "shop/api:http", expect: reaches }',
      ['expect: reaches', 'expect: rejected'],
    ],
    [
      '{ from: pod shop/front-0, to: "shop/api:80", expect: { reaches: { count: 3 } } }',
      ['count: 3', 'count: 2'],
    ],
    ['{ from: node, to: "10.96.1.2:80", expect: { source: rewritten } }', ['rewritten', 'kept']],
    ['{ from: 10.244.1.10, to: "shop/api:http", expect: { source: kept } }', ['kept', 'rewritten']],
    [
      '{ from: node worker-1, to: shop/reports, expect: { rejected: no-endpoints } }',
      ['no-endpoints', 'no-rule'],
    ],
    [
      '{ to: each port of shop/api, expect: { unreachable: no-address } }',
      ['unreachable: no-address', 'dropped: no-address'],
    ],
    ['{ to: each port of shop/api, expect: unreachable }', ['{ to', '{ from: node, to']],
    ['{ from: node, to: each port of shop/api, expect: { only: [http, 9090] } }', ['[http, 9090]', '[http]']],
    ['{ at: worker-3, to: nodePort of shop/front, expect: dropped }', ['worker-3', 'worker-1']],
    [
      '{ from: 198.51.100.7, at: worker-1, to: loadBalancer of shop/front, expect: unreachable }',
      ['198.51.100.7', '192.0.2.9'],
    ],
    ['{ from: 198.51.100.7, to: "10.96.1.9:80", expect: { unreachable: no-rule } }', ['1.9', '1.2']],
    [
      '{ change: [{ remove: pod shop/api-0 }], from: node, to: "shop/api:http", expect: { reaches: { count: 2 } } }',
      ['api-0', 'front-0'],
    ],
    [
      '{ change: [{ remove: node worker-3 }], from: node, to: "shop/api:http", expect: { reaches: { count: 2 } } }',
      ['node worker-3', 'pod shop/front-0'],
    ],
    [
      '{ change: [{ notReady: { pods: {}, zone: b } }], from: node, to: "shop/api:http", expect: { reaches: { pods: { app: api }, zone: a } } }',
      ['zone: b } }', 'zone: a } }'],
    ],
    [
      '{ change: [{ terminating: { pods: { app: api } } }], from: node, to: "shop/api:http", expect: reaches }',
      ['terminating', 'notReady'],
    ],
    [
      '{ from: { pods: { app: front } }, to: "shop/api:http", expect: { reaches: { evenly: true } } }',
      ['true', 'false'],
    ],
  ])('%s', (text, [words, others]) => {
    expect(run(`- ${text}`)).toMatchObject(PASSES);
    const { differences, errors } = run(`- ${text.replace(words ?? '', others ?? '')}`);
    expect(errors).toEqual([]);
    expect(differences?.[0]).not.toEqual([]);
  });
});

test('a case runs on every node in every mode', () => {
  const text =
    '- { from: node, to: "shop/api:http", expect: reaches }\n- { to: shop/front, at: worker-1, expect: reaches }';
  expect(run(text, 'modes: [iptables, nftables]').connections).toEqual([6, 4]);
});

describe('what is wrong with a file', () => {
  test.each([
    [
      '- { to: shop/frnt, expect: reaches }',
      '3:11 expectation-subject-known: there is no Service shop/frnt in the input',
      'did you mean shop/front?',
    ],
    [
      '- { to: shop/api, from: node, expect: reaches }',
      '3:11 expectation-subject-known: Service shop/api has several ports',
      'name one',
    ],
    [
      '- { to: "shop/api:grpc", from: node, expect: reaches }',
      '3:11 expectation-subject-known: Service shop/api has no port grpc',
      'it has http',
    ],
    [
      '- { from: pod shop/api-9, to: shop/front, expect: reaches }',
      '3:13 expectation-subject-known: there is no pod shop/api-9',
      'did you mean shop/api-0?',
    ],
    [
      '- { from: { pods: { app: x } }, to: shop/front, expect: reaches }',
      '3:13 expectation-subject-known: the selector matches no pods',
      '',
    ],
    [
      '- { at: worker-9, to: shop/front, expect: reaches }',
      '3:11 expectation-subject-known: there is no node worker-9',
      'did you mean worker-1?',
    ],
    [
      '- { at: { zone: c }, to: shop/front, expect: reaches }',
      '3:11 expectation-subject-known: the selector matches no nodes',
      '',
    ],
    [
      '- { change: [{ remove: pod shop/x }], to: shop/front, expect: reaches }',
      '3:26 expectation-subject-known: there is no pod shop/x',
      '',
    ],
    ['- { expect: reaches }', '3:5 expectation-valid: the case has no "to"', ''],
    ['- { to: shop/front }', '3:5 expectation-valid: the case has no "expect"', ''],
    [
      '- { to: shop/front, expect: reachs }',
      '3:31 expectation-valid: "reachs" is nothing',
      'did you mean "reaches"?',
    ],
    [
      '- { to: shop/front, expect: { reaches: {}, dropped: no-rule } }',
      '3:31 expectation-valid: an expectation is about one',
      '',
    ],
    ['- { to: shop/front, expect: { dropped: nope } }', '3:42 expectation-valid: "nope" is unknown', ''],
    [
      '- { to: shop/front, expect: { only: [https] } }',
      '3:39 expectation-valid: "only" is about several ports',
      '',
    ],
    [
      '- { to: shop/front, expcet: reaches }',
      '3:23 expectation-valid: unknown field "expcet"',
      'did you mean "expect"?',
    ],
    ['- { to: [], expect: reaches }', '3:11 expectation-valid: the list is empty', ''],
    [
      '- { to: each adress of shop/front, expect: reaches }',
      '3:11 expectation-valid: "each adress of shop/front" is no target',
      'did you mean "each address of shop/front"?',
    ],
    ['- { to: shop/front, expect: { source: keep } }', '3:41 expectation-valid: "keep" is unknown', 'kept'],
    [
      '- { to: shop/front, expect: { reaches: { count: 0 } } }',
      '3:51 expectation-valid: what reaches an endpoint reaches 1 or more, not 0',
      'expect: unreachable',
    ],
    [
      '- { change: [{ drain: node worker-1 }], to: shop/front, expect: reaches }',
      '3:18 expectation-valid: unknown field "drain"',
      'terminating: node NAME',
    ],
    [
      '- { to: "each port of shop/api:http", expect: reaches }',
      '3:11 expectation-valid: "each port of shop/api:http" contradicts itself',
      '',
    ],
    [
      '- { to: some port of shop/api, expect: reaches }',
      '3:11 expectation-valid: "some port of shop/api" is no target',
      'each port of',
    ],
    [
      '- { from: some body, to: shop/front, expect: reaches }',
      '3:13 expectation-valid: "some body" is no client',
      'outside',
    ],
    [
      '- { change: [{}], to: shop/front, expect: reaches }',
      '3:16 expectation-valid: a change has one verb, not 0',
      '',
    ],
    [
      '- { change: [{ notReady: node worker-1, remove: node worker-1 }], to: shop/front, expect: reaches }',
      '3:16 expectation-valid: a change has one verb, not 2',
      'notReady, terminating, patch',
    ],
    [
      '- { change: [{ notReady: node worker-7 }], to: shop/front, expect: reaches }',
      '3:28 expectation-subject-known: there is no node worker-7',
      'did you mean worker-1?',
    ],
    [
      '- { change: [{ patch: { kind: Service, spec: {} } }], to: shop/front, expect: reaches }',
      '3:25 expectation-valid: the patch does not say whose fields these are',
      'metadata.name',
    ],
    [
      '- { change: [{ patch: shop.yaml }], to: shop/front, expect: reaches }',
      '3:25 expectation-valid: must be a map',
      'write the fields here',
    ],
    [
      '- { change: [{ patch: { kind: Service, metadata: { namespace: shop, name: frnt } } }], to: shop/front, expect: reaches }',
      '3:25 expectation-subject-known: there is no Service shop/frnt in the input',
      'did you mean Service shop/front?',
    ],
    [
      '- { change: [{ patch: { kind: Service, metadata: { namespace: shop, name: front }, spec: { sessionAffinity: Client } } }], to: shop/front, expect: reaches }',
      '3:111 ',
      '',
    ],
    ['- { name: 7, to: shop/front, expect: reaches }', '3:13 expectation-valid: must be a string, not 7', ''],
    [
      '- { name: a, to: shop/front, expect: reaches }\n- { name: a, to: shop/front, expect: reaches }',
      '4:13 expectation-name-unique: there is another case',
      '',
    ],
    ['-', '3:4 expectation-valid: a case is a map, not null', ''],
    [
      '- { to: each port of shop/api, from: node, expect: { only: [metric] } }',
      '3:63 expectation-subject-known: there is no port metric among those of "to"',
      'did you mean metrics?',
    ],
    [
      '- { to: "[fd00::1]:80", expect: unreachable }',
      '3:11 expectation-subject-known: no Service has IPv6 addresses',
      'tests nothing',
    ],
    [
      '- { to: shop/front, from: "fd00::1", expect: unreachable }',
      '3:11 expectation-subject-known: the client has no address of a family',
      'the client has IPv6',
    ],
    ['- { "on": worker-1, to: shop/front, expect: reaches }', '3:7 expectation-valid: unknown', '"at"'],
    [
      '- { to: shop/front, expect: { reaches: { selector: { app: api } } } }',
      '3:44 expectation-valid: unknown field "selector"',
      'write pods: LABELS',
    ],
    [
      '- { change: [{ remove: pods, where: { zone: a } }], to: shop/front, expect: reaches }',
      '3:32 expectation-valid: unknown field "where"',
      'zone: ZONE',
    ],
    [
      '- { to: shop/front, expect: { rejected: "no endpoints" } }',
      '3:43 expectation-valid: "no endpoints" is unknown',
      'did you mean "no-endpoints"?',
    ],
  ])('%s', (text, error, hint) => {
    const { errors, hints, differences } = run(text);
    expect(errors[0]).toContain(error);
    expect(hints[0] ?? '').toContain(hint);
    expect(differences).toBeUndefined();
  });

  test.each([
    ['', 'expectation-given', 'holds no expectations'],
    ['cases: []', 'expectation-given', 'there is no case'],
    ['- a', 'expectation-valid', 'is a map'],
    ['cases: [{ to: a, expect: reaches }]\n---\ncases: []', 'expectation-valid', 'second document'],
    ['cases: [', 'yaml-syntax', ''],
    ['cases: []\ncases: []', 'duplicate-key', ''],
    [
      'settings: { modes: [ebpf] }\ncases: [{ to: shop/front, expect: reaches }]',
      'expectation-valid',
      'is no mode',
    ],
    ['settings: { clusterCIDR: x }\ncases: [{ to: shop/front, expect: reaches }]', 'expectation-valid', 'x'],
    [
      'settings: { modes: [] }\ncases: [{ to: shop/front, expect: reaches }]',
      'expectation-valid',
      'the list is empty',
    ],
  ])('%j', (text, code, message) => {
    const { report, diagnostics } = testTraffic(manifests, [{ path: 'a.traffic.yaml', text }]);
    expect(report).toBeUndefined();
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((each) => each.code)).toContain(code);
    expect(errors.map((each) => each.message).join()).toContain(message);
  });

  test('on, which YAML reads as true', () => {
    const { errors, hints } = run('- { on: worker-1, to: shop/front, expect: reaches }');
    expect(errors).toHaveLength(1);
    expect(hints).toEqual(['the nodes of a case are its "at"']);
  });
});

test('where workloads have no pods, it is said what makes them', () => {
  const text = readFileSync('fixtures/traffic/podinfo/input.yaml', 'utf8');
  const { diagnostics } = testTraffic(
    [{ path: 'input.yaml', text }],
    [
      {
        path: 'a.traffic.yaml',
        text: 'cases: [{ from: { pods: { app: client } }, to: podinfo/podinfo-canary, expect: reaches }]',
      },
    ],
  );
  expect(diagnostics.map(({ hint }) => hint)).toContain(
    '--synthesize-pods makes pods of the workloads in the input',
  );
});

test('no file, and a filter that leaves nothing, are errors', () => {
  expect(testTraffic(manifests, []).report).toBeUndefined();
  const text = 'cases: [{ name: abc, to: shop/front, at: worker-1, expect: reaches }]';
  const files = [{ path: 'a.traffic.yaml', text }];
  expect(testTraffic(manifests, files, { filter: 'b' }).report?.cases).toHaveLength(1);
  expect(testTraffic(manifests, files, { filter: 'x' }).report).toBeUndefined();
});

describe('changes', () => {
  const patch = (kind: string, name: string, fields: string) =>
    `{ patch: { kind: ${kind}, metadata: { namespace: shop, name: ${name} }, ${fields} } }`;

  test.each([
    // A node that is not ready, or is drained: its pods are.
    ['notReady: node worker-1', 'reaches: { count: 2 }'],
    ['terminating: node worker-1', 'reaches: { count: 2 }'],
    ['notReady: { nodes: {}, zone: b }', 'reaches: { count: 1 }'],
    ['remove: { pods: { app: api }, zone: b }', 'reaches: { count: 1 }'],
    ['notReady: { nodes: {} }', 'rejected: no-endpoints'],
    // As long as there are no others, what is being deleted still serves.
    ['terminating: { nodes: {} }', 'reaches: { count: 3 }'],
    ['notReady: { pods: { app: api } }', 'rejected: no-endpoints'],
    ['terminating: { pods: { app: api } }', 'reaches: { count: 3 }'],
  ])('%s', (change, expected) => {
    const text = `- { change: [{ ${change} }], from: node worker-1, to: "shop/api:http", expect: { ${expected} } }`;
    expect(run(text)).toMatchObject(PASSES);
  });

  test('one after the other', () => {
    const changes = '[{ terminating: { pods: { app: api } } }, { notReady: pod shop/api-0 }]';
    const text = `- { change: ${changes}, from: node worker-1, to: "shop/api:http", expect: { reaches: { count: 2 } } }`;
    expect(run(text)).toMatchObject(PASSES);
  });

  test.each([
    // Lists are replaced, null removes, and a map that is not there is made.
    ['Service', 'api', 'spec: { selector: { app: front } }', 'reaches: { pods: { app: front } }'],
    ['Service', 'api', 'spec: { selector: { tier: none } }', 'rejected: no-endpoints'],
    ['Service', 'api', 'spec: { ports: [{ name: http, port: 80, targetPort: 9 }] }', 'reaches: { count: 3 }'],
    ['Pod', 'api-0', 'status: { conditions: null }', 'reaches: { count: 2 }'],
    ['Pod', 'api-1', 'spec: { nodeName: worker-1 }', 'reaches: { pods: { app: api }, zone: a, count: 2 }'],
  ])('a patch of %s %s: %s', (kind, name, fields, expected) => {
    const gone = kind === 'Pod' && fields.includes('worker-1') ? ', { remove: pod shop/api-2 }' : '';
    const change = `[${patch(kind, name, fields)}${gone}]`;
    const text = `- { change: ${change}, from: node worker-1, to: "shop/api:http", expect: { ${expected} } }`;
    expect(run(text)).toMatchObject(PASSES);
  });

  test('a patch is of its case alone, and its Service is as others are', () => {
    const local = patch(
      'Service',
      'front',
      'spec: { externalTrafficPolicy: Cluster, healthCheckNodePort: null }',
    );
    const to = 'from: 192.0.2.7, at: worker-3, to: "loadBalancer of shop/front"';
    const text = [
      `- { change: [${local}], ${to}, expect: { reaches: { count: 2 }, source: rewritten } }`,
      `- { ${to}, name: as it is, expect: { dropped: no-local-endpoints } }`,
    ].join('\n');
    expect(run(text)).toMatchObject({ differences: [[], []], errors: [] });
  });

  test('errors of an object with a patch are where the patch is, or where the object is', () => {
    const text = `cases:\n  - change: [${patch('Service', 'api', 'spec: { selector: { app: api }, ports: [{ port: 99999 }] }')}]\n    to: shop/api\n    expect: reaches\n`;
    const { diagnostics, report } = testTraffic(manifests, [{ path: 'a.traffic.yaml', text }]);
    expect(report).toBeUndefined();
    const places = diagnostics
      .filter(({ severity }) => severity === 'error')
      .map(({ object, field, span }) => [object, field.join('.'), span?.file, span?.line]);
    expect(places).toContainEqual(['Service shop/api', 'spec.ports.0.port', 'a.traffic.yaml', 2]);
    const other = text.replace('ports: [{ port: 99999 }]', 'externalTrafficPolicy: Local');
    const found = testTraffic(manifests, [{ path: 'a.traffic.yaml', text: other }]).diagnostics;
    expect(found.map(({ span }) => `${span?.file}:${span?.line}`)).toContain('a.traffic.yaml:2');
  });

  test('what a Service publishes although it is not ready stays reachable', () => {
    const service =
      'apiVersion: v1\nkind: Service\nmetadata: { name: db }\nspec: { clusterIP: 10.96.0.9, publishNotReadyAddresses: true, ports: [{ port: 80 }] }';
    const slice =
      'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: db-1, labels: { kubernetes.io/service-name: db } }\naddressType: IPv4\nendpoints: [{ addresses: [10.9.1.7], nodeName: n1 }]\nports: [{ port: 80 }]';
    const node =
      'apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nstatus: { addresses: [{ type: InternalIP, address: 10.9.0.1 }] }';
    const files = [{ path: 'a.yaml', text: [service, slice, node].join('\n---\n') }];
    const text =
      'cases:\n  - { change: [{ notReady: node n1 }], from: node, to: default/db, expect: reaches }\n';
    const { report } = testTraffic(files, [{ path: 'a.traffic.yaml', text }]);
    expect(report?.cases.map(({ failures }) => failures)).toEqual([[]]);
  });
});

describe('what is recorded holds, and is the same twice', () => {
  const node = { nodeName: 'node-a', nodeIPs: ['192.168.10.11', 'fd00:10::11'] };
  const inputs = [
    { path: `${DIR}/input.yaml`, flags: {} },
    { path: 'fixtures/valid/dual-stack/input.yaml', flags: node },
    { path: 'fixtures/quickstart/frontend.yaml', flags: node },
  ];

  test.each(inputs.flatMap((input) => PROXY_MODES.map((mode) => ({ ...input, mode }))))(
    '$path, $mode',
    ({ path, flags, mode }) => {
      const files = [{ path, text: readFileSync(path, 'utf8') }];
      const options = { mode, clusterCIDRs: ['10.244.0.0/16'], ...flags };
      const { text = '' } = recordTraffic(files, options);
      expect(text).toMatch(/expect: \{ reaches: \{ (?:pods|endpoints): .*count: /);
      expect(recordTraffic(files, options).text).toBe(text);
      const { report, diagnostics } = testTraffic(files, [{ path: 'now.traffic.yaml', text }], flags);
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(report?.cases.flatMap(({ name, failures }) => (failures.length > 0 ? [name] : []))).toEqual([]);
    },
  );

  test('with the reason where there can be no case, beside all the others', () => {
    const port = (name: string, more: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]${more}}\n`;
    const workload =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {selector: {matchLabels: {app: web}}, ' +
      'template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i}]}}}\n';
    const text = [port('web', ''), port('front', ', type: NodePort'), workload].join('---\n');
    const recorded = (synthesizePods: boolean) => {
      const { text: file = '', diagnostics } = recordTraffic([{ path: 'a', text }], { synthesizePods });
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      return file.split('\n').filter((line) => /^ {2}(?:#|- name)/.test(line));
    };
    const add = '(add the Node object to the manifests, or --node with --node-ip)';
    const source = `the IPv4 address of the node is not known, so what it sends cannot be followed ${add}`;
    const nodePort = `the address of the node is not known, so its nodePorts cannot be tried ${add}`;
    const missing = 'the input has no Pod with an address on a node that is tested';
    expect(recorded(true)).toEqual([
      `  # outside to default/front:80: ${nodePort}`,
      `  # node to default/front:80: ${source}`,
      '  - name: "pods to default/front:80"',
      '  - name: "outside to default/web:80"',
      `  # node to default/web:80: ${source}`,
      '  # pods to default/web:80: every Pod that could be the client is an endpoint of it (add a Pod that is a client)',
    ]);
    expect(recorded(false).at(-1)).toBe(
      `  # pods to default/web:80: ${missing} (add Pods, or --synthesize-pods, which makes them of workloads)`,
    );
  });

  test('unless there would be no case at all: that is an error with the reason, as a file without cases is one', () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, selector: {app: web}, ports: [{port: 80}]}\n';
    const { text: file, diagnostics } = recordTraffic([{ path: 'a', text }]);
    const [{ code = '', message = '', hint = '' } = {}] = diagnostics.filter(
      ({ severity }) => severity === 'error',
    );
    expect({ file, code }).toEqual({ file: undefined, code: 'expectation-given' });
    expect(message).toContain(
      'nothing to record: outside to default/web:80: the address of the node is not known',
    );
    expect(hint).toContain('--node-ip');
  });

  test('and a change of the manifests breaks it', () => {
    const text = readFileSync(`${DIR}/input.yaml`, 'utf8');
    const recorded = recordTraffic([{ path: 'a', text }]).text ?? '';
    const broken = text.replace('app: reports }, ports', 'app: api }, ports');
    const { report } = testTraffic([{ path: 'a', text: broken }], [{ path: 'b', text: recorded }]);
    const failing = report?.cases.filter(({ failures }) => failures.length > 0).map(({ name }) => name);
    expect(failing).toEqual(['node to shop/reports:80', 'pods to shop/reports:80']);
  });
});

describe('a recorded file is a contract about who serves', () => {
  const pod = (name: string, app: string, number: number, more = '', nodeName = 'n1') =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${app}${more} } }\n` +
    `spec: { nodeName: ${nodeName}, containers: [{ name: c, image: i }] }\nstatus: { phase: Running, podIP: 10.244.0.${number}, podIPs: [{ ip: 10.244.0.${number} }], ` +
    'conditions: [{ type: Ready, status: "True" }] }\n';
  const node =
    'apiVersion: v1\nkind: Node\nmetadata: { name: n1 }\nstatus: { addresses: [{ type: InternalIP, address: 192.0.2.1 }] }\n';
  const service = (selector: string) =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { clusterIP: 10.96.0.9, selector: ${selector}, ports: [{ port: 80 }] }\n`;
  const pods = (more = '') => [
    pod('web-0', 'web', 1, more),
    pod('web-1', 'web', 2, more),
    pod('api-0', 'api', 3),
    pod('api-1', 'api', 4),
  ];
  const recordOf = (documents: readonly string[]) =>
    recordTraffic([{ path: 'a', text: documents.join('---\n') }]).text ?? '';
  const failing = (documents: readonly string[], text: string) => {
    const files = [{ path: 'a', text: documents.join('---\n') }];
    const { report, diagnostics } = testTraffic(files, [{ path: 'b', text }]);
    const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    const names = report?.cases.filter(({ failures }) => failures.length > 0).map(({ name }) => name);
    return { names, errors };
  };

  test('a Service that selects as many pods of another app fails it', () => {
    const before = [service('{ app: web }'), node, ...pods()];
    const recorded = recordOf(before);
    expect(recorded).toContain('expect: { reaches: { pods: { "app": "web" }, count: 2 }, source: ');
    expect(failing(before, recorded)).toEqual({ names: [], errors: [] });
    const after = [service('{ app: api }'), node, ...pods()];
    expect(failing(after, recorded)).toEqual({
      names: ['node to default/web:80', 'pods to default/web:80'],
      errors: [],
    });
  });

  test('pods that no label tells from others go by their names', () => {
    const slices =
      'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: web-1, labels: { kubernetes.io/service-name: web } }\n' +
      'addressType: IPv4\nports: [{ port: 80 }]\nendpoints: [{ addresses: [10.244.0.1] }, { addresses: [10.244.0.3] }]\n';
    const before = [service('{ app: web }'), node, slices, ...pods()];
    const recorded = recordOf(before);
    expect(recorded).toContain('reaches: { endpoints: ["default/api-0", "default/web-0"], count: 2 }');
    expect(failing(before, recorded)).toEqual({ names: [], errors: [] });
    const after = [service('{ app: web }'), node, slices.replace('10.244.0.3', '10.244.0.2'), ...pods()];
    expect(failing(after, recorded).names).toContain('node to default/web:80');
    const gone = failing([...before.filter((text) => !text.includes('api-0'))], recorded).errors;
    expect(gone[0]).toBe('there is no pod default/api-0 in the input');
  });

  test('nodes that reach different pods have a case each', () => {
    const others = [
      node.replace('n1', 'n2').replace('192.0.2.1', '192.0.2.2'),
      pod('web-2', 'web', 5, '', 'n2'),
      pod('api-2', 'api', 6, '', 'n2'),
    ];
    const local = (selector: string) =>
      service(selector).replace('spec: {', 'spec: { internalTrafficPolicy: Local,');
    const before = [local('{ app: web }'), node, ...pods(), ...others];
    const recorded = recordOf(before);
    expect(recorded).toContain('reaches: { pods: { "app": "web" }, node: "n2", count: 1 }');
    expect(failing(before, recorded)).toEqual({ names: [], errors: [] });
    const after = [local('{ app: api }'), node, ...pods(), ...others];
    const nodes = ['node to default/web:80 at n1', 'node to default/web:80 at n2'];
    expect(failing(after, recorded).names).toEqual(expect.arrayContaining(nodes));
  });

  test('endpoints that are no pods go by their addresses', () => {
    const endpoints =
      'apiVersion: v1\nkind: Endpoints\nmetadata: { name: web }\nsubsets: [{ addresses: [{ ip: 198.51.100.7 }], ports: [{ port: 80 }] }]\n';
    const before = [service('{}'), node, endpoints];
    const recorded = recordOf(before);
    expect(recorded).toContain('reaches: { endpoints: ["198.51.100.7"], count: 1 }');
    expect(failing(before, recorded)).toEqual({ names: [], errors: [] });
    const after = [service('{}'), node, endpoints.replace('198.51.100.7', '198.51.100.8')];
    expect(failing(after, recorded).names).toEqual(['node to default/web:80']);
  });
});

describe('what is to be reached must be there', () => {
  test.each([
    ['{ pods: { app: apo } }', 'the selector matches no pods of namespace "shop"', 'did you mean app: api?'],
    [
      '{ pods: { tier: web } }',
      'the selector matches no pods of namespace "shop"',
      'none of them has the label "tier"',
    ],
    ['{ pods: { app: api }, node: worker-9 }', 'the selector matches no pods of namespace "shop"', undefined],
    ['{ endpoints: [api-9] }', 'there is no pod shop/api-9 in the input', 'did you mean shop/api-0?'],
  ])('%s', (reaches, message, hint) => {
    const { errors, hints } = run(`- { from: node, to: "shop/api:http", expect: { reaches: ${reaches} } }`);
    expect(errors).toEqual([expect.stringMatching(/^3:\d+ expectation-subject-known: /)]);
    expect(errors[0]).toContain(message);
    expect(hints[0]).toBe(hint);
  });

  test('single endpoints are exactly those', () => {
    const to = (endpoints: string) =>
      run(`- { from: node, to: "shop/api:http", expect: { reaches: { endpoints: [${endpoints}] } } }`);
    expect(to('api-0, shop/api-1, api-2')).toMatchObject(PASSES);
    expect(to('api-0, api-1').differences?.flat()).toEqual(
      Array(3).fill('it reaches others, too: pod shop/api-2'),
    );
    expect(to('api-0, api-1, api-2, 10.9.9.9').differences?.flat()[0]).toBe(
      'it reaches 3 of 4 endpoints: 10.9.9.9 is not chosen',
    );
    expect(to('"api/0/1"').errors[0]).toContain('"api/0/1" is no endpoint');
    expect(to('').errors[0]).toContain('the list is empty');
  });
});

describe('a change of the manifests is caught by the case that it breaks', () => {
  const input = readFileSync(`${DIR}/input.yaml`, 'utf8');
  const expectations = { path: 'shop.traffic.yaml', text: readFileSync(`${DIR}/shop.traffic.yaml`, 'utf8') };

  test.each([
    [
      'clients outside reach the front with their own address',
      'externalTrafficPolicy: Local\n  healthCheckNodePort: 32001',
      'externalTrafficPolicy: Cluster',
    ],
    [
      'where the front does not run, nothing answers',
      'nodeName: worker-2, containers: [{ name: front',
      'nodeName: worker-3, containers: [{ name: front',
    ],
    ['strangers are kept out of the load balancer', '[192.0.2.0/24]', '[192.0.2.0/24, 198.51.100.0/24]'],
    [
      'every front pod reaches every API pod',
      'podIPs: [{ ip: 10.244.2.20 }], conditions: [{ type: Ready, status: "True"',
      'podIPs: [{ ip: 10.244.2.20 }], conditions: [{ type: Ready, status: "False"',
    ],
    ['nobody outside sees the metrics', 'clusterIP: 10.96.1.2\n', 'clusterIP: 10.96.1.2\n  type: NodePort\n'],
    ['reports are not deployed yet', 'selector: { app: reports }', 'selector: { app: front }'],
    [
      'zone a can go',
      'nodeName: worker-2, containers: [{ name: api',
      'nodeName: worker-1, containers: [{ name: api',
    ],
    [
      'one API pod at a time may be slow',
      'podIPs: [{ ip: 10.244.3.20 }], conditions: [{ type: Ready, status: "True"',
      'podIPs: [{ ip: 10.244.3.20 }], conditions: [{ type: Ready, status: "False"',
    ],
    ['no API, no answer', '  selector: { app: api }', '  selector: { app: front }'],
    ['the last pods serve while they go', 'targetPort: 8080', 'targetPort: web'],
  ])('%s', (name, text, other) => {
    const mutant = input.replace(text, other);
    expect(mutant).not.toBe(input);
    const { report, diagnostics } = testTraffic([{ path: 'input.yaml', text: mutant }], [expectations]);
    const failing = report?.cases.filter(({ failures }) => failures.length > 0).map((each) => each.name);
    expect(failing, JSON.stringify(diagnostics)).toContain(name);
  });
});

import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/model/cluster.ts';
import { type EnvFormat, envFormats } from '../../../src/render/env/print.ts';
import { type EnvAudience, renderEnv } from '../../../src/render/env/render.ts';
import { cluster, pod, service, servicePort } from '../../support/cluster.ts';
import { runProgram } from '../../support/run-program.ts';

const redis = service({
  name: 'redis-primary',
  clusterIPs: ['10.0.0.11'],
  ports: [servicePort({ port: 6379 })],
});

function env(input: Cluster, options: Partial<EnvAudience> = {}): string {
  return [...renderEnv(input, { namespace: 'default', format: 'shell', ...options }).text].join('');
}

function diagnose(input: Cluster, options: Partial<EnvAudience> = {}) {
  return renderEnv(input, { namespace: 'default', format: 'shell', ...options }).diagnostics;
}

function hosts(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.includes('_SERVICE_HOST='));
}

test('the variables of a Service, in order', () => {
  expect(env(cluster({ services: [redis] })).split('\n')).toEqual([
    'REDIS_PRIMARY_SERVICE_HOST=10.0.0.11',
    'REDIS_PRIMARY_SERVICE_PORT=6379',
    'REDIS_PRIMARY_PORT=tcp://10.0.0.11:6379',
    'REDIS_PRIMARY_PORT_6379_TCP=tcp://10.0.0.11:6379',
    'REDIS_PRIMARY_PORT_6379_TCP_PROTO=tcp',
    'REDIS_PRIMARY_PORT_6379_TCP_PORT=6379',
    'REDIS_PRIMARY_PORT_6379_TCP_ADDR=10.0.0.11',
    '',
  ]);
});

test('of two addresses the first one counts', () => {
  const dual = service({ name: 'web', clusterIPs: ['fd00::1', '10.0.0.1'] });
  expect(env(cluster({ services: [dual] }))).toContain('WEB_PORT=tcp://[fd00::1]:80\n');
  expect(env(cluster({ services: [dual] }))).not.toContain('10.0.0.1');
});

test('an address is spelled as the Service spells it', async () => {
  const manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { clusterIP: 'FD00:0::1', ports: [{ port: 80 }] },
  };
  const { stdout } = await runProgram(['env', '--kubernetes-version', '1.30'], JSON.stringify(manifest));
  expect(stdout).toContain('WEB_SERVICE_HOST=FD00:0::1\n');
  expect(stdout).toContain('tcp://[FD00:0::1]:80');
  expect(stdout).not.toContain('fd00::1');
});

test('Services without a cluster IP have none', () => {
  const services = [
    service({ name: 'headless', clusterIPs: ['None'] }),
    service({ name: 'elsewhere', type: 'ExternalName', clusterIPs: [], externalName: 'example.com' }),
  ];
  expect(env(cluster({ services }))).toBe('');
});

describe('which Services', () => {
  const api = service({ name: 'kubernetes', clusterIPs: ['10.96.0.1'] });
  const other = service({ name: 'other', clusterIPs: ['10.96.0.2'] });
  const own = service({ name: 'web', namespace: 'shop', clusterIPs: ['10.96.0.3'] });

  test('those of the namespace, and kubernetes of default', () => {
    const input = cluster({ services: [api, other, own] });
    expect(hosts(env(input, { namespace: 'shop' }))).toEqual([
      'KUBERNETES_SERVICE_HOST=10.96.0.1',
      'WEB_SERVICE_HOST=10.96.0.3',
    ]);
    expect(hosts(env(input))).toEqual(['KUBERNETES_SERVICE_HOST=10.96.0.1', 'OTHER_SERVICE_HOST=10.96.0.2']);
  });

  test('a kubernetes of the namespace hides the one of default, unless it is headless', () => {
    const shadow = (clusterIP: string) =>
      service({ name: 'kubernetes', namespace: 'shop', clusterIPs: [clusterIP] });
    expect(hosts(env(cluster({ services: [api, shadow('10.96.0.9')] }), { namespace: 'shop' }))).toEqual([
      'KUBERNETES_SERVICE_HOST=10.96.0.9',
    ]);
    expect(hosts(env(cluster({ services: [api, shadow('None')] }), { namespace: 'shop' }))).toEqual([
      'KUBERNETES_SERVICE_HOST=10.96.0.1',
    ]);
  });

  test('a pod without service links knows the API server only', () => {
    const shadow = service({ name: 'kubernetes', namespace: 'shop', clusterIPs: ['10.96.0.9'] });
    const pods = [
      pod({ name: 'quiet', namespace: 'shop', enableServiceLinks: false }),
      pod({ name: 'plain', namespace: 'shop' }),
      pod({ name: 'plain', enableServiceLinks: false }),
    ];
    const input = cluster({ services: [api, own, shadow], pods });
    expect(hosts(env(input, { namespace: 'shop', pod: 'quiet' }))).toEqual([
      'KUBERNETES_SERVICE_HOST=10.96.0.1',
    ]);
    expect(env(input, { namespace: 'shop', pod: 'plain' })).toBe(env(input, { namespace: 'shop' }));
  });
});

describe('wrong input', () => {
  test('a namespace that nobody is in: those seen are listed', () => {
    const services = [redis, service({ name: 'web', namespace: 'shop' })];
    const [diagnostic, ...rest] = diagnose(cluster({ services }), { namespace: 'shpo' });
    expect(rest).toEqual([]);
    expect(diagnostic).toMatchObject({
      code: 'namespace-known',
      severity: 'error',
      hint: '--namespace takes one of default, shop',
    });
    expect(env(cluster({ services }), { namespace: 'shpo' })).toBe('');
  });

  test('an empty input says so', () => {
    expect(diagnose(cluster())).toMatchObject([{ code: 'namespace-known', severity: 'error' }]);
  });

  test('a namespace with pods and no Services is known', () => {
    const input = cluster({ services: [redis], pods: [pod({ name: 'a', namespace: 'jobs' })] });
    expect(diagnose(input, { namespace: 'jobs' })).toEqual([]);
  });

  test('a pod that is not there, or in another namespace', () => {
    const input = cluster({
      services: [redis],
      pods: [pod({ name: 'a' }), pod({ name: 'b', namespace: 'shop' })],
    });
    expect(diagnose(input, { pod: 'b' })).toMatchObject([
      { code: 'pod-known', hint: '--pod takes one of a' },
    ]);
    expect(diagnose(input, { pod: '__proto__' })).toMatchObject([{ code: 'pod-known' }]);
    expect(env(input, { pod: 'b' })).toBe('');
  });
});

describe('two Services that make one variable', () => {
  const services = [
    service({ name: 'web', clusterIPs: ['10.0.0.1'], ports: [servicePort({ name: 'http', port: 81 })] }),
    service({ name: 'web-service', clusterIPs: ['10.0.0.2'] }),
  ];

  test('the later name wins, and the user is told', () => {
    const lines = env(cluster({ services })).split('\n');
    expect(lines.filter((line) => line.startsWith('WEB_SERVICE_PORT='))).toEqual([
      'WEB_SERVICE_PORT=tcp://10.0.0.2:80',
    ]);
    expect(diagnose(cluster({ services }))).toMatchObject([
      { code: 'env-names-distinct', severity: 'warning', object: 'Service default/web-service' },
    ]);
  });

  test('in every format alike', () => {
    const value = (format: EnvFormat) => env(cluster({ services }), { format });
    expect(JSON.parse(value('json'))).toHaveProperty('WEB_SERVICE_PORT', 'tcp://10.0.0.2:80');
    for (const format of envFormats) expect(value(format).match(/\bWEB_SERVICE_PORT\b/g)).toHaveLength(1);
  });
});

describe('names that start with a digit', () => {
  const input = cluster({ services: [service({ name: '1st-web', clusterIPs: ['10.0.0.1'] }), redis] });

  test.each(['shell', 'export'] as const)('%s leaves them out and says so', (format) => {
    expect(env(input, { format })).not.toContain('1ST');
    expect(env(input, { format })).toContain('REDIS_PRIMARY_SERVICE_HOST');
    expect(diagnose(input, { format })).toMatchObject([{ code: 'env-name-for-shells', severity: 'warning' }]);
  });

  test.each(['docker', 'json', 'yaml'] as const)('%s has them', (format) => {
    expect(env(input, { format })).toContain('1ST_WEB_SERVICE_HOST');
    expect(diagnose(input, { format })).toEqual([]);
  });
});

describe('formats', () => {
  const input = cluster({ services: [service({ name: 'web', clusterIPs: ['fd00::1'] })] });

  test.each<[EnvFormat, string]>([
    ['shell', 'WEB_PORT=tcp://[fd00::1]:80\n'],
    ['export', "export WEB_PORT='tcp://[fd00::1]:80'\n"],
    ['docker', 'WEB_PORT=tcp://[fd00::1]:80\n'],
    ['json', '  "WEB_PORT": "tcp://[fd00::1]:80",\n'],
    ['yaml', '- name: WEB_PORT\n  value: "tcp://[fd00::1]:80"\n'],
  ])('%s', (format, expected) => {
    expect(env(input, { format })).toContain(expected);
  });

  test.each<[EnvFormat, string]>([
    ['shell', ''],
    ['export', ''],
    ['docker', ''],
    ['json', '{}\n'],
    ['yaml', '[]\n'],
  ])('%s without variables', (format, expected) => {
    const nothing = cluster({ pods: [pod({ name: 'a' })] });
    expect(env(nothing, { format })).toBe(expected);
  });
});

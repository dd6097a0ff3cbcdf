import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compile, compileEveryNode, load } from '../../src/index.ts';
import { parseAllocationLock } from '../../src/resolve/allocation/allocation-lock.ts';
import { runProgram } from '../support/run-program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-userspace-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lockFile = () => join(folder, 'svcgen.lock');
const locked = () => {
  const text = readFileSync(lockFile(), 'utf8');
  return { text, services: parseAllocationLock(text, 'lock').lock?.services ?? {} };
};

/** Services of one TCP and one UDP port each, with one endpoint. */
function manifests(names: readonly string[], more: object = {}): string {
  const items = names.flatMap((name) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: {
        ports: [
          { name: 'http', port: 80 },
          { name: 'dns', port: 53, protocol: 'UDP' },
        ],
        ...more,
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name },
      subsets: [
        {
          addresses: [{ ip: '10.244.0.9', nodeName: 'n1' }],
          ports: [
            { name: 'http', port: 80 },
            { name: 'dns', port: 53, protocol: 'UDP' },
          ],
        },
      ],
    },
  ]);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

const USERSPACE = ['--mode', 'userspace', '--node', 'n1'];

function render(text: string, ...flags: readonly string[]) {
  return runProgram(['render', '-', ...flags], text);
}

describe('ports of the proxy', () => {
  const wide = ['--proxy-port-range', '20000-20099'];

  test('are kept in the lock, and whoever comes later does not move them', async () => {
    // With as many ports as there are, somebody wants what another one has.
    const range = [...USERSPACE, '--proxy-port-range', '20000-20005'];
    const lock = ['--lock', lockFile()];
    expect((await render(manifests(['q']), ...range, ...lock)).exitCode).toBe(0);
    const before = locked().services['default/q']?.proxyPorts;
    expect(Object.keys(before ?? {})).toEqual(['dns/UDP', 'http/TCP']);
    const three = manifests(['a', 'aa', 'q']);
    expect((await render(three, ...range, ...lock)).exitCode).toBe(0);
    expect(locked().services['default/q']?.proxyPorts).toEqual(before);
    // Without the lock, those that come first by name take what they want.
    const { stdout } = await render(three, ...range, '--artifact', 'nginx');
    const portOf = (name: string) =>
      Number(new RegExp(`# default/q:${name}\\n +upstream ipv4-(\\d+)`).exec(stdout)?.[1]);
    expect({ 'dns/UDP': portOf('dns'), 'http/TCP': portOf('http') }).not.toEqual(before);
  });

  test('are those of the lock in every artifact, and a second run does not touch the file', async () => {
    await render(manifests(['web']), ...USERSPACE, '--lock', lockFile());
    const { text, services } = locked();
    const port = services['default/web']?.proxyPorts?.['http/TCP'];
    const moved = text.replace(`"http/TCP": ${port}`, '"http/TCP": 20007');
    const result = compile(
      load([{ path: 'a', text: manifests(['web']) }], { lock: { path: 'l', text: moved } }),
      {
        mode: 'userspace',
        nodeName: 'n1',
        artifacts: ['iptables', 'nginx'],
      },
    );
    expect(result.lock).toBe(moved);
    expect(result.artifacts?.get('iptables')?.text()).toContain('-j REDIRECT --to-ports 20007\n');
    expect(result.artifacts?.get('nginx')?.text()).toContain('listen 20007;\n');
    await render(manifests(['web']), ...USERSPACE, '--lock', lockFile());
    expect(locked().text).toBe(text);
  });

  test('stay locked in runs of other modes, and go with their Service', async () => {
    const lock = ['--lock', lockFile()];
    await render(manifests(['a', 'b']), ...USERSPACE, ...lock);
    const { text } = locked();
    expect((await render(manifests(['a', 'b']), '--node', 'n1', ...lock)).exitCode).toBe(0);
    expect(locked().text).toBe(text);
    await render(manifests(['b']), '--node', 'n1', ...lock);
    expect(Object.keys(locked().services)).toEqual(['default/b']);
  });

  test('are as many as sets of endpoints, and those of a set that is gone leave the lock', async () => {
    const lock = [...USERSPACE, '--lock', lockFile()];
    await render(manifests(['a'], { internalTrafficPolicy: 'Local' }), ...lock);
    const ports = locked().services['default/a']?.proxyPorts;
    expect(Object.keys(ports ?? {})).toEqual(['dns/UDP', 'dns/UDP/local', 'http/TCP', 'http/TCP/local']);
    await render(manifests(['a']), ...lock);
    expect(locked().services['default/a']?.proxyPorts).toEqual({
      'dns/UDP': ports?.['dns/UDP'],
      'http/TCP': ports?.['http/TCP'],
    });
  });

  test('that the lock cannot keep move, with a warning', async () => {
    await render(manifests(['a', 'b']), ...USERSPACE, ...wide, '--lock', lockFile());
    const clash = { type: 'NodePort', clusterIP: '10.96.0.7' };
    const taken = locked().services['default/a']?.proxyPorts?.['http/TCP'];
    const text = manifests(['a', 'b']).replace('"port":80}', `"port":80,"nodePort":${taken}}`);
    const withNodePort = text.replace('"spec":{', `"spec":{${JSON.stringify(clash).slice(1, -1)},`);
    const range = ['--service-node-port-range', '20000-32767'];
    const { exitCode, stderr } = await render(
      withNodePort,
      ...USERSPACE,
      ...wide,
      ...range,
      '--lock',
      lockFile(),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      `warning[locked-value-usable]: the proxy of port 80 cannot stay at ${taken} as locked: it is taken by now`,
    );
    expect(locked().services['default/a']?.proxyPorts?.['http/TCP']).not.toBe(taken);
    const narrow = await render(
      manifests(['a']),
      ...USERSPACE,
      '--proxy-port-range',
      '25000-25009',
      '--lock',
      lockFile(),
    );
    expect(narrow.stderr).toContain('as locked: it is outside 25000-25009');
  });

  test('are refused when the range is full, and the lock stays as it is', async () => {
    const range = ['--proxy-port-range', '20000-20001', '--lock', lockFile()];
    await render(manifests(['a']), ...USERSPACE, ...range);
    const { text } = locked();
    const { exitCode, stdout, stderr } = await render(manifests(['a', 'b']), ...USERSPACE, ...range);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('error[proxy-port-free]: no port of 20000-20001 is left for default/b:http');
    expect(locked().text).toBe(text);
  });

  test('are the same on every node', () => {
    const nodes = ['n1', 'n2'].map((name) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } }));
    const text = [manifests(['a']), ...nodes.map((node) => JSON.stringify(node))].join('\n---\n');
    const files = [{ path: 'a.yaml', text }];
    const { lock } = compileEveryNode(files, { mode: 'userspace' });
    expect(lock).toContain('"proxyPorts"');
    expect(lock).toBe(compile(files, { mode: 'userspace', nodeName: 'n2' }).lock);
  });
});

test('a rule asks for one source only, be there source ranges and pods of the node', async () => {
  const status = { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } };
  const ranges = ['10.244.7.0/24', '10.0.0.0/8', '198.51.100.0/24'];
  const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ranges };
  const { items } = JSON.parse(manifests(['web'], spec));
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ ...items[0], status }, items[1]] });
  const pods = ['--cluster-cidr', '10.244.0.0/16', '--artifact', 'iptables'];
  const { stdout } = await render(text, ...USERSPACE, ...pods);
  const rules = stdout
    .split('\n')
    .filter((line) => line.includes('-A KUBE-PORTALS-CONTAINER') && line.includes('web:http'));
  const sources = rules
    .filter((line) => line.includes('203.0.113.7/32'))
    .map((line) => line.match(/-s \S+/g));
  expect(sources).toEqual([
    ['-s 10.244.7.0/24'],
    ['-s 10.244.7.0/24'],
    ['-s 10.244.0.0/16'],
    ['-s 10.0.0.0/8'],
    ['-s 198.51.100.0/24'],
  ]);
});

describe('--udp-timeout', () => {
  test.each([
    [[], '250ms'],
    [['--udp-timeout', '2s'], '2000ms'],
    [['--udp-timeout', '1m0.5s'], '60500ms'],
    [['--udp-timeout', '1.1s'], '1100ms'],
    [['--udp-timeout', '1ns'], '1ms'],
  ])('%j: %s', async (flags, time) => {
    const { stdout } = await render(manifests(['a']), ...USERSPACE, '--artifact', 'nginx', ...flags);
    expect(stdout).toContain(`udp reuseport;
        proxy_connect_timeout 1s;
        proxy_timeout ${time};`);
  });

  test.each([
    ['0', '"0" is not more than 0'],
    ['-1s', '"-1s" is not more than 0'],
    ['250', '"250" is no duration like 250ms or 10s'],
    ['600h', '"600h" is over 2147483 seconds'],
  ])('%s is wrong usage', async (time, message) => {
    const { exitCode, stdout, stderr } = await render('', ...USERSPACE, `--udp-timeout=${time}`);
    expect(stderr).toContain(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runProgram, runQuietly } from '../support/run-program.ts';

const web = (spec: string, more = '') => `apiVersion: v1
kind: Service
metadata: {name: web, annotations: {${more}}}
spec: {type: LoadBalancer, clusterIP: 10.96.0.10, ${spec} ports: [{name: http, port: 80}]}
`;
const SLICE = `---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: http, port: 80}]
endpoints: [{addresses: [10.244.1.5]}]
`;

test.each([
  ['spec.loadBalancerIP', web('loadBalancerIP: 203.0.113.7,'), ['203.0.113.7']],
  [
    'MetalLB',
    web('', 'metallb.io/loadBalancerIPs: "203.0.113.8, fd00::1, 203.0.113.9"'),
    ['203.0.113.8', '203.0.113.9'],
  ],
  ['Cilium', web('', 'lbipam.cilium.io/ips: 203.0.113.10'), ['203.0.113.10']],
  ['kube-vip', web('', 'kube-vip.io/loadbalancerIPs: 203.0.113.11'), ['203.0.113.11']],
  ['Azure', web('', 'service.beta.kubernetes.io/azure-load-balancer-ipv4: 203.0.113.12'), ['203.0.113.12']],
  ['words that are no address', web('loadBalancerIP: None,', 'metallb.io/loadBalancerIPs: auto'), []],
  [
    'a status counts for more',
    `${web('loadBalancerIP: 203.0.113.7,')}status: {loadBalancer: {ingress: [{ip: 203.0.113.99}]}}\n`,
    ['203.0.113.99'],
  ],
  ['and an empty one, too', `${web('loadBalancerIP: 203.0.113.7,')}status: {loadBalancer: {}}\n`, []],
])('addresses that a manifest asks for: %s', async (_, text, addresses) => {
  const { exitCode, stdout } = await runQuietly(['render'], text + SLICE);
  expect(exitCode).toBe(0);
  const balanced = [...stdout.matchAll(/-d (203\.[\d.]+)\/32 .*loadbalancer IP/g)].map(([, ip]) => ip);
  expect(balanced).toEqual(addresses);
});

test('one that was never applied is no warning, but counted where rules are made', async () => {
  const none = web('') + SLICE;
  expect((await runProgram(['validate'], none)).stdout).toContain('no problems');
  expect((await runProgram(['render'], none)).stderr).toBe(
    '1 Service, 1 with endpoints, 1 load balancer without an address\n',
  );
  const pending = `${web('')}status: {loadBalancer: {}}\n${SLICE}`;
  expect((await runProgram(['validate'], pending)).stdout).toContain('warning[load-balancer-has-address]');
});

test("kube-proxy's names of options, and kubectl's", async () => {
  const argv = ['render', 'fixtures/quickstart', '--mode', 'ipvs', '--node', 'a', '--node-ip', '192.0.2.1'];
  const expected = await runProgram(argv);
  const aliases = ['--proxy-mode=ipvs', '--hostname-override', 'a', '--node-ip', '192.0.2.1'];
  expect(await runProgram(['render', '-f', 'fixtures/quickstart', ...aliases])).toEqual(expected);
  expect(expected.stdout).toContain('ipvsadm');
  const wrong = await runProgram(['render', 'fixtures/quickstart', '--proxy-mode', 'userspaces']);
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('The modes are') });
});

test.each(['web.default', 'web.default:http', 'web.default.svc:80', 'web.default.svc.cluster.local'])(
  'a Service by its name in DNS: %s',
  async (target) => {
    const { exitCode, stdout } = await runProgram(['explain', '-', '--to', target], web('') + SLICE);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('10.96.0.10'),
    });
  },
);

describe('--load-balancer-range', () => {
  const list = (...names: readonly string[]) =>
    names
      .map((name) => web('').replace('name: web', `name: ${name}`).replace('clusterIP: 10.96.0.10, ', ''))
      .join('---\n');
  const balancersOf = async (text: string, ...argv: readonly string[]) => {
    const { exitCode, stdout, stderr } = await runQuietly(
      ['render', '--disable', 'endpoints-given', ...argv],
      text,
    );
    expect(exitCode, stderr).toBe(0);
    const found = stdout.matchAll(/-d (203\.0\.113\.\d+)\/32 .*--comment "default\/(\w+):http/g);
    return new Map([...found].map(([, ip, name]) => [name, ip]));
  };
  const RANGE = ['--load-balancer-range', '203.0.113.0/28,fd00:1b::/120'];

  test('gives each an address of its own, which its name decides', async () => {
    const all = await balancersOf(list('a', 'b', 'c'), ...RANGE);
    expect(new Set(all.values()).size).toBe(3);
    expect(await balancersOf(list('c', 'b', 'a'), ...RANGE)).toEqual(all);
    expect(await balancersOf(list('a', 'b', 'c'))).toEqual(new Map());
  });

  test('leaves those that have one, and gives no address away that is taken', async () => {
    const [, ip = ''] = [...(await balancersOf(list('a'), ...RANGE))][0] ?? [];
    const other = web(`loadBalancerIP: ${ip},`).replace('name: web', 'name: b');
    const both = await balancersOf(`${list('a')}---\n${other}`, ...RANGE);
    expect(both.get('b')).toBe(ip);
    expect(both.get('a')).not.toBe(ip);
  });

  test('keeps them in the lock', async () => {
    const lock = join(mkdtempSync(join(tmpdir(), 'svcgen-lock-')), 'lock.json');
    const [, ip] = [...(await balancersOf(list('a'), ...RANGE, '--lock', lock))][0] ?? [];
    const locked = JSON.parse(readFileSync(lock, 'utf8'));
    expect(locked.services['default/a'].loadBalancerIPs).toEqual([ip]);
    locked.services['default/a'].loadBalancerIPs = ['203.0.113.14'];
    writeFileSync(lock, JSON.stringify(locked));
    expect((await balancersOf(list('a', 'b'), ...RANGE, '--lock', lock)).get('a')).toBe('203.0.113.14');
    const moved = await runProgram(
      ['render', '--load-balancer-range', '198.51.100.0/28', '--lock', lock],
      list('a'),
    );
    expect(moved.stderr).toContain('the load balancer cannot stay 203.0.113.14 as locked: it is outside');
    rmSync(dirname(lock), { recursive: true });
  });
});

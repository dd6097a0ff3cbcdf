import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, clusterIP: 10.96.0.1, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{name: "", port: 8080}]
endpoints: [{addresses: [10.244.1.5], nodeName: worker-1}]
`;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-ipvs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function render(...flags: readonly string[]) {
  return runProgram(['render', '-', '--mode', 'ipvs', '--node-ip', '192.168.7.11', ...flags], SERVICE);
}

function configFile(ipvs: object): string {
  const path = join(folder, 'config.json');
  const kind = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration' };
  writeFileSync(path, JSON.stringify({ ...kind, mode: 'ipvs', ipvs }));
  return path;
}

describe('wrong usage says what is right, and prints nothing', () => {
  test.each([
    [['--ipvs-scheduler', 'random'], /'random' is invalid\. Allowed choices are rr, wrr, lc, .*, nq\./],
    [['--family', 'ipv5'], /It takes ipv4 or ipv6/],
    [['--artifact', 'nft'], /Allowed choices are .*ipvsadm/],
    [['--artifact', 'ip6tables', '--family', 'ipv4'], /there is no ip6tables artifact in --family ipv4/],
    [['--noflush'], /--noflush is for rules: add --artifact iptables/],
    [['--ipvs-exclude-cidrs', '10.0.0.0/8,x'], /"x" is no CIDR like 10\.0\.0\.0\/8/],
    [['--ipvs-tcp-timeout', '15 minutes'], /"15 minutes" is no duration of whole seconds like 15m/],
    [['--ipvs-udp-timeout', '1500ms'], /"1500ms" is no duration of whole seconds/],
    [['--ipvs-tcpfin-timeout', '99999h'], /"99999h" is over 2147483 seconds/],
    [['--mode', 'nftables', '--artifact', 'ipset'], /mode nftables has no artifact ipset/],
  ])('%j', async (flags, message) => {
    const { exitCode, stdout, stderr } = await render(...flags);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test('artifacts of ipvs mode are none of iptables mode', async () => {
    const { exitCode, stderr } = await runProgram(['render', '-', '--artifact', 'ipset'], SERVICE);
    expect(stderr).toContain('mode iptables has no artifact ipset: it has iptables, ip6tables, script');
    expect(exitCode).toBe(2);
  });
});

describe('the addresses of the node', () => {
  test('are needed for NodePorts', async () => {
    const { exitCode, stdout, stderr } = await runProgram(['render', '-', '--mode', 'ipvs'], SERVICE);
    expect(stderr).toContain("error[node-address-known]: NodePorts in ipvs mode need the node's addresses");
    expect(stderr).toContain('hint: add --node-ip');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });

  test('of the other family are not enough, which is a warning', async () => {
    const flags = ['render', '-', '--mode', 'ipvs', '--node-ip', 'fd00::1', '--artifact', 'ipvsadm'];
    const { exitCode, stdout, stderr } = await runProgram(flags, SERVICE);
    expect(stderr).toContain(
      'warning[node-port-addresses-match]: no IPv4 address of the node can take NodePorts',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toBe('-A -t 10.96.0.1:80 -s rr\n-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1\n');
  });
});

describe('what is printed', () => {
  test('is the script, unless told otherwise', async () => {
    const { stdout } = await render();
    expect(stdout).toBe((await render('--script')).stdout);
    expect(stdout).toMatch(/^#!\/bin\/sh\n/);
  });

  test('--artifact: one of those that the script holds', async () => {
    const script = (await render()).stdout;
    for (const name of ['ipset', 'ipvsadm']) {
      // The script leaves families out that have no Services.
      expect(script).toContain((await render('--artifact', name, '--family', 'ipv4')).stdout);
    }
    expect(script).toContain((await render('--artifact', 'iptables', '--noflush')).stdout);
    expect((await render('--artifact', 'iptables')).stdout).toContain('\n:INPUT ACCEPT [0:0]\n');
  });

  test('--output-dir: all of them, of the family that is asked for', async () => {
    const dir = join(folder, 'all');
    expect(await render('--output-dir', dir)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(readdirSync(dir).sort()).toEqual([
      'apply.sh',
      'ip.batch',
      'ip6tables.rules',
      'ipset.rules',
      'iptables.rules',
      'ipvsadm.rules',
      'sysctl.conf',
    ]);
    const one = join(folder, 'one');
    await render('--output-dir', one, '--family', 'ipv4');
    expect(readdirSync(one)).not.toContain('ip6tables.rules');
  });
});

describe('--config', () => {
  test('gives settings, flags win', async () => {
    const ipvs = {
      scheduler: 'lc',
      strictARP: true,
      tcpTimeout: '15m0s',
      udpTimeout: '0s',
      excludeCIDRs: ['10.0.0.0/8'],
    };
    const config = ['--config', configFile(ipvs), '--node-ip', '192.168.7.11'];
    const { stdout } = await runProgram(['render', '-', ...config, '--artifact', 'ipvsadm'], SERVICE);
    expect(stdout.split('\n').slice(0, 2)).toEqual(['--set 900 0 0', '-A -t 10.96.0.1:80 -s lc']);
    const script = (await runProgram(['render', '-', ...config, '--ipvs-scheduler', 'nq'], SERVICE)).stdout;
    expect(script).toContain('\n-A -t 10.96.0.1:80 -s nq\n');
    expect(script).toContain('set_sysctl net/ipv4/conf/all/arp_ignore 1\n');
    expect(script).toContain('\n400001010\n');
  });

  test.each([
    [{ scheduler: 'random' }, '"random" is none of rr, wrr, lc, wlc, lblc, lblcr, sh, mh, dh, sed, nq'],
    [{ tcpTimeout: '-1s' }, '"-1s" is no duration of whole seconds'],
    [{ excludeCIDRs: ['10.0.0.0/8', '10.0.0.0'] }, '"10.0.0.0" is no CIDR'],
  ])('%j is refused', async (ipvs, message) => {
    const { exitCode, stdout, stderr } = await runProgram(
      ['render', '-', '--config', configFile(ipvs)],
      SERVICE,
    );
    expect(stderr).toContain(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });
});

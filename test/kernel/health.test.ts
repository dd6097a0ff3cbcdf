import { afterAll, beforeAll, expect, test } from 'vitest';
import { bothFamilies } from '../support/kernel/addresses.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Lab, startLab } from '../support/kernel/lab.ts';
import { endpoints, NODE_NAME, slice, WEB_PORT, WEB_SLICE_PORT } from '../support/kernel/manifests.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import { dualStack } from '../support/kernel/script-services.ts';

/** Not that of the lab, which the node's own server answers. */
const [BUSY, IDLE] = [32101, 32102];

function balancer(name: string, number: number, port: number) {
  const spec = {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: port,
    ports: [WEB_PORT],
  };
  return { name, number, spec };
}

const manifests = [
  ...dualStack({ ...balancer('busy', 1, BUSY), pods: ['a', 'b', 'd'] }),
  ...dualStack({ ...balancer('idle', 2, IDLE), pods: ['d'] }),
];

const CONFIGURATION = '/run/health.conf';

describeKernel('health checks, answered by nginx', () => {
  let lab: Lab;

  async function configure(objects: readonly (typeof manifests)[number][]): Promise<void> {
    const text = await renderRules(objects, ['--node', NODE_NAME, '--artifact', 'health']);
    await lab.node.must(['sh', '-c', `mkdir -p /run/svcgen && cat >${CONFIGURATION}`], text);
  }

  async function ask(
    net: (typeof bothFamilies)[number],
    port: number,
    path = '/',
  ): Promise<readonly string[]> {
    const host = net.family === 'IPv6' ? `[${net.node}]` : net.node;
    const text = await lab.client.must(['curl', '-sS', '-i', '-m', '5', `http://${host}:${port}${path}`]);
    return text.split(/\r?\n/);
  }

  beforeAll(async () => {
    lab = await startLab();
    await configure(manifests);
    await lab.node.must(['sh', '-c', `nginx -c ${CONFIGURATION} 2>/run/log`]);
  });
  afterAll(async () => {
    await lab?.node.run(['nginx', '-s', 'stop', '-c', CONFIGURATION]);
    await lab?.stop();
  });

  test.each(bothFamilies.map((net) => [net.family, net] as const))(
    '%s: says what kube-proxy says',
    async (_, net) => {
      const busy = await ask(net, BUSY, '/any/path?at=all');
      expect(busy[0]).toBe('HTTP/1.1 200 OK');
      expect(busy).toContain('Content-Type: application/json');
      expect(busy).toContain('X-Content-Type-Options: nosniff');
      expect(busy).toContain('X-Load-Balancing-Endpoint-Weight: 2');
      expect(busy.slice(busy.indexOf('') + 1)).toEqual([
        '{',
        '\t"service": {',
        '\t\t"namespace": "default",',
        '\t\t"name": "busy"',
        '\t},',
        '\t"localEndpoints": 2,',
        '\t"serviceProxyHealthy": true',
        '}',
      ]);
      const idle = await ask(net, IDLE);
      expect(idle[0]).toMatch(/^HTTP\/1\.1 503 /);
      expect(idle).toContain('Content-Type: application/json');
      expect(idle).toContain('X-Content-Type-Options: nosniff');
      expect(idle).toContain('X-Load-Balancing-Endpoint-Weight: 0');
      expect(idle).toContain('\t"localEndpoints": 0,');
    },
  );

  test('says something else after a reload', async () => {
    const [net] = bothFamilies;
    if (net === undefined) throw new Error('no family');
    const ready = endpoints(net, 'c');
    const more = { ...slice(net, 'idle', { ports: [WEB_SLICE_PORT], endpoints: ready }) };
    const labels = { 'kubernetes.io/service-name': 'idle' };
    await configure([...manifests, { ...more, metadata: { name: 'idle-c', namespace: 'default', labels } }]);
    await lab.node.must(['nginx', '-s', 'reload', '-c', CONFIGURATION]);
    await expect.poll(async () => (await ask(net, IDLE))[0], { timeout: 120_000 }).toBe('HTTP/1.1 200 OK');
  });
});

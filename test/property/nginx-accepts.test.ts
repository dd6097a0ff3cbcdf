import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { describeNginxAccepts } from '../support/kernel/nginx-accepts.ts';
import { runProgram } from '../support/run-program.ts';

describeNginxAccepts(40);

const SERVICES = 5000;
const ENDPOINTS = 20;

/** As `kubectl get -o json` prints them. */
function manyServices(): string {
  const items = Array.from({ length: SERVICES }, (_, index) => {
    const name = `service-${index}`;
    const [high, low] = [index >> 8, index & 255];
    const addresses = Array.from({ length: ENDPOINTS }, (_, each) => ({
      ip: `10.${128 + each}.${high}.${low}`,
    }));
    return [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name },
        spec: { clusterIP: `10.96.${high}.${low}`, ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name },
        subsets: [{ addresses, ports: [{ port: 8080 }] }],
      },
    ];
  });
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: items.flat() });
}

describeKernel(`${SERVICES} Services of ${ENDPOINTS} endpoints each`, () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('many');
    await host.must(['mkdir', '/run/svcgen']);
  });
  afterAll(async () => {
    await host?.run(['sh', '-c', 'kill $(cat /run/svcgen/nginx.pid)']);
    await host?.stop();
  });

  test('nginx takes them, and listens for each', async () => {
    const args = [
      'render',
      '-',
      '--mode',
      'userspace',
      '--artifact',
      'nginx',
      '--cluster-cidr',
      '10.128.0.0/9',
    ];
    const { exitCode, stdout } = await runProgram(args, manyServices());
    expect(exitCode).toBe(0);
    expect(stdout.match(/^ {8}server /gm)).toHaveLength(SERVICES * ENDPOINTS);
    await host.must(['sh', '-c', 'cat >/run/svcgen/nginx.conf'], stdout);
    await host.must(['nginx', '-t', '-q', '-c', '/run/svcgen/nginx.conf']);
    await host.must([
      'sh',
      '-c',
      'nginx -c /run/svcgen/nginx.conf </dev/null >/dev/null 2>/run/svcgen/error.log',
    ]);
    const listening = await host.must(['sh', '-c', 'awk \'$4 == "0A"\' /proc/net/tcp | wc -l']);
    expect(Number(listening)).toBe(SERVICES);
  });
});

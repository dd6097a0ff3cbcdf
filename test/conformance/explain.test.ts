import { expect, test } from 'vitest';
import { defaultProxyConfig } from '../../src/kubernetes/proxy-defaults.ts';
import { joinHostPort } from '../../src/model/ip.ts';
import type { Delivery, ServicePort } from '../../src/model/node-state.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { clusterOf } from '../support/read-cluster.ts';
import { runQuietly } from '../support/run-program.ts';
import { type ConformanceCase, readCases } from './case.ts';

const CLIENTS = { ipv4: '192.0.2.200', ipv6: '2001:db8:5::5' } as const;
const NODE_IPS = { ipv4: '192.168.7.11', ipv6: '2001:db8:7::11' } as const;

/** A client outside that tries one address of a service port, and what it should meet there. */
interface Attempt {
  readonly to: string;
  readonly from: string;
  readonly expected: readonly string[];
}

test.for(readCases('iptables').map((each) => [each.name, each] as const))(
  "%s: the walker finds the case's endpoints in kube-proxy's rules",
  async ([, theCase]) => {
    const attempts = attemptsOf(theCase);
    expect(attempts.length).toBeGreaterThan(0);
    const found = [];
    for (const { to, from } of attempts)
      found.push({ to, from, expected: await explain(theCase, { to, from }) });
    expect(found).toEqual(attempts);
  },
);

/** What `svcgen explain` finds in kube-proxy's rules: endpoints in their order, else how the connection ends. */
async function explain(
  { expectedRules, family, nodeIPs }: ConformanceCase,
  { to, from }: Pick<Attempt, 'to' | 'from'>,
): Promise<readonly string[]> {
  const addresses = nodeIPs.length === 0 ? [NODE_IPS[family]] : nodeIPs;
  const flags = addresses.flatMap((address) => ['--node-ip', address]);
  const args = ['explain', '--rules', '-', ...flags, '--to', to, '--from', from, '--output', 'json'];
  const { exitCode, stdout, stderr } = await runQuietly(args, expectedRules);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const { ways } = JSON.parse(stdout);
  expect(ways.flatMap(({ conditions }: { readonly conditions: readonly unknown[] }) => conditions)).toEqual(
    [],
  );
  const shares = new Set(ways.map(({ share }: { readonly share: string }) => share));
  expect([...shares]).toEqual([`1/${ways.length}`]);
  return ways
    .map(({ result, to }: { readonly result: string; readonly to: string }) =>
      result === 'endpoint' ? to : result,
    )
    .sort();
}

function attemptsOf(theCase: ConformanceCase): readonly Attempt[] {
  const { family, input, node, nodeIPs, flags } = theCase;
  const config = { ...defaultProxyConfig, nodeName: node, nodeIPs };
  const { state } = resolve(clusterOf(input), { config, family: family === 'ipv6' ? 'IPv6' : 'IPv4' });
  const client: string = CLIENTS[family];
  const nodePortIP = nodeIPs.find((ip) => ip.includes(':') === (family === 'ipv6')) ?? NODE_IPS[family];
  expect(flags).not.toContain('--nodeport-addresses primary');
  return state.servicePorts.flatMap((servicePort) => {
    const { clusterIP, externalIPs, loadBalancerIPs, port, nodePort, internal, external } = servicePort;
    const at = (ip: string, number: number, delivery: Delivery | undefined, from = client): Attempt => ({
      to: `${joinHostPort(ip, number)}/${servicePort.protocol.toLowerCase()}`,
      from,
      expected: endOf(delivery),
    });
    const admitted = servicePort.admitted?.ranges[0]?.split('/')[0] ?? client;
    return [
      at(clusterIP, port, internal),
      ...externalIPs.map((ip) => at(ip, port, external?.fromOutside)),
      ...loadBalancerIPs.map((ip) => at(ip, port, external?.fromOutside, admitted)),
      ...loadBalancerIPs.flatMap((ip) => (isClosed(servicePort) ? at(ip, port, DROP) : [])),
      ...(nodePort === 0 ? [] : [at(nodePortIP, nodePort, external?.fromOutside)]),
    ];
  });
}

const DROP: Delivery = { kind: 'drop' };

/** Its load balancer is not for everybody. */
function isClosed({ admitted, external }: ServicePort): boolean {
  return (
    admitted !== undefined &&
    external?.fromOutside.kind === 'endpoints' &&
    !admitted.ranges.includes('0.0.0.0/0')
  );
}

function endOf(delivery: Delivery | undefined): readonly string[] {
  switch (delivery?.kind) {
    case 'endpoints':
      return delivery.pool.endpoints.map(({ hostPort }) => hostPort).sort();
    case 'reject':
      return ['rejected'];
    case 'drop':
      return ['dropped'];
    default:
      return ['elsewhere'];
  }
}

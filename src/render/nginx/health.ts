import type { Directive } from '../../lang/nginx/directive.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { HealthCheck, NodeState } from '../../model/node-state.ts';

/** A health check, and where it is answered. */
interface HealthServer {
  readonly check: HealthCheck;
  /** As nginx takes them. */
  readonly listen: readonly string[];
}

/**
 * What answers load balancers that ask for the health of a node, as the ServiceHealthServer of kube-proxy does
 * (pkg/proxy/healthcheck/service_health.go, the same from 1.30 to 1.37): whatever they ask for, they get the same
 * status, headers and text. svcgen's rules are in place when this runs, so that the proxy is healthy.
 */
export function healthServers(states: readonly NodeState[]): readonly Directive[] {
  return joinFamilies(states).map(({ check, listen }) => ({
    name: 'server',
    parameters: [],
    comment: `${check.namespace}/${check.name}`,
    block: [
      ...listen.map((address) => ({ name: 'listen', parameters: [address] })),
      { name: 'add_header', parameters: ['X-Content-Type-Options', 'nosniff', 'always'] },
      {
        name: 'add_header',
        parameters: ['X-Load-Balancing-Endpoint-Weight', String(check.localEndpoints), 'always'],
      },
      { name: 'return', parameters: [check.localEndpoints === 0 ? '503' : '200', answerOf(check)] },
    ],
  }));
}

/**
 * One server for a Service of two families. It counts endpoints of the first one: the two halves of a dual-stack
 * kube-proxy compete for the port, and the one that gets it answers for both.
 */
function joinFamilies(states: readonly NodeState[]): readonly HealthServer[] {
  const servers = new Map<number, HealthServer>();
  for (const state of states) {
    for (const check of state.healthChecks) {
      const before = servers.get(check.port);
      const listen = listenAddresses(state, check.port);
      servers.set(check.port, {
        check: before?.check ?? check,
        listen: [...(before?.listen ?? []), ...listen],
      });
    }
  }
  return [...servers.values()];
}

/** It is asked where NodePorts answer: everywhere, or on some addresses of the node. */
function listenAddresses({ family, nodePortAddresses }: NodeState, port: number): readonly string[] {
  switch (nodePortAddresses.kind) {
    case 'local':
      return [family === 'IPv4' ? String(port) : `[::]:${port}`];
    case 'addresses':
      return nodePortAddresses.addresses.map((address) => joinHostPort(address, port));
  }
}

/** Byte by byte as kube-proxy writes it, without a line break at the end. */
function answerOf({ namespace, name, localEndpoints }: HealthCheck): string {
  return [
    '{',
    '\t"service": {',
    `\t\t"namespace": ${JSON.stringify(namespace)},`,
    `\t\t"name": ${JSON.stringify(name)}`,
    '\t},',
    `\t"localEndpoints": ${localEndpoints},`,
    '\t"serviceProxyHealthy": true',
    '}',
  ].join('\n');
}

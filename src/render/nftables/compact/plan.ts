import type { NodeState, ServicePort } from '../../../model/node-state.ts';
import { type NamedNftPort, nameNftPort } from '../names.ts';

/**
 * A service port that is reached at its clusterIP alone, without session affinity: it needs no chain of its own. Most
 * are like that.
 */
export interface PlainPort {
  readonly kind: 'plain';
  readonly servicePort: ServicePort;
  readonly endpoints: ServicePort['reachable'];
}

/** A service port that has chains of its own. */
export interface SpecialPort extends NamedNftPort {
  readonly kind: 'special';
}

/** The service ports that have somewhere to send connections to, in their order. */
export function planPorts({ servicePorts }: NodeState): (PlainPort | SpecialPort)[] {
  return servicePorts.flatMap((servicePort) => planPort(servicePort) ?? []);
}

function planPort(servicePort: ServicePort): PlainPort | SpecialPort | undefined {
  const { internal, external, sessionAffinitySeconds, reachable } = servicePort;
  const isSticky = sessionAffinitySeconds !== undefined;
  if (external?.isServed || (isSticky && internal.kind === 'endpoints')) {
    return { kind: 'special', ...nameNftPort(servicePort, isSticky ? reachable : []) };
  }
  return internal.kind === 'endpoints'
    ? { kind: 'plain', servicePort, endpoints: internal.pool.endpoints }
    : undefined;
}

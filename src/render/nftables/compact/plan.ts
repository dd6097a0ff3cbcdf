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
  /** No other plain port of its protocol has its clusterIP, which then tells of itself which endpoints it has. */
  readonly isAlone: boolean;
}

/** A service port that has chains of its own. */
export interface SpecialPort extends NamedNftPort {
  readonly kind: 'special';
}

/** The service ports that have somewhere to send connections to, in their order. */
export function planPorts({ servicePorts }: NodeState): (PlainPort | SpecialPort)[] {
  const counts = new Map<string, number>();
  for (const servicePort of servicePorts) {
    if (!isPlain(servicePort)) continue;
    const key = addressKey(servicePort);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return servicePorts.flatMap((servicePort) => {
    const isAlone = counts.get(addressKey(servicePort)) === 1;
    return planPort(servicePort, { isAlone }) ?? [];
  });
}

function addressKey({ clusterIP, protocol }: ServicePort): string {
  return `${clusterIP} ${protocol}`;
}

function isPlain({ internal, external, sessionAffinitySeconds }: ServicePort): boolean {
  return internal.kind === 'endpoints' && external?.isServed !== true && sessionAffinitySeconds === undefined;
}

function planPort(
  servicePort: ServicePort,
  { isAlone }: Pick<PlainPort, 'isAlone'>,
): PlainPort | SpecialPort | undefined {
  const { internal, external, sessionAffinitySeconds, reachable } = servicePort;
  const isSticky = sessionAffinitySeconds !== undefined;
  if (external?.isServed || (isSticky && internal.kind === 'endpoints')) {
    return { kind: 'special', ...nameNftPort(servicePort, isSticky ? reachable : []) };
  }
  return internal.kind === 'endpoints'
    ? { kind: 'plain', servicePort, endpoints: internal.pool.endpoints, isAlone }
    : undefined;
}

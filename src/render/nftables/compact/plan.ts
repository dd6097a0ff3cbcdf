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
  /**
   * The port of all its endpoints, where no other plain port of its protocol has its clusterIP: that then tells of itself
   * which endpoints it has.
   */
  readonly endpointPort: number | undefined;
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
    return planPort(servicePort, isAlone ? commonPort : () => undefined) ?? [];
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
  portOf: (endpoints: PlainPort['endpoints']) => number | undefined,
): PlainPort | SpecialPort | undefined {
  const { internal, external, sessionAffinitySeconds, reachable } = servicePort;
  const isSticky = sessionAffinitySeconds !== undefined;
  if (external?.isServed || (isSticky && internal.kind === 'endpoints')) {
    return { kind: 'special', ...nameNftPort(servicePort, isSticky ? reachable : []) };
  }
  if (internal.kind !== 'endpoints') return undefined;
  const { endpoints } = internal.pool;
  return { kind: 'plain', servicePort, endpoints, endpointPort: portOf(endpoints) };
}

/** Pods may give a named targetPort different numbers. */
function commonPort(endpoints: PlainPort['endpoints']): number | undefined {
  const port = endpoints[0]?.port;
  return endpoints.every((each) => each.port === port) ? port : undefined;
}

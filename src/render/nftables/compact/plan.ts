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
export function planPorts(state: NodeState): (PlainPort | SpecialPort)[] {
  const servicePorts = [...firstPlain(state.servicePorts)];
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

/**
 * All but plain ports whose clusterIP and port an earlier plain one has: connections go to that, as in iptables mode, and the
 * key of a map has one value. (Of validated Services, no two have an address: `cluster-ip-not-taken`, which can be disabled.)
 */
function* firstPlain(servicePorts: readonly ServicePort[]): Generator<ServicePort> {
  const taken = new Set<string>();
  for (const servicePort of servicePorts) {
    if (isPlain(servicePort)) {
      const key = `${addressKey(servicePort)} ${servicePort.port}`;
      if (taken.has(key)) continue;
      taken.add(key);
    }
    yield servicePort;
  }
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

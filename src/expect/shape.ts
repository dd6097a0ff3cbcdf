import { invariant } from '../diagnostic/invariant.ts';
import type { AdmittedSources, Delivery, Endpoint, ServicePort } from '../model/node-state.ts';

/** Numbers values in the order in which they come up. */
export interface Numbering<Value> {
  /** One that has not come up yet gets the next number. */
  readonly of: (value: Value) => number;
  /** undefined: it has not come up. */
  readonly find: (value: Value) => number | undefined;
  /** The number of one that has come up. */
  readonly known: (value: Value) => number;
  readonly at: (number: number) => Value;
  /** In the order of their numbers. */
  readonly values: readonly Value[];
}

function numbering<Value>(): Numbering<Value> {
  const numbers = new Map<Value, number>();
  const values: Value[] = [];
  return {
    of: (value) => {
      const known = numbers.get(value);
      if (known !== undefined) return known;
      numbers.set(value, values.length);
      return values.push(value) - 1;
    },
    find: (value) => numbers.get(value),
    known: (value) => {
      const known = numbers.get(value);
      invariant(known !== undefined, `${value} has no number`);
      return known;
    },
    at: (number) => {
      const value = values[number];
      invariant(value !== undefined, `nothing has number ${number}`);
      return value;
    },
    values,
  };
}

/** What stands in for the values in which two Services of one shape may differ. */
export interface Numbers {
  readonly addresses: Numbering<string>;
  readonly ports: Numbering<number>;
}

export function emptyNumbers(): Numbers {
  return { addresses: numbering(), ports: numbering() };
}

/** Where endpoints are, as far as rules ask. */
interface SpelledFor {
  readonly asksPlaces: boolean;
}

/**
 * What rules are made of service ports, without what they are called: addresses, ports and names are numbers. Rules can only ask
 * whether two of these are the same, and whether an address is in a range, so that rules of one shape do the same with all packets
 * that have the same numbers, if the addresses of one number are in the same ranges.
 */
export function shapeOf(
  servicePorts: readonly ServicePort[],
  numbers: Numbers,
  { asksPlaces }: SpelledFor,
): string {
  const { addresses, ports } = numbers;
  const [services, names] = [numbering<string>(), numbering<string>()];
  const lists = numbering<readonly Endpoint[]>();
  const ips = (all: readonly string[]) => (all.length === 0 ? '' : all.map(addresses.of).join());
  // The same endpoints are in several lists, and mostly in the very same one.
  const listOf = (endpoints: readonly Endpoint[]) => (endpoints.length === 0 ? '' : lists.of(endpoints));
  const portOf = (port: number) => (port === 0 ? '' : ports.of(port));
  const deliveryOf = (delivery: Delivery) =>
    delivery.kind === 'endpoints'
      ? `${delivery.pool.scope} ${listOf(delivery.pool.endpoints)}`
      : delivery.kind;
  const spell = (servicePort: ServicePort): string => {
    const { name, external, pools, ipvs } = servicePort;
    const service = `${name.namespace}/${name.name}`;
    const parts: Record<keyof ServicePort, string | number | undefined> = {
      name: `${services.of(service)} ${names.of(`${service}:${name.port}`)}`,
      protocol: servicePort.protocol,
      clusterIP: addresses.of(servicePort.clusterIP),
      port: portOf(servicePort.port),
      nodePort: portOf(servicePort.nodePort),
      externalIPs: ips(servicePort.externalIPs),
      loadBalancerIPs: ips(servicePort.loadBalancerIPs),
      admitted: servicePort.admitted && admittedOf(servicePort.admitted, ips),
      healthCheckNodePort: portOf(servicePort.healthCheckNodePort),
      sessionAffinitySeconds: servicePort.sessionAffinitySeconds,
      internal: deliveryOf(servicePort.internal),
      external:
        external &&
        `${deliveryOf(external.fromOutside)},${deliveryOf(external.fromInside)},${external.isServed},${external.keepsClientIP}`,
      pools: pools.map(({ scope, endpoints }) => `${scope} ${listOf(endpoints)}`).join(),
      reachable: listOf(servicePort.reachable),
      // Only flows that there are already are looked at.
      serving: undefined,
      ipvs: ipvs && `${listOf(ipvs.internal)},${listOf(ipvs.external)},${listOf(ipvs.hairpin)}`,
    };
    return Object.values(parts).join('|');
  };
  const spelled = servicePorts.map(spell);
  const endpoints = lists.values.map((list) =>
    list
      .map(
        ({ ip, port, isLocal }) =>
          `${addresses.of(ip)}:${ports.of(port)}${asksPlaces && isLocal ? 'here' : ''}`,
      )
      .join(),
  );
  return `${spelled.join('\n')}\n${endpoints.join('\n')}`;
}

/** Ranges stay as they are: who is in them is another matter. */
function admittedOf({ ranges, ofNode }: AdmittedSources, ips: (all: readonly string[]) => string): string {
  return `${ranges.join()} ${ips(ofNode)}`;
}

import { invariant } from '../../diagnostic/invariant.ts';
import type { AdmittedSources, Delivery, Endpoint, ServicePort } from '../../model/node-state.ts';

/** Values, numbered in the order in which they came up. */
export interface Numbering<Value> {
  readonly byValue: Map<Value, number>;
  readonly values: Value[];
}

/** One that has not come up yet gets the next number. */
export function numberOf<Value>({ byValue, values }: Numbering<Value>, value: Value): number {
  const known = byValue.get(value);
  if (known !== undefined) return known;
  byValue.set(value, values.length);
  return values.push(value) - 1;
}

/** The number of a value that has come up. */
export function knownNumber<Value>({ byValue }: Numbering<Value>, value: Value): number {
  const known = byValue.get(value);
  invariant(known !== undefined, `${value} has no number`);
  return known;
}

/** The value that has a number. */
export function valueAt<Value>({ values }: Numbering<Value>, number: number): Value {
  const value = values[number];
  invariant(value !== undefined, `nothing has number ${number}`);
  return value;
}

function emptyNumbering<Value>(): Numbering<Value> {
  return { byValue: new Map(), values: [] };
}

/** What stands in for the values in which two Services of one shape may differ. */
export interface Numbers {
  readonly addresses: Numbering<string>;
  readonly ports: Numbering<number>;
}

export function emptyNumbers(): Numbers {
  return { addresses: emptyNumbering(), ports: emptyNumbering() };
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
  const [services, names] = [emptyNumbering<string>(), emptyNumbering<string>()];
  const lists = emptyNumbering<readonly Endpoint[]>();
  const ips = (all: readonly string[]) =>
    all.length === 0 ? '' : all.map((ip) => numberOf(addresses, ip)).join();
  // The same endpoints are in several lists, and mostly in the very same one.
  const listOf = (endpoints: readonly Endpoint[]) =>
    endpoints.length === 0 ? '' : numberOf(lists, endpoints);
  const portOf = (port: number) => (port === 0 ? '' : numberOf(ports, port));
  const deliveryOf = (delivery: Delivery) =>
    delivery.kind === 'endpoints'
      ? `${delivery.pool.scope} ${listOf(delivery.pool.endpoints)}`
      : delivery.kind;
  const spell = (servicePort: ServicePort): string => {
    const { name, external, pools, ipvs } = servicePort;
    const service = `${name.namespace}/${name.name}`;
    const parts: Record<keyof ServicePort, string | number | undefined> = {
      name: `${numberOf(services, service)} ${numberOf(names, `${service}:${name.port}`)}`,
      protocol: servicePort.protocol,
      clusterIP: numberOf(addresses, servicePort.clusterIP),
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
          `${numberOf(addresses, ip)}:${numberOf(ports, port)}${asksPlaces && isLocal ? 'here' : ''}`,
      )
      .join(),
  );
  return `${spelled.join('\n')}\n${endpoints.join('\n')}`;
}

/** Ranges stay as they are: who is in them is another matter. */
function admittedOf({ ranges, ofNode }: AdmittedSources, ips: (all: readonly string[]) => string): string {
  return `${ranges.join()} ${ips(ofNode)}`;
}

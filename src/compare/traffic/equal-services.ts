import { objectKey, type Service, type ServicePortSpec } from '../../model/cluster.ts';
import type { AdmittedSources, Delivery, Endpoint, NodeState, ServicePort } from '../../model/node-state.ts';
import type { KeptService } from './service-traffic.ts';

/** Whether a look at the single parts of a Service can be saved: most are the same on both sides. */
export function isSameService({ before, after }: KeptService): boolean {
  if (!isSameSpec(before.service, after.service) || before.served.size !== after.served.size) return false;
  for (const [family, ports] of after.served) {
    const others = before.served.get(family) ?? [];
    const isSame = ports.every((port, index) => {
      const other = others[index];
      return other !== undefined && isSamePort(other, port);
    });
    if (!isSame || others.length !== ports.length) return false;
  }
  return true;
}

const SERVICE_VALUES = [
  'type',
  'externalName',
  'externalTrafficPolicy',
  'internalTrafficPolicy',
  'sessionAffinitySeconds',
  'healthCheckNodePort',
] as const;
const SERVICE_LISTS = ['clusterIPs', 'externalIPs', 'loadBalancerSourceRanges'] as const;
const PORT_SPEC_VALUES = ['name', 'protocol', 'port', 'nodePort'] as const;

function isSameSpec(a: Service, b: Service): boolean {
  return (
    SERVICE_VALUES.every((field) => a[field] === b[field]) &&
    SERVICE_LISTS.every((field) => isSameList(a[field], b[field])) &&
    a.ports.length === b.ports.length &&
    a.ports.every((port, index) => isSamePortSpec(port, b.ports[index])) &&
    a.loadBalancerIngress.length === b.loadBalancerIngress.length &&
    a.loadBalancerIngress.every(({ ip, ipMode }, index) => {
      const other = b.loadBalancerIngress[index];
      return other?.ip === ip && other.ipMode === ipMode;
    })
  );
}

function isSamePortSpec(a: ServicePortSpec, b: ServicePortSpec | undefined): boolean {
  return b !== undefined && PORT_SPEC_VALUES.every((field) => a[field] === b[field]);
}

/**
 * Two states without the service ports that are the same in both: where each port has rules of its own, the rules
 * that differ between the rest are all that differ. Nothing is left out where more than ports changed.
 */
export function withoutEqualPorts(
  before: NodeState,
  after: NodeState,
): { readonly before: NodeState; readonly after: NodeState } {
  if (!isSameNode(before, after)) return { before, after };
  const old = new Map(before.servicePorts.map((port) => [keyOf(port), port]));
  const equal = new Set<string>();
  for (const port of after.servicePorts) {
    const key = keyOf(port);
    const previous = old.get(key);
    if (previous !== undefined && isSamePort(previous, port)) equal.add(key);
  }
  const rest = (state: NodeState) => ({
    ...state,
    servicePorts: state.servicePorts.filter((port) => !equal.has(keyOf(port))),
  });
  return { before: rest(before), after: rest(after) };
}

function keyOf({ name, protocol }: ServicePort): string {
  return `${objectKey(name)}:${name.port}/${protocol}`;
}

function isSameNode(a: NodeState, b: NodeState): boolean {
  const shared = ({ servicePorts, ...rest }: NodeState) => rest;
  return JSON.stringify(shared(a)) === JSON.stringify(shared(b));
}

/** Whether a service port has the same rules and the same traffic on both sides. Names are not looked at. */
function isSamePort(a: ServicePort, b: ServicePort): boolean {
  return (
    PORT_VALUES.every((field) => a[field] === b[field]) &&
    PORT_LISTS.every((field) => isSameList(a[field], b[field])) &&
    isSameAdmission(a.admitted, b.admitted) &&
    a.external?.keepsClientIP === b.external?.keepsClientIP &&
    isSameDelivery(a.internal, b.internal) &&
    isSameDelivery(a.external?.fromOutside, b.external?.fromOutside) &&
    isSameDelivery(a.external?.fromInside, b.external?.fromInside) &&
    isSameEndpoints(a.reachable, b.reachable) &&
    isSameEndpoints(a.serving, b.serving)
  );
}

/** What is left of a service port beside its name and where connections go. */
const PORT_VALUES = [
  'clusterIP',
  'port',
  'nodePort',
  'healthCheckNodePort',
  'sessionAffinitySeconds',
] as const;
const PORT_LISTS = ['externalIPs', 'loadBalancerIPs'] as const;

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function isSameAdmission(a: AdmittedSources | undefined, b: AdmittedSources | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isSameList(a.ranges, b.ranges) && isSameList(a.ofNode, b.ofNode);
}

function isSameDelivery(a: Delivery | undefined, b: Delivery | undefined): boolean {
  if (a?.kind !== 'endpoints' || b?.kind !== 'endpoints') return a?.kind === b?.kind;
  return a.pool.scope === b.pool.scope && isSameEndpoints(a.pool.endpoints, b.pool.endpoints);
}

/** Addresses are compared apart from ports: joined texts would have to be made first. */
function isSameEndpoints(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ ip, port, isLocal }, index) => {
    const other = b[index];
    return other?.ip === ip && other.port === port && other.isLocal === isLocal;
  });
}

import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../diagnostic/report.ts';
import { isHeadless } from '../../kubernetes/services.ts';
import type { L4Protocol } from '../../lang/packet/l4-protocol.ts';
import type { Cluster, IPFamily, Node, Service } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import { formatServicePortName, type NodeState, type ServicePort } from '../../model/node-state.ts';
import type { ExplainCode } from '../codes.ts';
import { nearService } from './near-service.ts';
import type { WantedName, WantedTarget } from './parse-target.ts';

export type Role = 'clusterIP' | 'external IP' | 'load balancer address' | 'nodePort';

/** An address and port that a Service has. */
export interface Target {
  readonly servicePort: ServicePort;
  readonly role: Role;
  /** undefined: any address of the node. */
  readonly ip: string | undefined;
  readonly port: number;
}

/** Every address and port of a service port: the clusterIP first. */
export function targetsOf(servicePort: ServicePort): readonly Target[] {
  const { clusterIP: ip, externalIPs, loadBalancerIPs, port, nodePort } = servicePort;
  const targets: Target[] = [{ servicePort, role: 'clusterIP', ip, port }];
  for (const each of externalIPs) targets.push({ servicePort, role: 'external IP', ip: each, port });
  for (const each of loadBalancerIPs)
    targets.push({ servicePort, role: 'load balancer address', ip: each, port });
  if (nodePort !== 0) targets.push({ servicePort, role: 'nodePort', ip: undefined, port: nodePort });
  return targets;
}

export interface TargetAddress {
  readonly protocol: L4Protocol;
  readonly destination: string;
  readonly port: number;
}

/** What an address and port is among the Services; addresses go before nodePorts. `isLocal`: it is one of the node's. */
export type TargetFinder = (address: TargetAddress, isLocal: boolean) => Target | undefined;

/** Services are looked through once, when somebody asks. */
export function targetFinder({ servicePorts }: NodeState): TargetFinder {
  let known: Map<string, Target> | undefined;
  return ({ protocol, destination, port }, isLocal) => {
    known ??= groupTargets(servicePorts);
    const place = `${protocol} ${port}`;
    return known.get(`${place} ${destination}`) ?? (isLocal ? known.get(place) : undefined);
  };
}

/** By protocol, port and address; nodePorts by protocol and port. */
function groupTargets(servicePorts: readonly ServicePort[]): Map<string, Target> {
  const known = new Map<string, Target>();
  for (const servicePort of servicePorts) {
    for (const target of targetsOf(servicePort)) {
      const { ip, port } = target;
      const place = `${servicePort.protocol.toLowerCase()} ${port}`;
      const key = ip === undefined ? place : `${place} ${ip}`;
      if (!known.has(key)) known.set(key, target);
    }
  }
  return known;
}

/** `the clusterIP of default/web:http`. */
export function describeTarget({ servicePort, role }: Pick<Target, 'servicePort' | 'role'>): string {
  return `${describeRole(role)} of ${formatServicePortName(servicePort.name)}`;
}

const ARTICLES: Readonly<Record<Role, string>> = {
  clusterIP: 'the',
  'external IP': 'an',
  'load balancer address': 'a',
  nodePort: 'the',
};

/** `an external IP`. */
export function describeRole(role: Role): string {
  return `${ARTICLES[role]} ${role}`;
}

/**
 * A port of a node that is named, `worker-1:30080` or `node/worker-1:30080`, as an address. Services go before nodes of the same name.
 * @param cluster undefined: there are no manifests
 */
export function withNodeAddress(
  wanted: WantedTarget,
  cluster: Pick<Cluster, 'services' | 'nodes'> | undefined,
  family: IPFamily | undefined,
): WantedTarget {
  if (wanted.kind === 'address' || cluster === undefined || !/^\d+$/.test(wanted.port ?? '')) return wanted;
  const { namespace, name, isBare, protocol = 'tcp' } = wanted;
  if (cluster.services.some((each) => each.namespace === namespace && each.name === name)) return wanted;
  const isMeant = (node: Node) =>
    node.name === `${name}.${namespace}` ||
    (node.name === name && (isBare === true || namespace === 'default' || namespace === 'node'));
  const ip = cluster.nodes
    .find(isMeant)
    ?.addresses.find((each) => family === undefined || familyOf(each) === family);
  if (ip === undefined) return wanted;
  return { kind: 'address', ip, family: familyOf(ip), port: Number(wanted.port), protocol };
}

/** The address that a name stands for: the clusterIP of the Service's port, in the first family that it has. */
export function chooseTarget(
  wanted: WantedName,
  states: Iterable<NodeState>,
  services: readonly Service[],
): { readonly target: Target; readonly state: NodeState } | Diagnostic {
  const label = `${wanted.namespace}/${wanted.name}`;
  const service = services.find(
    ({ namespace, name }) => namespace === wanted.namespace && name === wanted.name,
  );
  if (service === undefined) return unknownService(label, services);
  for (const state of states) {
    const ports = state.servicePorts.filter(
      ({ name }) => name.namespace === wanted.namespace && name.name === wanted.name,
    );
    if (ports.length === 0) continue;
    const matching = ports.filter((port) => isWanted(port, wanted));
    const [first, second] = matching;
    const target = first === undefined ? undefined : targetsOf(first)[0];
    if (target === undefined || second !== undefined) {
      return unclearPort(label, wanted, { ports, isKnown: first !== undefined });
    }
    return { target, state };
  }
  return withoutAddress(label, service);
}

/** The nodePort that a Service is asked for by its number: `web:30080`; undefined: it has a port of that number, or no such nodePort. */
export function nodePortNamed(
  wanted: WantedName,
  states: Iterable<NodeState>,
): { readonly target: Target; readonly state: NodeState } | undefined {
  for (const state of states) {
    const ports = state.servicePorts.filter(
      ({ name }) => name.namespace === wanted.namespace && name.name === wanted.name,
    );
    if (ports.some((port) => isWanted(port, wanted))) return undefined;
    const servicePort = ports.find(({ nodePort }) => nodePort !== 0 && `${nodePort}` === wanted.port);
    if (servicePort === undefined) continue;
    return { target: { servicePort, role: 'nodePort', ip: undefined, port: servicePort.nodePort }, state };
  }
  return undefined;
}

function isWanted({ name, port, protocol }: ServicePort, wanted: WantedName): boolean {
  const isProtocol = wanted.protocol === undefined || protocol.toLowerCase() === wanted.protocol;
  return isProtocol && (wanted.port === undefined || name.port === wanted.port || `${port}` === wanted.port);
}

/** A Service that is named, and is not there. */
export function unknownService(label: string, services: readonly Service[]): Diagnostic {
  const names = services.map(({ namespace, name }) => `${namespace}/${name}`);
  const near = nearService(label, names);
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message: `there is no Service ${label} in the input`,
    hint: near === undefined ? `there are ${listNames(names)}` : `did you mean ${near}?`,
  });
}

interface UnclearPort {
  /** All that the Service has. */
  readonly ports: readonly ServicePort[];
  /** Some of them are meant, but not one alone. */
  readonly isKnown: boolean;
}

function unclearPort(label: string, { port }: WantedName, { ports, isKnown }: UnclearPort): Diagnostic {
  const list = ports.map(({ name, port: number, protocol }) =>
    name.port === '' ? `${number}/${protocol}` : `${name.port} (${number}/${protocol})`,
  );
  const [first] = ports;
  const example = first === undefined ? '' : first.name.port === '' ? `${first.port}` : first.name.port;
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message:
      port === undefined
        ? `Service ${label} has several ports`
        : `Service ${label} has ${isKnown ? 'several ports' : 'no port'} ${port}`,
    hint: `it has ${listNames(list)}: name one, like --to ${label}:${example}`,
  });
}

function withoutAddress(label: string, service: Service): Diagnostic {
  const why =
    service.type === 'ExternalName'
      ? 'is of type ExternalName'
      : isHeadless(service)
        ? 'is headless'
        : 'has no address of this IP family';
  return aboutRun<ExplainCode>({
    code: 'service-known',
    severity: 'error',
    message: `Service ${label} ${why}, so nodes have no rules for it`,
    hint: `clients reach what DNS answers: svcgen dns --why ${service.name}.${service.namespace} shows it; give an address as --to ADDRESS:PORT`,
  });
}

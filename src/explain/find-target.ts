import type { L4Protocol } from '../lang/packet/l4-protocol.ts';
import { formatServicePortName, type NodeState, type ServicePort } from '../model/node-state.ts';

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
  const { clusterIP, externalIPs, loadBalancerIPs, port, nodePort } = servicePort;
  const at = (role: Role) => (ip: string) => ({ servicePort, role, ip, port });
  return [
    at('clusterIP')(clusterIP),
    ...externalIPs.map(at('external IP')),
    ...loadBalancerIPs.map(at('load balancer address')),
    ...(nodePort === 0 ? [] : [{ servicePort, role: 'nodePort' as const, ip: undefined, port: nodePort }]),
  ];
}

export interface Destination {
  readonly protocol: L4Protocol;
  readonly destination: string;
  readonly port: number;
}

/** What an address and port is among the Services; addresses go before nodePorts. `isLocal`: it is one of the node's. */
export function findTarget(
  { servicePorts }: NodeState,
  { protocol, destination, port }: Destination,
  isLocal: boolean,
): Target | undefined {
  const candidates = servicePorts
    .filter((servicePort) => servicePort.protocol.toLowerCase() === protocol)
    .flatMap(targetsOf)
    .filter((target) => target.port === port);
  return (
    candidates.find(({ ip }) => ip === destination) ??
    (isLocal ? candidates.find(({ role }) => role === 'nodePort') : undefined)
  );
}

/** `the clusterIP of default/web:http`. */
export function describeTarget({ servicePort, role }: Target): string {
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

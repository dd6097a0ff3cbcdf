import type { EndpointPort, Pod, ServicePortSpec } from '../../model/cluster.ts';

/** Pods of one service on which its ports have the same numbers. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly pods: readonly Pod[];
}

/**
 * The number that a service port has on a pod: its numeric target port, or that of the first container port with the
 * name and protocol (`FindPort`, k8s.io/endpointslice).
 * @returns undefined when the pod has no such port
 */
function findPort(pod: Pod, { targetPort, protocol }: ServicePortSpec): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  for (const port of pod.containerPorts) {
    if (port.name === targetPort && port.protocol === protocol) return port.containerPort;
  }
  return undefined;
}

/** A service port as endpoints of some pods show it. */
function toEndpointPort({ name, protocol, appProtocol }: ServicePortSpec, port: number): EndpointPort {
  return { name, protocol, port, appProtocol };
}

/**
 * Splits pods by what the service's ports are on them, in the order of their first pods. Ports that a pod lacks are
 * left out, so a pod that lacks them all is in a group without ports. Ports are in the order of the service.
 */
export function groupByPorts(pods: readonly Pod[], specs: readonly ServicePortSpec[]): readonly PortGroup[] {
  const first = pods[0];
  if (first === undefined) return [];
  if (!specs.some(hasName)) return [{ ports: portsOf(first, specs), pods }];
  const groups = new Map<string, { ports: readonly EndpointPort[]; pods: Pod[] }>();
  for (const pod of pods) {
    const key = numbersOf(pod, specs);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ports: portsOf(pod, specs), pods: [pod] });
    else group.pods.push(pod);
  }
  return [...groups.values()];
}

function hasName({ targetPort }: ServicePortSpec): boolean {
  return typeof targetPort === 'string';
}

function numbersOf(pod: Pod, specs: readonly ServicePortSpec[]): string {
  let key = '';
  for (const spec of specs) key += `${findPort(pod, spec) ?? ''},`;
  return key;
}

function portsOf(pod: Pod, specs: readonly ServicePortSpec[]): readonly EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const spec of specs) {
    const port = findPort(pod, spec);
    if (port !== undefined) ports.push(toEndpointPort(spec, port));
  }
  return ports;
}

import type { ServicePortSpec } from '../../model/cluster.ts';
import type { Allocated } from './service-traffic.ts';
import type { Allocation } from './traffic-diff.ts';

/** svcgen chose this clusterIP. */
export function isAllocatedIP({ clusterIPs }: Allocated, ip: string | undefined): boolean {
  return ip !== undefined && clusterIPs?.includes(ip) === true;
}

/** svcgen chose the nodePort of this port. */
export function isAllocatedNodePort({ nodePorts }: Allocated, port: ServicePortSpec): boolean {
  return port.nodePort !== 0 && nodePorts?.[`${port.name}/${port.protocol}`] === port.nodePort;
}

/** How a value was chosen that differs. */
export function allocationOf(side: {
  /** svcgen chose what it was. */
  readonly before: boolean;
  /** svcgen chose what it is. */
  readonly after: boolean;
}): { readonly allocation?: Allocation } {
  if (side.before && side.after) return { allocation: 'moves' };
  if (side.after) return { allocation: 'is allocated' };
  return side.before ? { allocation: 'was allocated' } : {};
}

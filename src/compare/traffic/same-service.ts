import type { Service, ServicePortSpec } from '../../model/cluster.ts';
import { isSameList, isSamePort } from './same-port.ts';
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

const VALUES = [
  'type',
  'externalName',
  'externalTrafficPolicy',
  'internalTrafficPolicy',
  'sessionAffinitySeconds',
  'healthCheckNodePort',
] as const;
const LISTS = ['clusterIPs', 'externalIPs', 'loadBalancerSourceRanges'] as const;
const PORT_VALUES = ['name', 'protocol', 'port', 'nodePort'] as const;

function isSameSpec(a: Service, b: Service): boolean {
  return (
    VALUES.every((field) => a[field] === b[field]) &&
    LISTS.every((field) => isSameList(a[field], b[field])) &&
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
  return b !== undefined && PORT_VALUES.every((field) => a[field] === b[field]);
}

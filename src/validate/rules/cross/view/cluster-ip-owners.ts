import type { IPFamily, Service } from '../../../../model/cluster.ts';
import type { FieldPath } from '../../../../model/field-path.ts';
import { familyOf } from '../../../../model/ip.ts';
import type { ServiceView } from './service-index.ts';

/** Which Service has which clusterIP. */
export interface ClusterIPOwners {
  readonly ownerOf: (ip: string) => Service | undefined;
  readonly conflicts: readonly ClusterIPConflict[];
}

/** A clusterIP that an earlier Service has. */
export interface ClusterIPConflict {
  readonly service: Service;
  /** In `clusterIPs`. */
  readonly index: number;
  readonly owner: Service;
}

/** Takes time linear in the number of Services. */
export function findClusterIPOwners(services: readonly ServiceView[]): ClusterIPOwners {
  const owners = new Map<string, Service>();
  const conflicts: ClusterIPConflict[] = [];
  for (const { service } of services) {
    const { clusterIPs } = service;
    for (let index = 0; index < clusterIPs.length; index += 1) {
      const ip = clusterIPs[index] ?? 'None';
      if (ip === 'None') break;
      const owner = owners.get(ip);
      if (owner === undefined) owners.set(ip, service);
      else if (owner !== service) conflicts.push({ service, index, owner });
    }
  }
  return { ownerOf: createLookup(owners), conflicts };
}

/** Tells most other addresses from clusterIPs by how they start: that takes no hash of a text never seen before. */
function createLookup(owners: ReadonlyMap<string, Service>): ClusterIPOwners['ownerOf'] {
  let prefixes: readonly string[] | undefined;
  return (ip) => {
    prefixes ??= commonPrefixes(owners.keys());
    for (const prefix of prefixes) if (ip.startsWith(prefix)) return owners.get(ip);
    return undefined;
  };
}

/** What the addresses of each family start with, as text. */
function commonPrefixes(ips: Iterable<string>): readonly string[] {
  const prefixes = new Map<IPFamily, string>();
  for (const ip of ips) {
    const family = familyOf(ip);
    const prefix = prefixes.get(family) ?? ip;
    prefixes.set(family, ip.startsWith(prefix) ? prefix : commonPrefix(prefix, ip));
  }
  return [...prefixes.values()];
}

function commonPrefix(left: string, right: string): string {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return left.slice(0, length);
}

/** Where a cluster IP stands: the first one always in the older field, the second only in the list. */
export function clusterIPField(index: number): FieldPath {
  return index === 0 ? ['spec', 'clusterIP'] : ['spec', 'clusterIPs', index];
}

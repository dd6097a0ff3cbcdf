import type { IPSet, VirtualServer } from '../../model/ipvs.ts';

/** What rules and the kernel can ask of a node beside its rules. */
export interface Host {
  /** Loopback addresses of IPv4 are always local. */
  readonly localAddresses: ReadonlySet<string>;
  /** By name; undefined: nobody knows what sets hold. */
  readonly sets: ReadonlyMap<string, IPSet> | undefined;
  readonly virtualServers: readonly VirtualServer[];
}

/** Whether an address is one of the node's own. */
export function isLocal({ localAddresses }: Host, ip: string): boolean {
  return localAddresses.has(ip) || ip.startsWith('127.') || ip === '::1';
}

import type { Packet } from './packet.ts';

/** What conntrack knows of a packet's connection: `ctstate` in iptables, `ct state` and `ct status` in nftables. */
export type ConntrackState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID' | 'DNAT' | 'SNAT' | 'UNTRACKED';

/** Whether the connection of a packet has one of the states: it is new until its first packet has left the node. */
export function hasState(states: readonly ConntrackState[], packet: Packet): boolean {
  if (packet.isUntracked === true) return states.includes('UNTRACKED');
  return states.includes('NEW') || (hasTranslatedDestination(packet) && states.includes('DNAT'));
}

/** IPVS does it without conntrack's knowledge. */
export function hasTranslatedDestination({ original, isScheduled }: Packet): boolean {
  return original !== undefined && isScheduled !== true;
}

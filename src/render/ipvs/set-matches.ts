import type { Match } from '../../lang/iptables/matches/match.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { comment } from '../netfilter/matches.ts';
import { nameInFamily, SETS, type SetName } from '../netfilter/sets.ts';

/** Which of a packet's addresses and ports a set of the type holds, in its order. */
const DIMENSIONS = {
  'hash:ip': ['dst'],
  'hash:ip,port': ['dst', 'dst'],
  'hash:ip,port,ip': ['dst', 'dst', 'src'],
  'hash:ip,port,net': ['dst', 'dst', 'src'],
  'bitmap:port': ['dst'],
} as const;

/** The packet goes to an entry of the set. */
export function toEntryOf(set: SetName, family: IPFamily): Match {
  return { kind: 'set', name: nameInFamily(set, family), dimensions: DIMENSIONS[SETS[set].type] };
}

/** The packet comes from the address of an entry, and goes to its port. */
export function fromAddressOf(set: SetName, family: IPFamily): Match {
  return { kind: 'set', name: nameInFamily(set, family), dimensions: ['src', 'dst'] };
}

/** What the set is for, as kube-proxy puts it. */
export function commentOf(set: SetName): Match {
  return comment(SETS[set].comment);
}

import { cidrTest } from '../packet/cidr-test.ts';
import { type Holds, unknownMatch } from '../packet/holds.ts';
import type { Packet } from '../packet/packet.ts';
import type { IPSet, IPSetEntry, IPSetList } from './ruleset.ts';

interface SetQuestion {
  readonly name: string;
  /** Whose addresses and ports are looked up. */
  readonly dimensions: readonly ('src' | 'dst')[];
}

/**
 * Tells of packets whether a set holds them; of sets that are not given, nobody can. Who asks for fewer dimensions than
 * the set has, or for another family, never finds anything (ip_set_test of the kernel). The port of clients may be any.
 */
export function setTest({ name, dimensions }: SetQuestion, sets: KnownSets): (packet: Packet) => Holds {
  const text = `-m set --match-set ${name} ${dimensions.join(',')}`;
  const set = sets?.get(name);
  if (set === undefined) return (packet) => unknownMatch(text, packet);
  if (set.type === 'list:set') return listTest(set, { text, dimensions, sets });
  if (dimensions.length < set.type.split(',').length) return () => false;
  const isOfPorts = set.type === 'bitmap:port';
  const isOfOne = set.type === 'hash:ip' || set.type === 'hash:net';
  const portSide = isOfPorts ? dimensions[0] : isOfOne ? undefined : dimensions[1];
  if (portSide === 'src') return (packet) => unknownMatch(text, packet);
  const entries = indexEntries(set);
  return (packet) => {
    if (!isOfPorts && packet.family !== set.family) return false;
    const [first, , third] = dimensions.map((side) => (side === 'src' ? packet.source : packet.destination));
    const asked = { address: first ?? '', peer: third ?? '', packet };
    const possible = [...(entries.get(keyOf(set, asked)) ?? []), ...(entries.get(NETS) ?? [])];
    return possible.some((entry) => isEntry(entry, asked));
  };
}

/** By name; undefined: nobody knows what sets hold. */
type KnownSets = ReadonlyMap<string, IPSet | IPSetList> | undefined;

interface ListQuestion extends Pick<SetQuestion, 'dimensions'> {
  readonly text: string;
  readonly sets: KnownSets;
}

/** The kernel asks the sets of a list one after the other (list_set_ktest of ip_set_list_set.c). */
function listTest(
  { members }: IPSetList,
  { text, dimensions, sets }: ListQuestion,
): (packet: Packet) => Holds {
  const tests = members.map((name) =>
    sets?.get(name)?.type === 'list:set' ? undefined : setTest({ name, dimensions }, sets),
  );
  return (packet) => {
    const answers = tests.map((each) => each?.(packet));
    if (answers.includes(true)) return true;
    return answers.every((answer) => answer === false) ? false : unknownMatch(text, packet);
  };
}

interface Asked {
  readonly address: string;
  readonly peer: string;
  readonly packet: Packet;
}

/** Where networks are: no address is one. */
const NETS = 'nets';

/** Entries by address or port: sets can hold one for each Service. */
function indexEntries({ entries }: IPSet): ReadonlyMap<string | number, readonly IPSetEntry[]> {
  const index = new Map<string | number, IPSetEntry[]>();
  for (const entry of entries) {
    const key = entry.kind === 'port' ? entry.port : 'net' in entry ? NETS : entry.ip;
    const others = index.get(key);
    if (others === undefined) index.set(key, [entry]);
    else others.push(entry);
  }
  return index;
}

function keyOf({ type }: IPSet, { address, packet }: Asked): string | number {
  return type === 'bitmap:port' ? packet.port : address;
}

function isEntry(entry: IPSetEntry, { address, peer, packet }: Asked): boolean {
  switch (entry.kind) {
    case 'ip':
      return entry.ip === address;
    case 'net':
      return cidrTest(entry.net)(address);
    case 'net-port':
      return entry.protocol === packet.protocol && entry.port === packet.port && cidrTest(entry.net)(address);
    case 'port':
      return entry.port === packet.port;
    default: {
      const isPort = entry.ip === address && entry.protocol === packet.protocol && entry.port === packet.port;
      return isPort && (entry.kind === 'ip-port' || cidrTest(entry.peer)(peer));
    }
  }
}

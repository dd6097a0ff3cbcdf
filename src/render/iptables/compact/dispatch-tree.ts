import type { Match } from '../../../lang/iptables/matches/match.ts';
import type { Chain, Rule } from '../../../lang/iptables/ruleset.ts';
import type { L4Protocol } from '../../../lang/packet/l4-protocol.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { bigIntToIP, bitsOf, familyOf, ipToBigInt } from '../../../model/ip.ts';
import { jump } from '../../netfilter/matches.ts';
import { destinationChain } from '../names.ts';

/** From how many rules on a chain is split. Longer ones cost more than another chain does. */
const MAX_RULES = 16;

/** So few rules of one branch stay in the chain that would have the jump. */
const MAX_INLINE_RULES = 2;

interface Entry {
  readonly key: string;
  readonly rule: Rule;
}

/** The rules for one kind of keys, and where they are. */
interface Branch {
  /** The chain that all of this starts from: the same destination can have rules in several. */
  readonly root: string;
  readonly addressDigits: number;
  /** Sorted by key, all of the same length. */
  readonly entries: readonly Entry[];
}

/**
 * A chain that dispatches packets by destination, as a tree of chains when it is long: what a packet costs grows with
 * the logarithm of the number of rules. Rules for one port of one address come first, then those for a port of any
 * address, then all others in their order. Rules keep their matches: the tree only spares packets rules that do not
 * hold. Branches end at digits of keys, wherever rules are, and chains are named after them: one rule more changes one
 * branch.
 * @returns the chain itself, then those below
 */
export function dispatchTree({ name, rules }: Chain): readonly Chain[] {
  const all = [...rules];
  if (all.length <= MAX_RULES) return [{ name, rules: all }];
  const keyed = new Map<number, Entry[]>();
  const others: Rule[] = [];
  for (const rule of all) {
    const key = destinationKey(rule);
    if (key === undefined) others.push(rule);
    else entriesOf(keyed, key.addressDigits).push({ key: key.digits, rule });
  }
  const below: Chain[] = [];
  const branches = [...keyed]
    .sort(([one], [other]) => other - one)
    .flatMap(([addressDigits, entries]) =>
      branchRules({ root: name, addressDigits, entries: sortByKey(entries) }, below),
    );
  return [{ name, rules: [...branches, ...others] }, ...below];
}

function entriesOf(keyed: Map<number, Entry[]>, addressDigits: number): Entry[] {
  const entries = keyed.get(addressDigits) ?? [];
  keyed.set(addressDigits, entries);
  return entries;
}

/** Of rules for one destination the first stays the first. */
function sortByKey(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
}

/** The rules of a chain that has all entries of a branch, in itself or in chains that it puts `below`. */
function branchRules(branch: Branch, below: Chain[]): readonly Rule[] {
  const { entries, addressDigits, root } = branch;
  const common = commonDigits(entries);
  if (entries.length <= MAX_RULES || common === entries[0]?.key.length)
    return entries.map(({ rule }) => rule);
  return groupBy(entries, common + 1).flatMap(([prefix, group]) => {
    if (group.length <= MAX_INLINE_RULES) return group.map(({ rule }) => rule);
    const chain = destinationChain(root, `${addressDigits}:${prefix}`);
    below.push({ name: chain, rules: branchRules({ ...branch, entries: group }, below) });
    return [{ matches: prefixMatches(addressDigits, prefix), action: jump(chain) }];
  });
}

/** How many digits all keys start with: the first and the last of what is sorted decide. */
function commonDigits(entries: readonly Entry[]): number {
  const first = entries[0]?.key ?? '';
  const last = entries.at(-1)?.key ?? '';
  let common = 0;
  while (common < first.length && first[common] === last[common]) common += 1;
  return common;
}

function groupBy(entries: readonly Entry[], digits: number): (readonly [string, readonly Entry[]])[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const prefix = entry.key.slice(0, digits);
    const group = groups.get(prefix);
    if (group === undefined) groups.set(prefix, [entry]);
    else group.push(entry);
  }
  return [...groups];
}

/**
 * Where a rule's packets go, as hexadecimal digits: of the address (none when any will do), one for the protocol, four
 * of the port. What keys have in common at their start, destinations have in common: a network, or an address and a
 * range of ports.
 */
interface DestinationKey {
  /** How many digits the address takes: 8, 32 or 0. */
  readonly addressDigits: number;
  readonly digits: string;
}

const PROTOCOLS: readonly L4Protocol[] = ['tcp', 'udp', 'sctp'];
const PORT_DIGITS = 4;

/** The key of a rule for one port; undefined for any other rule. */
function destinationKey({ matches }: Rule): DestinationKey | undefined {
  const l4 = matches.find((match) => match.kind === 'l4');
  if (l4?.destinationPort === undefined) return undefined;
  const destination = matches.find(isDestination);
  const address = destination === undefined ? '' : addressKey(destination);
  if (address === undefined) return undefined;
  const port = l4.destinationPort.toString(16).padStart(PORT_DIGITS, '0');
  return { addressDigits: address.length, digits: `${address}${PROTOCOLS.indexOf(l4.protocol)}${port}` };
}

type AddressMatch = Extract<Match, { readonly kind: 'source' | 'destination' }>;

function isDestination(match: Match): match is AddressMatch {
  return match.kind === 'destination';
}

/** undefined: it holds for more than one address. */
function addressKey({ cidr, negated }: AddressMatch): string | undefined {
  const [ip = '', length] = cidr.split('/');
  const bits = bitsOf(familyOf(ip));
  if (negated === true || Number(length) !== bits) return undefined;
  return ipToBigInt(ip)
    .toString(16)
    .padStart(bits / 4, '0');
}

/** What holds for every packet whose destination's key starts with these digits. At least one. */
function prefixMatches(addressDigits: number, prefix: string): readonly Match[] {
  const protocol = PROTOCOLS[Number(prefix.charAt(addressDigits))];
  const ports = prefix.slice(addressDigits + 1);
  return [
    ...(addressDigits === 0 ? [] : [inNetwork(addressDigits, prefix.slice(0, addressDigits))]),
    ...(prefix.length > addressDigits && protocol !== undefined ? protocolMatches(protocol, ports) : []),
  ];
}

function inNetwork(addressDigits: number, prefix: string): Match {
  const family: IPFamily = addressDigits === 8 ? 'IPv4' : 'IPv6';
  const network = bigIntToIP(BigInt(`0x${prefix.padEnd(addressDigits, '0')}`), family);
  return { kind: 'destination', cidr: `${network}/${prefix.length * 4}` };
}

function protocolMatches(protocol: L4Protocol, ports: string): readonly Match[] {
  const anyPort: Match = { kind: 'protocol', protocol };
  if (ports === '') return [anyPort];
  const first = Number.parseInt(ports.padEnd(PORT_DIGITS, '0'), 16);
  const last = Number.parseInt(ports.padEnd(PORT_DIGITS, 'f'), 16);
  if (first === last) return [anyPort, { kind: 'l4', protocol, destinationPort: first }];
  return [anyPort, { kind: 'port-range', protocol, first, last }];
}

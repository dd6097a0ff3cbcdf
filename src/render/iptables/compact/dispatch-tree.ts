import type { Chain, Rule } from '../../../lang/iptables/ruleset.ts';
import { jump } from '../../netfilter/matches.ts';
import { destinationChain } from '../names.ts';
import { destinationKey, prefixMatches } from './destination-key.ts';

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

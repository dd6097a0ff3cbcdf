import type { ChainDrift, DumpedRule } from '../iptables/compare/drift.ts';
import { align } from './align.ts';

/** A rule, an element, or what is said of a whole chain, set or map. */
export interface PartLine {
  readonly text: string;
  /** What tells whether it is the same as another, where their texts are not. */
  readonly key: () => string;
  /** It says what the whole part is. */
  readonly isDeclaration?: true;
  /** Of an element of nftables: what it is found by, printed anew. */
  readonly element?: () => string;
}

/** The same in the text of a node. */
export type ListedLine = PartLine & DumpedRule;

/** A chain, set or map of nftables that is wanted, or a set or virtual server of IPVS. */
export interface WantedPart {
  readonly kind: 'chain' | NonNullable<ChainDrift['part']>;
  readonly name: string;
  readonly lines: Iterable<PartLine>;
}

/** One that a node has. */
export interface ListedPart extends WantedPart {
  readonly lines: Iterable<ListedLine>;
}

/** What a node has, and whether it does anything that is not wanted. */
export interface ListedParts {
  readonly find: (kind: WantedPart['kind'], name: string) => ListedPart | undefined;
  /** What does something by itself, in its order: chains or virtual servers. Sets and maps do not. */
  readonly active: Iterable<ListedPart>;
}

export type PartDrift = Pick<ChainDrift, 'kind' | 'name' | 'part' | 'lacks' | 'has'>;

/**
 * How the parts of a node's table differ from those that are wanted. Chains without rules that nobody wants are left out:
 * updates leave some behind.
 */
export function* compareParts(listed: ListedParts, wanted: Iterable<WantedPart>): Generator<PartDrift> {
  const names = new Set<string>();
  for (const part of wanted) {
    if (part.kind === 'chain' || part.kind === 'virtual server') names.add(part.name);
    const drift = comparePart(listed.find(part.kind, part.name), part);
    if (drift !== undefined) yield drift;
  }
  for (const { kind: part, name, lines } of listed.active) {
    if (names.has(name)) continue;
    const has = Array.from(lines, dumped);
    const named = part === 'chain' ? { name } : { name, part };
    if (has.length > 0) yield { kind: 'stale', ...named, lacks: [], has };
  }
}

function comparePart(listed: ListedPart | undefined, wanted: WantedPart): PartDrift | undefined {
  const { kind: part, name } = wanted;
  const named = part === 'chain' ? { name } : { name, part };
  if (listed === undefined) {
    return { kind: 'missing', ...named, lacks: Array.from(wanted.lines, ({ text }) => text), has: [] };
  }
  const [present, own] = [[...listed.lines], [...wanted.lines]];
  const isSame =
    present.length === own.length && present.every(({ text }, index) => text === own[index]?.text);
  if (isSame) return undefined;
  const { lacks, has } = part === 'chain' ? exchangedInOrder(present, own) : exchanged(present, own);
  if (lacks.length === 0 && has.length === 0) return undefined;
  return { kind: 'differs', ...named, lacks: lacks.map(({ text }) => text), has: has.map(dumped) };
}

interface Exchanged {
  readonly lacks: readonly PartLine[];
  readonly has: readonly ListedLine[];
}

/** Of a chain: the order counts. */
function exchangedInOrder(present: readonly ListedLine[], wanted: readonly PartLine[]): Exchanged {
  const kept = align(
    present.map(({ key }) => key()),
    wanted.map(({ key }) => key()),
  );
  const stays = new Set(kept.values());
  return {
    has: present.filter((_, index) => !kept.has(index)),
    lacks: wanted.filter((_, index) => !stays.has(index)),
  };
}

/** Of a set or map: the kernel gives elements in any order. */
function exchanged(present: readonly ListedLine[], wanted: readonly PartLine[]): Exchanged {
  const missing = new Map<string, PartLine>();
  for (const line of wanted) missing.set(line.key(), line);
  const has = present.filter((line) => !missing.delete(line.key()));
  return { has, lacks: [...missing.values()] };
}

function dumped({ line, text }: ListedLine): DumpedRule {
  return { line, text };
}

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
  const exchanged = part === 'chain' ? exchangedInOrder : exchangedFreely;
  const { lacks, has } = exchanged(listed.lines, wanted.lines);
  if (lacks.length === 0 && has.length === 0) return undefined;
  return { kind: 'differs', ...named, lacks: lacks.map(({ text }) => text), has: has.map(dumped) };
}

interface Exchanged {
  readonly lacks: readonly PartLine[];
  readonly has: readonly ListedLine[];
}

/** Of a chain: the order counts. */
function exchangedInOrder(listed: Iterable<ListedLine>, own: Iterable<PartLine>): Exchanged {
  const [present, wanted] = [[...listed], [...own]];
  const isSame =
    present.length === wanted.length && present.every(({ text }, index) => text === wanted[index]?.text);
  if (isSame) return NOTHING_EXCHANGED;
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

const NOTHING_EXCHANGED: Exchanged = { lacks: [], has: [] };

/**
 * Of a set or map: the kernel gives elements in any order. Most have the same text on both sides: only the others are asked
 * for their keys, which a node's have to be read for.
 */
export function exchangedFreely<Line extends PartLine>(
  present: Iterable<Line>,
  wanted: Iterable<PartLine>,
): { readonly lacks: readonly PartLine[]; readonly has: readonly Line[] } {
  const byText = new Map<string, PartLine>();
  for (const line of wanted) byText.set(line.text, line);
  const others: Line[] = [];
  for (const line of present) if (!byText.delete(line.text)) others.push(line);
  const missing = new Map<string, PartLine>();
  for (const line of byText.values()) missing.set(line.key(), line);
  const has = others.filter((line) => !missing.delete(line.key()));
  return { has, lacks: [...missing.values()] };
}

function dumped({ line, text }: ListedLine): DumpedRule {
  return { line, text };
}

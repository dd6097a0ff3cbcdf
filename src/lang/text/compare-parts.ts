import type { ChainDrift, DumpedRule } from '../iptables/compare/drift.ts';
import { align } from './align.ts';
import { type Checklist, checklistOfLines } from './checklist.ts';

/** A rule, an element, or what is said of a whole chain, set or map. */
export interface PartLine {
  readonly text: string;
  /** Of a rule that is wanted: how nft lists it, where that are other words for the same. */
  readonly listed?: string;
  /** What tells whether it is the same as another, where their texts are not. */
  readonly key: () => string;
  /** Of an element of nftables: what it is found by, printed anew. */
  readonly element?: () => string;
}

/** The same in the text of a node. */
export type ListedLine = PartLine & DumpedRule;

/** A chain, set or map of nftables that is wanted, or a set or virtual server of IPVS. */
export interface WantedPart {
  readonly kind: 'chain' | NonNullable<ChainDrift['part']>;
  readonly name: string;
  /** What is said of all of it; undefined: nothing. */
  readonly declaration?: PartLine | undefined;
  /** They may be there to go through once. */
  readonly lines: Iterable<PartLine>;
}

/** One that a node has. */
export interface ListedPart extends WantedPart {
  readonly declaration?: ListedLine | undefined;
  readonly lines: Iterable<ListedLine>;
  /** The lines of a large set or map, which nobody needs to see one by one; left out: nobody has made one yet. */
  readonly checklist?: () => Checklist<ListedLine>;
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
  for (const { kind: part, name, declaration, lines } of listed.active) {
    if (names.has(name)) continue;
    const has = [...linesOf(declaration), ...lines].map(dumped);
    const named = part === 'chain' ? { name } : { name, part };
    if (has.length > 0) yield { kind: 'stale', ...named, lacks: [], has };
  }
}

function linesOf<Line>(declaration: Line | undefined): readonly Line[] {
  return declaration === undefined ? [] : [declaration];
}

function comparePart(listed: ListedPart | undefined, wanted: WantedPart): PartDrift | undefined {
  const { kind: part, name, declaration, lines } = wanted;
  const named = part === 'chain' ? { name } : { name, part };
  if (listed === undefined) {
    const lacks = [...linesOf(declaration), ...lines].map(({ text }) => text);
    return { kind: 'missing', ...named, lacks, has: [] };
  }
  const isDeclared = listed.declaration?.key() === declaration?.key();
  const exchanged =
    part === 'chain' ? exchangedInOrder(listed.lines, lines) : exchangedFreely(checklistOf(listed), lines);
  const lacks = [...(isDeclared ? [] : linesOf(declaration)), ...exchanged.lacks];
  const has = [...(isDeclared ? [] : linesOf(listed.declaration)), ...exchanged.has];
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
  if (isSameInOrder(present, wanted, hasSameText)) return NOTHING_EXCHANGED;
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

/** Whether two chains have rules that are the same one by one. */
export function isSameInOrder(
  present: readonly PartLine[],
  wanted: readonly PartLine[],
  isSame: (line: PartLine, other: PartLine) => boolean,
): boolean {
  if (present.length !== wanted.length) return false;
  return wanted.every((line, index) => {
    const found = present[index];
    return found !== undefined && isSame(found, line);
  });
}

/** Without reading what a node has, which takes a hundred times as long. */
export function hasSameText({ text }: PartLine, wanted: PartLine): boolean {
  return text === wanted.text || text === wanted.listed;
}

/**
 * Of a set or map: the kernel gives elements in any order. Most have the same text on both sides: only the others are asked
 * for their keys, which a node's have to be read for.
 */
export function exchangedFreely<Line extends PartLine>(
  present: Checklist<Line>,
  wanted: Iterable<PartLine>,
): { readonly lacks: readonly PartLine[]; readonly has: readonly Line[] } {
  const byText = new Map<string, PartLine>();
  for (const line of wanted) if (!present.check(line.text)) byText.set(line.text, line);
  const missing = new Map<string, PartLine>();
  for (const line of byText.values()) missing.set(line.key(), line);
  const has = [...present.unchecked()].filter((line) => !missing.delete(line.key()));
  return { has, lacks: [...missing.values()] };
}

/** What tells the lines of a part by their texts. */
export function checklistOf({ lines, checklist }: ListedPart): Checklist<ListedLine> {
  return checklist?.() ?? checklistOfLines(lines);
}

function dumped({ line, text }: ListedLine): DumpedRule {
  return { line, text };
}

import { type Checklist, checklistOfLines } from '../../text/checklist.ts';
import {
  checklistOf,
  exchangedFreely,
  hasSameText,
  isSameInOrder,
  type ListedPart,
  type PartLine,
  type WantedPart,
} from '../../text/compare-parts.ts';
import { nftIdentifier } from '../../text/quote.ts';
import type { ListedTable, NftTable } from '../ruleset.ts';
import { listedParts, setOrMap, wantedParts } from '../table-parts.ts';
import { nameOf, printDeclarations, printReload, printTable } from './print-table.ts';

/**
 * Text for `nft -f` that makes a table which a node has the one that is wanted, in one transaction and by what differs:
 * elements one by one, chains as a whole. Nothing when they are the same. What the kernel cannot change, the hook of a
 * chain or the type of a set, is a reason to load all of the table, and so is a table that is not there.
 *
 * Chains, sets and maps that nobody wants any more are emptied, and go with later changes: the kernel does not let a
 * chain go in the transaction that takes away what leads there (netfilter bug 1742).
 * @param build makes the table that is wanted
 */
export function printTableChanges(listed: ListedTable | undefined, build: () => NftTable): readonly string[] {
  if (listed === undefined) return [...printTable(build())];
  const steps = changeTable(listed, build());
  if (steps === undefined) return [...printReload(build(), listed)];
  return STEPS.flatMap((step) => steps[step]);
}

/** What is new is there before anything leads to it, and what is old goes when nothing does any more. */
const STEPS = ['declarations', 'removals', 'additions', 'deletions'] as const;

type Steps = Readonly<Record<(typeof STEPS)[number], string[]>>;

/** undefined: the kernel cannot make one of the other. */
function changeTable(listed: ListedTable, built: NftTable): Steps | undefined {
  const table = { ...built, chains: [...built.chains] };
  const steps: Steps = { declarations: [], removals: [], additions: [], deletions: [] };
  const name = nameOf(table);
  const present = listedParts(listed);
  const wanted = { chains: new Set<string>(), sets: new Set<string>() };
  const missing = new Set<string>();
  for (const part of wantedParts(table)) {
    wanted[part.kind === 'chain' ? 'chains' : 'sets'].add(part.name);
    const found = present.find(part.kind, part.name);
    if (found !== undefined) {
      if (!canChange(found, part)) return undefined;
      changePart(name, { found, part }, steps);
    } else if (part.kind !== 'chain' && listed.sets.has(part.name)) return undefined;
    else {
      missing.add(part.name);
      addAll(name, part, steps);
    }
  }
  const stale = staleParts(listed, wanted);
  if (stale.some(({ isBase }) => isBase)) return undefined;
  for (const line of printDeclarations(table, missing)) steps.declarations.push(line);
  removeStale(name, { listed, stale }, steps);
  return steps;
}

/** Whether the kernel can give one what it lacks and take what it has too much of: both are declared alike. */
function canChange(found: ListedPart, part: WantedPart): boolean {
  return found.declaration?.key() === part.declaration?.key();
}

interface PartPair {
  readonly found: ListedPart;
  readonly part: WantedPart;
}

/** Rules are told apart by what they do only where their texts differ. */
function changePart(table: string, { found, part }: PartPair, steps: Steps): void {
  const { kind, name, lines } = part;
  if (kind !== 'chain') {
    changeElements(table, { name, was: checklistOf(found), now: lines }, steps);
    return;
  }
  const [was, now] = [[...found.lines], [...lines]];
  const isSame = (line: PartLine, wanted: PartLine) =>
    hasSameText(line, wanted) || line.key() === wanted.key();
  if (isSameInOrder(was, now, isSame)) return;
  if (was.length > 0) steps.removals.push(`flush chain ${table} ${nftIdentifier(name)}\n`);
  addRules(table, { name, rules: now }, steps);
}

function addAll(table: string, { kind, name, lines }: WantedPart, steps: Steps): void {
  if (kind === 'chain') addRules(table, { name, rules: [...lines] }, steps);
  else changeElements(table, { name, was: checklistOfLines([]), now: lines }, steps);
}

interface Rules {
  readonly name: string;
  readonly rules: readonly PartLine[];
}

function addRules(table: string, { name, rules }: Rules, { additions }: Steps): void {
  const chain = nftIdentifier(name);
  for (const { text } of rules) additions.push(`add rule ${table} ${chain} ${text}\n`);
}

interface Elements {
  readonly name: string;
  readonly was: Checklist<PartLine>;
  readonly now: Iterable<PartLine>;
}

/** The kernel gives elements in any order. One that leads elsewhere now goes, and comes again. */
function changeElements(table: string, { name, was, now }: Elements, steps: Steps): void {
  const { has, lacks } = exchangedFreely(was, now);
  const old = has.flatMap((line) => line.element?.() ?? []);
  const set = `${table} ${nftIdentifier(name)}`;
  if (old.length > 0) steps.removals.push(`delete element ${set} { ${old.join(', ')} }\n`);
  const fresh = lacks.map(({ text }) => text);
  if (fresh.length > 0) steps.additions.push(`add element ${set} { ${fresh.join(', ')} }\n`);
}

interface StalePart {
  readonly kind: 'chain' | 'set' | 'map';
  readonly name: string;
  /** The kernel runs it itself. */
  readonly isBase: boolean;
  readonly isEmpty: boolean;
}

/** What nobody wants any more. What rules have put into a set runs out by itself. */
function staleParts(
  { chains, sets }: ListedTable,
  wanted: { readonly chains: ReadonlySet<string>; readonly sets: ReadonlySet<string> },
): readonly StalePart[] {
  const ofChains = [...chains.values()]
    .filter(({ name }) => !wanted.chains.has(name))
    .map(({ name, hook, lines }) => ({
      kind: 'chain' as const,
      name,
      isBase: hook !== undefined,
      isEmpty: isEmpty(lines),
    }));
  const ofSets = [...sets.values()]
    .filter(({ name }) => !wanted.sets.has(name))
    .map(({ name, type, timeoutSeconds, contents }) => ({
      kind: setOrMap({ type }),
      name,
      isBase: false,
      isEmpty: timeoutSeconds !== undefined || (contents !== undefined && isEmpty(contents.lines)),
    }));
  return [...ofChains, ...ofSets];
}

function isEmpty(items: Iterable<unknown>): boolean {
  for (const _ of items) return false;
  return true;
}

/** Empties what holds something; what is empty and leads nowhere goes, if nothing has led to it. */
function removeStale(
  table: string,
  { listed, stale }: { readonly listed: ListedTable; readonly stale: readonly StalePart[] },
  steps: Steps,
): void {
  const used = stale.some(({ isEmpty }) => isEmpty) ? referencesIn(listed) : new Set<string>();
  for (const { kind, name, isEmpty } of stale) {
    const part = `${kind} ${table} ${nftIdentifier(name)}\n`;
    if (!isEmpty) steps.removals.push(`flush ${part}`);
    else if (!used.has(`${kind === 'chain' ? '' : '@'}${name}`)) steps.deletions.push(`delete ${part}`);
  }
}

/** The chains that rules and elements of a table lead to, and the sets that rules ask, these with `@`. */
function referencesIn({ chains, sets }: ListedTable): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (text: string) => {
    for (const [, name = ''] of text.matchAll(/(?:goto |jump |(?=@))(@?[\w./-]+)/g)) found.add(name);
  };
  for (const { lines } of chains.values()) for (const { text } of lines) add(text);
  for (const { contents } of sets.values()) for (const { text } of contents?.lines ?? []) add(text);
  return found;
}

import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { type Line, linesOf, type Stretch } from '../../text/stretch.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import { withoutHandle } from '../elements/words.ts';
import type { RuleScope } from '../expressions/expression.ts';
import type { NftHook } from '../hook.ts';
import type { ListedChain, ListedRule, ListedSet, ListedTable, OtherTable, UnreadRule } from '../ruleset.ts';
import { listedSet, MAX_ELEMENTS, type OpenListedSet } from './listed-set.ts';
import { type OpenBlock, repeatedElement, unlistedLine } from './problems.ts';
import { readNftRule } from './read-rule.ts';

/** What tells whose a table is. */
export interface OwnNames {
  /** The table of both families that is read. */
  readonly table: string;
  /** A chain that a table of iptables-nft has where kube-proxy's rules of iptables mode are in it. */
  readonly iptablesServices: string;
}

/** Families of tables that packets of Services meet, and whose packets these are. */
const FAMILIES: ReadonlyMap<string, readonly IPFamily[]> = new Map([
  ['ip', ['IPv4']],
  ['ip6', ['IPv6']],
  ['inet', ['IPv4', 'IPv6']],
]);

/** A chain as far as it has been read. */
interface OpenChain {
  readonly name: string;
  readonly line: number;
  hook: NftHook | undefined;
  /** The hook of a base chain, whatever it is. */
  hookedAt: string | undefined;
  isDrop: boolean;
  /** Where its rules are: each has a line. */
  rules: Stretch | undefined;
}

/** What is open inside of a table. */
export type TableBlock = OpenBlock &
  (
    | { readonly kind: 'set'; readonly set: OpenListedSet; isInElements: boolean }
    | { readonly kind: 'chain'; readonly chain: OpenChain }
    /** Nothing that rules use, or of a table that is not followed. */
    | { readonly kind: 'passed'; hookedAt: string | undefined; isInElements: boolean }
  );

/** A table as far as it has been read. */
export interface OpenTable extends OpenBlock {
  readonly family: string;
  readonly name: string;
  readonly isOwn: boolean;
  /** Packets of Services meet it. */
  readonly isFollowed: boolean;
  /** The kernel runs none of its rules. */
  isDormant: boolean;
  readonly iptablesServices: string;
  readonly sets: Map<string, OpenListedSet>;
  readonly chains: Map<string, OpenChain>;
  readonly hooks: Set<string>;
  hasIptablesServices: boolean;
  block: TableBlock | undefined;
}

export function openTable(
  { family, name, line }: Pick<OpenTable, 'family' | 'name' | 'line'>,
  own: OwnNames,
): OpenTable {
  return {
    title: `table ${family} ${name}`,
    line,
    family,
    name,
    isOwn: name === own.table && family !== 'inet' && FAMILIES.has(family),
    isFollowed: FAMILIES.has(family),
    isDormant: false,
    iptablesServices: own.iptablesServices,
    sets: new Map(),
    chains: new Map(),
    hooks: new Set(),
    hasIptablesServices: false,
    block: undefined,
  };
}

export type EndedTable =
  | { readonly kind: 'own'; readonly table: ListedTable }
  | { readonly kind: 'other'; readonly table: OtherTable }
  | { readonly kind: 'wrong'; readonly problem: Diagnostic; readonly isTooLarge: boolean };

export function endTable(open: OpenTable, source: SourceText): EndedTable {
  const { family: word, name, line, isOwn } = open;
  const [family] = FAMILIES.get(word) ?? [];
  if (!isOwn || family === undefined) return { kind: 'other', table: otherTable(open, source) };
  const { table, unreadable, repeated } = listedTable(open, { source, family });
  if (unreadable !== undefined) {
    const expected = `elements of ${unreadable.type}, and at most ${MAX_ELEMENTS} in a table (half as many where a line has several, or ranges)`;
    const problem = unlistedLine(source, placeOf(unreadable.line), expected);
    return { kind: 'wrong', problem, isTooLarge: unreadable.isTooMany };
  }
  if (repeated !== undefined) {
    const problem = repeatedElement(source, placeOf(repeated.line), repeated.title);
    return { kind: 'wrong', problem, isTooLarge: false };
  }
  return { kind: 'own', table: { ...table, name, line } };
}

function placeOf({ start, text, number }: Line): LinePlace {
  return { start, end: start + text.length, line: number };
}

function otherTable(open: OpenTable, source: SourceText): OtherTable {
  const { family: word, name, hasIptablesServices, isDormant } = open;
  const line = (source.lineOf ?? same)(open.line);
  const hooks = new Set(open.hooks);
  for (const { hookedAt, isDrop, rules } of open.chains.values())
    if (hookedAt !== undefined && (isDrop || rules !== undefined)) hooks.add(hookedAt);
  const known = new Map<IPFamily, ListedTable>();
  const of = (family: IPFamily): ListedTable | undefined => {
    if (isDormant || FAMILIES.get(word)?.includes(family) !== true) return undefined;
    const found = known.get(family) ?? listedTable(open, { source, family }).table;
    known.set(family, found);
    return found;
  };
  return { family: word, name, line, hooks: isDormant ? new Set() : hooks, hasIptablesServices, of };
}

interface ReadTable {
  readonly table: ListedTable;
  /** The first line of elements that could not be read: such a set is taken for one of an unknown type. */
  readonly unreadable:
    | { readonly line: Line; readonly type: string; readonly isTooMany: boolean }
    | undefined;
  readonly repeated: { readonly line: Line; readonly title: string } | undefined;
}

function listedTable(
  open: OpenTable,
  { source, family }: { readonly source: SourceText; readonly family: IPFamily },
): ReadTable {
  const { text } = source;
  let wrong: ReadTable['unreadable'];
  let twice: ReadTable['repeated'];
  const sets = new Map<string, ListedSet>();
  let most = MAX_ELEMENTS;
  for (const each of open.sets.values()) {
    const { set, unreadable, repeated, isTooMany, share } = listedSet(each, text, { family, most });
    most -= share;
    if (unreadable !== undefined) wrong ??= { line: unreadable, type: set.type, isTooMany };
    if (repeated !== undefined) twice ??= { line: repeated, title: set.name };
    const unread = isTooMany ? ('too many elements' as const) : ('an element of another form' as const);
    sets.set(set.name, unreadable === undefined ? set : { ...set, contents: undefined, unread });
  }
  const scope: RuleScope = { family, valuesOf: (wanted) => sets.get(wanted)?.contents?.values };
  const chains = new Map([...open.chains].map(([name, chain]) => [name, listedChain(chain, source, scope)]));
  const name = `${open.family} ${open.name}`;
  return {
    table: { family, name, line: (source.lineOf ?? same)(open.line), sets, chains },
    unreadable: wrong,
    repeated: twice,
  };
}

/** A chain that reads its rules when they are asked for. */
function listedChain(open: OpenChain, { text, lineOf = same }: SourceText, scope: RuleScope): ListedChain {
  const { name, hook, rules: stretch } = open;
  const line = lineOf(open.line);
  const stretches = stretch === undefined ? [] : [stretch];
  function* lines(): Generator<UnreadRule> {
    for (const { text: each, number } of linesOf(text, stretches)) {
      const rule = withoutHandle(each.trim());
      const at = lineOf(number);
      const read = () => ({ ...readNftRule(rule, scope), line: at, text: rule });
      if (rule !== '') yield { text: rule, line: at, read };
    }
  }
  function* rules(): Generator<ListedRule> {
    for (const { read } of lines()) yield read();
  }
  const based = hook === undefined ? {} : { hook };
  return { name, line, ...based, rules: { [Symbol.iterator]: rules }, lines: { [Symbol.iterator]: lines } };
}

function same(line: number): number {
  return line;
}

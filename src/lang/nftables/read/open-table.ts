import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { linesOf, type Stretch } from '../../text/stretch.ts';
import { withoutHandle } from '../elements/words.ts';
import type { RuleScope } from '../expressions/expression.ts';
import type { NftHook } from '../hook.ts';
import type { ListedChain, ListedRule, ListedSet, ListedTable, OtherTable } from '../ruleset.ts';
import { listedSet, type OpenListedSet } from './listed-set.ts';
import { type OpenBlock, unlistedLine } from './problems.ts';
import { readNftRule } from './read-rule.ts';

/** What tells whose a table is. */
export interface OwnNames {
  /** The table of both families that is read. */
  readonly table: string;
  /** A chain that a table of iptables-nft has where kube-proxy's rules of iptables mode are in it. */
  readonly iptablesServices: string;
}

const FAMILIES: ReadonlyMap<string, IPFamily> = new Map([
  ['ip', 'IPv4'],
  ['ip6', 'IPv6'],
]);

/** A chain as far as it has been read. */
interface OpenChain {
  readonly name: string;
  readonly line: number;
  hook: NftHook | undefined;
  /** Where its rules are: each has a line. */
  rules: Stretch | undefined;
}

/** What is open inside of a table. */
export type TableBlock = OpenBlock &
  (
    | { readonly kind: 'set'; readonly set: OpenListedSet; isInElements: boolean }
    | { readonly kind: 'chain'; readonly chain: OpenChain }
    /** Of a table of others, or nothing that rules of ours use. */
    | { readonly kind: 'passed'; hookedAt: string | undefined; isInElements: boolean }
  );

/** A table as far as it has been read. */
export interface OpenTable extends OpenBlock {
  readonly family: string;
  readonly name: string;
  readonly isOwn: boolean;
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
    isOwn: name === own.table && FAMILIES.has(family),
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
  | { readonly kind: 'wrong'; readonly problem: Diagnostic };

export function endTable(open: OpenTable, source: SourceText): EndedTable {
  const { family: word, name, line, isOwn } = open;
  const family = FAMILIES.get(word);
  if (!isOwn || family === undefined) {
    const { hooks, hasIptablesServices } = open;
    return { kind: 'other', table: { family: word, name, line, hooks, hasIptablesServices } };
  }
  const sets = new Map<string, ListedSet>();
  for (const each of open.sets.values()) {
    const { set, unreadable } = listedSet(each, source.text, family);
    if (unreadable !== undefined) {
      const { start, text, number } = unreadable;
      const place = { start, end: start + text.length, line: number };
      return { kind: 'wrong', problem: unlistedLine(source, place, `elements of ${set.type}`) };
    }
    sets.set(set.name, set);
  }
  const scope: RuleScope = { family, valuesOf: (wanted) => sets.get(wanted)?.contents?.values };
  const chains = new Map(
    [...open.chains].map(([chain, each]) => [chain, listedChain(each, source.text, scope)]),
  );
  return { kind: 'own', table: { family, name, line, sets, chains } };
}

/** A chain that reads its rules when they are asked for. */
function listedChain(open: OpenChain, text: string, scope: RuleScope): ListedChain {
  const { name, line, hook, rules: stretch } = open;
  function* rules(): Generator<ListedRule> {
    for (const each of linesOf(text, stretch === undefined ? [] : [stretch])) {
      const rule = withoutHandle(each.text.trim());
      if (rule !== '') yield { ...readNftRule(rule, scope), line: each.number, text: rule };
    }
  }
  return { name, line, ...(hook === undefined ? {} : { hook }), rules: { [Symbol.iterator]: rules } };
}

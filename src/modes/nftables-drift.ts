import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { aboutRun } from '../diagnostic/report.ts';
import type { ChainDrift } from '../lang/iptables/compare/drift.ts';
import type { NftStatement } from '../lang/nftables/expressions/statement.ts';
import { FAMILIES } from '../lang/nftables/family.ts';
import type { ListedChain, ListedRuleset, ListedTable } from '../lang/nftables/ruleset.ts';
import { listedParts, wantedParts } from '../lang/nftables/table-parts.ts';
import type { SavedRulesCode } from '../lang/text/codes.ts';
import { compareParts } from '../lang/text/compare-parts.ts';
import type { NodeState } from '../model/node-state.ts';
import type { RuleLayout } from '../model/proxy-config.ts';
import { chainNamed, layoutTold, mapNamed, purposeOf } from '../render/nftables/known-names.ts';
import { buildTable, hasTable } from '../render/nftables/render.ts';
import { TABLE_NAME } from '../render/nftables/vocabulary.ts';
import { checkLayout } from './dump/tell/layout-told.ts';

/** How the table of a node differs from the one that is wanted: chain by chain, element by element. */
export function nftablesDrift(
  tables: readonly ListedTable[],
  state: NodeState,
  layout: RuleLayout,
): readonly ChainDrift[] {
  const { family } = state;
  const found = tables.find((each) => each.family === family);
  const listed = found === undefined ? undefined : withoutGated(found);
  const wanted = hasTable(state, layout) ? wantedParts(buildTable(state, layout)) : [];
  const table = titleOf(family);
  return Array.from(compareParts(listedParts(listed), wanted), ({ name, part, kind, lacks, has }) => {
    const named = part === undefined ? { name } : { name, part };
    return {
      table,
      ...named,
      kind,
      purpose: part === 'virtual server' ? undefined : purposeOf(part ?? 'chain', name),
      lacks,
      has,
    };
  });
}

/** Without what gates of kube-proxy add, whatever manifests say: chains, and rules that look into maps. */
function withoutGated(table: ListedTable): ListedTable {
  const chains = [...table.chains].filter(([name]) => chainNamed(name)?.isGated !== true);
  return {
    ...table,
    chains: new Map(chains.map(([name, chain]) => [name, { ...chain, lines: withoutGatedRules(chain) }])),
  };
}

function withoutGatedRules({ lines }: ListedChain): ListedChain['lines'] {
  return {
    *[Symbol.iterator]() {
      for (const line of lines)
        if (!line.text.includes('vmap') || !line.read().statements.some(asksGatedMap)) yield line;
    },
  };
}

function asksGatedMap(statement: NftStatement): boolean {
  if (statement.kind !== 'vmap' || statement.map.kind !== 'named') return false;
  return mapNamed(statement.map.name)?.isGated === true;
}

function titleOf(family: NodeState['family']): string {
  return `${FAMILIES[family]} ${TABLE_NAME}`;
}

/** What rules of a node are compared with. */
interface WantedTables {
  readonly states: readonly NodeState[];
  readonly layout: RuleLayout;
}

/** Warnings about what makes that nearly everything differs. */
export function checkRuleset(
  { tables }: ListedRuleset,
  { states, layout }: WantedTables,
): readonly Diagnostic[] {
  const wanted = tables.filter(({ family }) => states.some((state) => state.family === family));
  return [...checkPresence(tables, states, layout), ...checkLayout(layoutOf(wanted), layout)];
}

/** A table that has to be there is not: it may have been left out. */
function checkPresence(
  tables: readonly ListedTable[],
  states: readonly NodeState[],
  layout: RuleLayout,
): readonly Diagnostic[] {
  const absent = states.filter(
    (state) => hasTable(state, layout) && tables.every(({ family }) => family !== state.family),
  );
  if (absent.length === 0) return [];
  const names = absent.map(({ family }) => titleOf(family));
  const [only] = absent.length === 1 ? states.filter((state) => !absent.includes(state)) : [];
  return [
    aboutRun<SavedRulesCode>({
      code: 'saved-rules-complete',
      severity: 'warning',
      message: `the rules of the node hold no table ${names.join(' and no table ')}: all of it is taken to be missing`,
      hint:
        only === undefined
          ? 'give the whole output of "nft list ruleset", unless the node has none of these rules'
          : `give the whole output of "nft list ruleset", or --family ${only.family.toLowerCase()}`,
    }),
  ];
}

/** The layout that tables of a node have; undefined: nothing tells. */
export function layoutOf(tables: readonly ListedTable[]): RuleLayout | undefined {
  for (const { sets } of tables) {
    const layout = layoutTold(sets);
    if (layout !== undefined) return layout;
  }
  return undefined;
}

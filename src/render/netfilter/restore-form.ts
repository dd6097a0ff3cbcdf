import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Chain, Rule, Table } from '../../lang/iptables/ruleset.ts';
import { concat } from '../../lang/text/concat.ts';
import { type Items, inParts, partsOf } from '../../lang/text/in-parts.ts';
import { jump } from './matches.ts';

/**
 * `tables`: whole tables, built-in chains and jumps included, for a bare host. `noflush`: only our own chains, for
 * `iptables-restore --noflush` on a host whose jumps are in place.
 */
export type RestoreForm = 'tables' | 'noflush';

/** A rule of a built-in chain that leads into one of ours. */
export interface Jump {
  readonly table: Table['name'];
  /** The built-in chain. */
  readonly from: string;
  readonly rule: Rule;
}

/** Our part of a table. */
export interface OwnChains {
  readonly table: Table['name'];
  readonly names: Items<string>;
  readonly chains: Items<Chain>;
}

const BUILT_IN_CHAINS = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
} as const;

export function filterJump(from: string, to: string, ...matches: readonly Match[]): Jump {
  return { table: 'filter', from, rule: { matches, action: jump(to) } };
}

export function natJump(from: string, to: string, ...matches: readonly Match[]): Jump {
  return { table: 'nat', from, rule: { matches, action: jump(to) } };
}

/** Our chains as a table; whole tables begin with the built-in chains, which hold the jumps in their order. */
export function layOutTable(own: OwnChains, jumps: readonly Jump[], form: RestoreForm): Table {
  const builtIn = form === 'tables' ? BUILT_IN_CHAINS[own.table] : [];
  const chains = builtIn.map((name) => ({ name, rules: rulesFrom(name, own.table, jumps) }));
  return {
    name: own.table,
    chainNames: inParts(concat([[{ items: builtIn }], partsOf(own.names)])),
    chains: inParts(concat([[{ items: chains }], partsOf(own.chains)])),
  };
}

function rulesFrom(chain: string, table: Table['name'], jumps: readonly Jump[]): Rule[] {
  return jumps.filter((each) => each.table === table && each.from === chain).map(({ rule }) => rule);
}

import type { Table } from '../../lang/iptables/ruleset.ts';
import type { NodeState } from '../../model/node-state.ts';
import { fixedChains } from '../netfilter/own-chains.ts';
import { layOutTable, type RestoreForm } from '../netfilter/restore-form.ts';
import { buildSets } from './build.ts';
import { filterChains, type HasEntries } from './filter-chains.ts';
import { JUMPS } from './jumps.ts';
import { natChains } from './nat-chains.ts';

/** The iptables rules of kube-proxy's ipvs mode (1.34): they match on sets, so there are always few of them. */
export function buildTables(state: NodeState, form: RestoreForm): Table[] {
  const sets = buildSets(state);
  const hasEntries: HasEntries = (set) => (sets.get(set)?.entries.length ?? 0) > 0;
  const filter = {
    table: 'filter',
    names: fixedChains('filter', 'ipvs/kube-proxy'),
    chains: filterChains(state, hasEntries),
  } as const;
  const nat = {
    table: 'nat',
    names: fixedChains('nat', 'ipvs/kube-proxy'),
    chains: natChains(state, hasEntries),
  } as const;
  return [filter, nat].map((own) => layOutTable(own, JUMPS, form));
}

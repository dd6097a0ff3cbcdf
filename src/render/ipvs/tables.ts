import type { Table } from '../../lang/iptables/ruleset.ts';
import type { NodeState } from '../../model/node-state.ts';
import { fixedChains } from '../netfilter/own-chains.ts';
import { layOutTable, type RestoreForm } from '../netfilter/restore-form.ts';
import { buildIPSets } from './build.ts';
import { type HasEntries, ipvsFilterChains } from './filter-chains.ts';
import { IPVS_JUMPS } from './jumps.ts';
import { ipvsNatChains } from './nat-chains.ts';

/** The iptables rules of kube-proxy's ipvs mode (1.34): they match on sets, so there are always few of them. */
export function buildIPVSTables(state: NodeState, form: RestoreForm): Table[] {
  const sets = buildIPSets(state);
  const hasEntries: HasEntries = (set) => (sets.get(set)?.entries.length ?? 0) > 0;
  const filter = {
    table: 'filter',
    names: fixedChains('filter', 'ipvs/kube-proxy'),
    chains: ipvsFilterChains(state, hasEntries),
  } as const;
  const nat = {
    table: 'nat',
    names: fixedChains('nat', 'ipvs/kube-proxy'),
    chains: ipvsNatChains(state, hasEntries),
  } as const;
  return [filter, nat].map((own) => layOutTable(own, IPVS_JUMPS, form));
}

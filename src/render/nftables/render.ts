import { printRemoval, printTable } from '../../lang/nftables/print/print-table.ts';
import type { NftTable } from '../../lang/nftables/ruleset.ts';
import type { NodeState } from '../../model/node-state.ts';
import type { RuleLayout } from '../../model/proxy-config.ts';
import { memoryOfFamilies } from '../rule-memory.ts';
import { buildCompactTable } from './compact/build.ts';
import { buildKubeProxyTable } from './kube-proxy/build.ts';
import { nftablesMemory } from './memory.ts';
import { TABLE_NAME } from './vocabulary.ts';

/**
 * Text for `nft -f` that makes our table of each family what its state says, in one transaction, in pieces to be
 * written one after the other. Of our layout a family without Services has no table. Tables of others are not touched. Ends with a
 * line break.
 */
export function* renderNftables(
  states: readonly NodeState[],
  layout: RuleLayout,
  memories = memoryOfFamilies(() => nftablesMemory()),
): Generator<string> {
  for (const state of states) {
    if (hasTable(state, layout)) yield* printTable(buildTable(state, layout, memories[state.family]));
    else yield printRemoval(state.family, TABLE_NAME);
  }
}

/** Whether a family has a table: kube-proxy makes both whatever Services there are. */
export function hasTable({ servicePorts }: NodeState, layout: RuleLayout): boolean {
  return layout === 'kube-proxy' || servicePorts.length > 0;
}

/** Our table of one family, as a layout has it. */
export function buildTable(state: NodeState, layout: RuleLayout, memory = nftablesMemory()): NftTable {
  return layout === 'compact' ? buildCompactTable(state, memory) : buildKubeProxyTable(state, memory);
}

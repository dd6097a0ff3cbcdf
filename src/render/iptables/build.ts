import { printTables } from '../../lang/iptables/print/print-tables.ts';
import type { Table } from '../../lang/iptables/ruleset.ts';
import { concat } from '../../lang/text/concat.ts';
import { inParts } from '../../lang/text/in-parts.ts';
import type { NodeState } from '../../model/node-state.ts';
import type { RuleLayout } from '../../model/proxy-config.ts';
import { filterChains } from '../netfilter/filter-chains.ts';
import { layOutTable, type OwnChains, type RestoreForm } from '../netfilter/restore-form.ts';
import { fixedChains } from '../own-chains.ts';
import { compactTables } from './compact/build.ts';
import { JUMPS } from './jumps.ts';
import { type IptablesMemory, iptablesMemory } from './memory.ts';
import { nameServicePort } from './names.ts';
import { natChains } from './nat-chains.ts';
import { serviceChainNames } from './service-chains.ts';

/** How rules become text for iptables-restore. */
export interface RestoreOptions {
  readonly form: RestoreForm;
  /** Default: kube-proxy's. */
  readonly layout?: RuleLayout;
  /** For one node after the other; default: none. */
  readonly memory?: IptablesMemory | undefined;
}

type BuildTables = (state: NodeState, memory: IptablesMemory) => readonly OwnChains[];

const TABLES_OF_LAYOUT: Readonly<Record<RuleLayout, BuildTables>> = {
  'kube-proxy': kubeProxyTables,
  compact: compactTables,
};

/** The rules of iptables mode for this state, chain by chain. */
export function buildTables(
  state: NodeState,
  { form, layout = 'kube-proxy', memory = iptablesMemory() }: RestoreOptions,
): Table[] {
  return TABLES_OF_LAYOUT[layout](state, memory).map((own) => layOutTable(own, JUMPS, form));
}

/** The rules that kube-proxy's iptables mode (1.30 and later) programs. */
function kubeProxyTables(state: NodeState, memory: IptablesMemory): readonly OwnChains[] {
  const servicePorts = memory.name(state.servicePorts, (alike) => nameServicePort(alike, alike.reachable));
  const fixed = fixedChains('nat', 'iptables/kube-proxy');
  return [
    {
      table: 'filter',
      names: fixedChains('filter', 'iptables/kube-proxy'),
      chains: filterChains(state, servicePorts, memory.rules),
    },
    {
      table: 'nat',
      names: inParts(concat([[{ items: fixed }], serviceChainNames(servicePorts, memory)])),
      chains: natChains(state, servicePorts, memory),
    },
  ];
}

/**
 * iptables-restore text (ip6tables-restore for IPv6) of what kube-proxy's iptables mode programs, or of what does the
 * same in fewer chains, in pieces to be written one after the other. Ends with a line break.
 */
export function renderIptables(state: NodeState, options: RestoreOptions): Iterable<string> {
  return printTables(buildTables(state, options));
}

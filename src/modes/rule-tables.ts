import type { Rule, Table } from '../lang/iptables/ruleset.ts';
import type { NodeState } from '../model/node-state.ts';
import type { RuleLayout } from '../model/proxy-config.ts';
import { buildTables } from '../render/iptables/build.ts';
import { JUMPS } from '../render/iptables/jumps.ts';
import { isLastOfList, isList } from '../render/iptables/lists.ts';
import { JUMPS as IPVS_JUMPS } from '../render/ipvs/jumps.ts';
import { buildTables as buildIPVSTables } from '../render/ipvs/tables.ts';
import { isNamed, OWN_CHAINS } from '../render/netfilter/own-chains.ts';
import type { Jump, RestoreForm } from '../render/netfilter/restore-form.ts';
import type { RenderedMode } from './artifacts.ts';

/** What rules are wanted as. */
export interface RuleSetting {
  readonly mode: RenderedMode;
  /** One that the mode has. */
  readonly layout: RuleLayout;
}

/** The tables of iptables rules that a mode programs for a state, as objects. */
export function ruleTables(
  state: NodeState,
  { mode, layout }: RuleSetting,
  form: RestoreForm,
): readonly Table[] {
  return mode === 'ipvs' ? buildIPVSTables(state, form) : buildTables(state, { form, layout });
}

/** The rules of a node, with what one has to know to compare them with others. */
export interface NodeRules {
  /** Our chains. */
  readonly tables: readonly Table[];
  readonly jumps: readonly Jump[];
  /** Of some mode or layout. */
  readonly isOwnChain: (name: string) => boolean;
  /** Whether the order of a chain's rules is free. */
  readonly isList: (table: string, chain: string) => boolean;
  /** Whether a rule of such a chain has its place behind all others. */
  readonly isLast: (rule: Rule) => boolean;
}

export function nodeRules(state: NodeState, setting: RuleSetting): NodeRules {
  const hasLists = setting.mode === 'iptables' && setting.layout === 'kube-proxy';
  return {
    tables: ruleTables(state, setting, 'noflush'),
    jumps: setting.mode === 'ipvs' ? IPVS_JUMPS : JUMPS,
    isOwnChain: (name) => isNamed(name, OWN_CHAINS),
    isList: (table, chain) => hasLists && isList(table, chain),
    isLast: isLastOfList,
  };
}

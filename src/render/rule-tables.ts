import type { NodeState } from '../model/node-state.ts';
import type { RuleLayout } from '../model/proxy-config.ts';
import type { Table } from '../model/ruleset.ts';
import type { RenderedMode } from './artifacts.ts';
import { buildTables } from './iptables/build.ts';
import { buildTables as buildIPVSTables } from './ipvs/tables.ts';
import type { RestoreForm } from './restore/restore-form.ts';

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

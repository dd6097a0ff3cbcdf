import type { NodeState } from '../../model/node-state.ts';
import { printTables } from '../restore/print.ts';
import type { RestoreForm } from '../restore/restore-form.ts';
import { buildTables } from './build.ts';

/**
 * iptables-restore text (ip6tables-restore for IPv6) of what kube-proxy's iptables mode programs, in pieces to be
 * written one after the other. Ends with a line break.
 */
export function renderIptables(state: NodeState, { form }: { readonly form: RestoreForm }): Iterable<string> {
  return printTables(buildTables(state, form));
}

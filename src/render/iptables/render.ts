import { printTables } from '../../lang/iptables/print/print-tables.ts';
import type { NodeState } from '../../model/node-state.ts';
import { buildTables, type RestoreOptions } from './build.ts';

/**
 * iptables-restore text (ip6tables-restore for IPv6) of what kube-proxy's iptables mode programs, or of what does the
 * same in fewer chains, in pieces to be written one after the other. Ends with a line break.
 */
export function renderIptables(state: NodeState, options: RestoreOptions): Iterable<string> {
  return printTables(buildTables(state, options), options.memory?.texts);
}

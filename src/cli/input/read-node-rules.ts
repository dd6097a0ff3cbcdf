import { hasErrors } from '../../diagnostic/has-errors.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { checkFamily } from '../../trace/saved-rules/check-family.ts';
import type { SavedRules } from '../../trace/saved-rules/read-saved-rules.ts';
import type { Terminal } from '../terminal.ts';
import { STDIN_NAME } from './read-inputs.ts';
import { readRules } from './read-rules.ts';

/** Reads what a node's `iptables-save` printed, where it has to be that of one family. */
export function readNodeRules(
  path: string,
  family: IPFamily,
  terminal: Pick<Terminal, 'readStdin'>,
): SavedRules {
  const { tables, diagnostics } = readRules(path, terminal);
  if (hasErrors(diagnostics)) return { tables, diagnostics };
  const name = path === '-' ? STDIN_NAME : path;
  return { tables, diagnostics: [...diagnostics, ...checkFamily(name, tables, family)] };
}

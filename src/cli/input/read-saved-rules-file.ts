import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { SavedTable } from '../../model/ruleset.ts';
import { sourceText } from '../../model/source-text.ts';
import { checkFamily } from '../../trace/saved-rules/check-family.ts';
import { readSavedRules } from '../../trace/saved-rules/read-saved-rules.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import { inputProblem } from '../input-problem.ts';
import type { Terminal } from '../terminal.ts';
import { STDIN_NAME } from './read-inputs.ts';

/** The rules of a node, as `iptables-save` printed them. */
export interface NodeRulesFile {
  /** None when there is an error. */
  readonly tables: readonly SavedTable[];
  readonly diagnostics: readonly Diagnostic[];
}

/** V8 holds no longer strings. */
const MAX_BYTES = 2 ** 29 - 24;

/** Reads what a node's `iptables-save` printed from a file, or from stdin (`-`). */
export function readSavedRulesFile(
  path: string,
  family: IPFamily,
  terminal: Pick<Terminal, 'readStdin'>,
): NodeRulesFile {
  const bytes = readBytes(path, terminal);
  if (!(bytes instanceof Uint8Array)) return { tables: [], diagnostics: [bytes] };
  // Comments of others may hold any bytes; nothing but their own rules depends on them.
  const source = sourceText(path === '-' ? STDIN_NAME : path, new TextDecoder().decode(bytes));
  const { tables, diagnostics } = readSavedRules(source);
  if (hasErrors(diagnostics)) return { tables, diagnostics };
  return { tables, diagnostics: [...diagnostics, ...checkFamily(source, tables, family)] };
}

function readBytes(path: string, { readStdin }: Pick<Terminal, 'readStdin'>): Uint8Array | Diagnostic {
  const what = path === '-' ? 'stdin' : JSON.stringify(path);
  try {
    const bytes = path === '-' ? readStdin() : readFileSync(path);
    if (bytes.length <= MAX_BYTES) return bytes;
    const message = `${what} is too large: ${bytes.length} bytes, more than ${MAX_BYTES}`;
    return inputProblem({ code: 'input-readable', message });
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    const code = errnoCode(error) === 'ENOENT' ? 'input-exists' : 'input-readable';
    return inputProblem({ code, message: `cannot read the rules in ${what}: ${describeErrno(error)}` });
  }
}

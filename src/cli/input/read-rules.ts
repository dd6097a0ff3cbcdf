import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { sourceText } from '../../model/source-text.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { readSavedRules, type SavedRules } from '../../trace/saved-rules/read-saved-rules.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import { inputProblem } from '../input-problem.ts';
import type { Terminal } from '../terminal.ts';
import { STDIN_NAME } from './read-inputs.ts';

/** Reads what `iptables-save` printed: a file, or stdin for `-`. */
export function readRules(path: string, terminal: Pick<Terminal, 'readStdin'>): SavedRules {
  const bytes = readBytes(path, terminal);
  if ('code' in bytes) return { tables: [], diagnostics: [bytes] };
  const decoded = decodeText(bytes);
  const name = path === '-' ? STDIN_NAME : path;
  if ('problem' in decoded) {
    const message = `${JSON.stringify(name)} ${decoded.problem}`;
    return { tables: [], diagnostics: [inputProblem({ code: 'input-readable', message })] };
  }
  return readSavedRules(sourceText(name, decoded.text));
}

function readBytes(path: string, { readStdin }: Pick<Terminal, 'readStdin'>): Uint8Array | Diagnostic {
  try {
    return path === '-' ? Buffer.concat(readStdin()) : readFileSync(path);
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    const isMissing = errnoCode(error) === 'ENOENT';
    const what = path === '-' ? 'stdin' : JSON.stringify(path);
    return isMissing
      ? inputProblem({ code: 'input-exists', message: `there is no file ${what}` })
      : inputProblem({ code: 'input-readable', message: `cannot read ${what}: ${describeErrno(error)}` });
  }
}

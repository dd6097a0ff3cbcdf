import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { type SourceText, sourceText } from '../../model/source-text.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import type { Terminal } from '../terminal.ts';
import { inputProblem } from './input-problem.ts';
import { STDIN_NAME } from './read-inputs.ts';

/** Reads rules of a node as text: a file, or stdin for `-`. @returns what is wrong, if it can't be read */
export function readRules(path: string, terminal: Pick<Terminal, 'readStdin'>): SourceText | Diagnostic {
  const bytes = readBytes(path, terminal);
  if ('code' in bytes) return bytes;
  const decoded = decodeText(bytes);
  const name = path === '-' ? STDIN_NAME : path;
  if ('problem' in decoded) {
    const message = `${JSON.stringify(name)} ${decoded.problem}`;
    return inputProblem({ code: 'input-readable', message });
  }
  return sourceText(name, decoded.text);
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

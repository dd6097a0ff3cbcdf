import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { NodeText } from '../../library/node-text.ts';
import { STDIN_NAME } from '../../model/source.ts';
import { sourceText } from '../../model/source-text.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import type { Terminal } from '../terminal.ts';
import { fileProblem } from './file-problem.ts';
import { readBytes } from './read-bytes.ts';

/** Reads what the tools of a node printed about its rules: a file, or stdin for `-`. */
export function readNodeText(path: string, terminal: Pick<Terminal, 'readStdin'>): NodeText {
  const bytes = bytesOf(path, terminal);
  if ('code' in bytes) return { source: undefined, diagnostics: [bytes] };
  const decoded = decodeText(bytes);
  const name = path === '-' ? STDIN_NAME : path;
  if ('problem' in decoded) {
    const message = `${JSON.stringify(name)} ${decoded.problem}`;
    return { source: undefined, diagnostics: [fileProblem({ code: 'input-readable', message })] };
  }
  return { source: sourceText(name, decoded.text), diagnostics: [] };
}

function bytesOf(path: string, { readStdin }: Pick<Terminal, 'readStdin'>): Uint8Array | Diagnostic {
  try {
    return path === '-' ? Buffer.concat(readStdin()) : readBytes(path);
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    const isMissing = errnoCode(error) === 'ENOENT';
    const what = path === '-' ? 'stdin' : JSON.stringify(path);
    return isMissing
      ? fileProblem({ code: 'input-exists', message: `there is no file ${what}` })
      : fileProblem({ code: 'input-readable', message: `cannot read ${what}: ${describeErrno(error)}` });
  }
}

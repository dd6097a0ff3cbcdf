import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import { type SourceText, sourceText } from '../../model/source-text.ts';
import { checkDumpVersion } from '../../modes/dump-version.ts';
import type { NodeDump, ReadDump } from '../../modes/node-dump.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import type { InputFlags } from '../options/input-options.ts';
import type { Terminal } from '../terminal.ts';
import { inputProblem } from './input-problem.ts';
import { STDIN_NAME } from './read-inputs.ts';

/** The dump of a node, as far as it can be read. */
export interface DumpInput {
  /** undefined: there is no such text. */
  readonly dump: NodeDump | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the dump of a node: a file, or stdin for `-`. `read` knows what it is expected to be. */
export function readDump(
  path: string,
  read: (source: SourceText) => ReadDump,
  terminal: Pick<Terminal, 'readStdin'>,
): DumpInput {
  const source = readText(path, terminal);
  return 'code' in source ? { dump: undefined, diagnostics: [source] } : read(source);
}

/** Whether another kube-proxy made the rules than those that svcgen knows, unless the user says which one is meant. */
export function versionOfDump(
  { dump, diagnostics }: DumpInput,
  { kubernetesVersion }: Pick<InputFlags, 'kubernetesVersion'>,
): Pick<DumpInput, 'diagnostics'> {
  if (dump === undefined || kubernetesVersion !== undefined || hasErrors(diagnostics))
    return { diagnostics: [] };
  return { diagnostics: checkDumpVersion(dump) };
}

function readText(path: string, terminal: Pick<Terminal, 'readStdin'>): SourceText | Diagnostic {
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

import type { NodeInput } from '../../../library/compile.ts';
import { compileChangesOf } from '../../../library/compile-changes.ts';
import { readNodeText } from '../../input/read-node-text.ts';
import { manifestOptions } from '../../options/input-options.ts';
import type { Terminal } from '../../terminal.ts';
import type { Rendered, RenderFlags } from './flags.ts';

/** Text that makes the rules of a node those that are wanted (`--current`); says so when they are. */
export function renderChanges(
  input: NodeInput,
  flags: RenderFlags & { readonly current: string },
  terminal: Terminal,
): Rendered {
  const { current, family, layout, outputFile } = flags;
  const options = { ...manifestOptions(flags), family, layout };
  const { artifacts, isEmpty, diagnostics } = compileChangesOf(
    input,
    readNodeText(current, terminal),
    options,
  );
  const changes = artifacts?.get('changes');
  if (changes === undefined) return { output: undefined, diagnostics };
  const toStdout = outputFile === undefined || outputFile === '-';
  const text = changes.pieces();
  return {
    output: {
      files: toStdout ? [] : [{ path: outputFile, isExecutable: false, text }],
      stdout: toStdout ? text : [],
    },
    diagnostics,
    ...(isEmpty ? { note: 'nothing to change: the node has these rules' } : {}),
  };
}

import type { CheckedManifests } from '../../compile.ts';
import { isPassedOver } from '../../library/check-named-files.ts';
import { say } from '../output/say.ts';
import type { Terminal } from '../terminal.ts';
import type { Inputs } from './read-inputs.ts';

/** How many lines of a sort are said: input may make up any number of kinds. */
const MAX_LINES = 200;

/**
 * Says what was left aside (`--verbose`): a line for each kind, and for each document of a folder that is no object. They
 * are no diagnostics: how much is told must not change how a run ends.
 */
export function tellPassedOver(
  { ignored, diagnostics }: CheckedManifests,
  { named, passedOver, ignored: leftOut }: Pick<Inputs, 'named' | 'passedOver' | 'ignored'>,
  terminal: Pick<Terminal, 'writeStderr'>,
): void {
  const kinds = [...ignored].sort(([a], [b]) => (a < b ? -1 : 1));
  const documents = diagnostics.filter((diagnostic) => isPassedOver(diagnostic, named));
  const lines = [
    ...atMost(
      kinds.map(([kind, count]) => `${count} ${kind}`),
      'kinds',
    ),
    ...atMost(
      documents.map(({ span, message }) => `${span?.file}:${span?.line}:${span?.column}: ${message}`),
      'documents',
    ),
    ...atMost(
      passedOver.map(({ path, reason }) => `${path}: ${reason}`),
      'files',
    ),
    ...atMost(
      leftOut.map((path) => `${path}: a .gitignore or .svcgenignore leaves it out`),
      'files and folders',
    ),
  ];
  for (const line of lines) say(terminal, `passed over: ${line}`);
}

/** Those that are said, and how many more there are. @param total where not all are known */
export function atMost(lines: readonly string[], noun: string, total = lines.length): readonly string[] {
  if (total <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES), `${total - MAX_LINES} more ${noun}`];
}

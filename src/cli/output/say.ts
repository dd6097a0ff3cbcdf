import { escapeText, guardLines } from '../../diagnostic/escape.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Says one line on stderr. This and the printer of diagnostics are all that writes there, so that nothing from the input
 * or the command line acts on a terminal or a CI system.
 */
export function say({ writeStderr }: Pick<Terminal, 'writeStderr'>, line: string): void {
  writeStderr(`${guardLines(escapeText(line))}\n`);
}

/** What Commander adds to its messages about words that are nearly those of an option or a command. */
const SUGGESTION = /\n\(Did you mean (?:one of )?[a-z, -]+\?\)\n?$/;

/** Says what Commander has to say of a command line: a message that quotes it, and perhaps a suggestion. */
export function sayUsageError(text: string, writeStderr: Terminal['writeStderr']): void {
  const suggestion = SUGGESTION.exec(text)?.[0].trim();
  say({ writeStderr }, text.replace(SUGGESTION, '').trimEnd());
  if (suggestion !== undefined) say({ writeStderr }, suggestion);
}

import { invariant } from '../../diagnostic/invariant.ts';
import type { Sysctl } from './sysctls.ts';

const DELIMITER = 'END_OF_TEXT';

/** A shell function that prints a text, which ends with a newline, as it is: the shell does not look into it. */
export function* hereDocument(name: string, text: Iterable<string>): Generator<string> {
  yield `\n${name}() {\n    cat <<'${DELIMITER}'\n`;
  let begun = '';
  for (const piece of text) {
    const lines = `${begun}${piece}`;
    invariant(!endsDocument(lines), 'the end of a here-document stands in a text');
    begun = lines.slice(lines.lastIndexOf('\n') + 1);
    yield piece;
  }
  yield `${DELIMITER}\n}\n`;
}

/**
 * Values may spell the delimiter: it ends the text only where it has a line to itself, and no line of ours is one value. With
 * the line breaks around it: texts of a node have ten million letters, a million of them an E, and fewer line breaks.
 */
function endsDocument(lines: string): boolean {
  return lines.startsWith(`${DELIMITER}\n`) || lines.includes(`\n${DELIMITER}\n`);
}

/** A step of a function that sets a sysctl, and says why. */
export function sysctlLines({ name, value, reason }: Sysctl): string {
  return `    # ${reason}\n    set_sysctl ${name.replaceAll('.', '/')} ${value}\n`;
}

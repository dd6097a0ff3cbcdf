import { invariant } from '../../diagnostic/invariant.ts';
import type { Sysctl } from './sysctls.ts';

const DELIMITER = 'END_OF_TEXT';

/** Values may spell the delimiter: it ends the text only where it has a line to itself, and no line of ours is one value. */
const END = `${DELIMITER}\n`;

/** Looked for first, since texts of a node have ten million characters, and hardly an underscore among them. */
const RARE_PART = END.slice(END.indexOf('_'));

/** A shell function that prints a text, which ends with a newline, as it is: the shell does not look into it. */
export function* hereDocument(name: string, text: Iterable<string>): Generator<string> {
  yield `\n${name}() {\n    cat <<'${DELIMITER}'\n`;
  let begun = '';
  for (const piece of text) {
    const goesOn = `${begun}${piece.slice(0, END.length)}`;
    const isEnded = goesOn.startsWith(END) || (piece.includes(RARE_PART) && piece.includes(`\n${END}`));
    invariant(!isEnded, 'the end of a here-document stands in a text');
    const rest = piece.slice(piece.lastIndexOf('\n') + 1);
    begun = rest === piece ? `${begun}${rest}` : rest;
    yield piece;
  }
  yield `${DELIMITER}\n}\n`;
}

/** A step of a function that sets a sysctl, and says why. */
export function sysctlLines({ name, value, reason }: Sysctl): string {
  return `    # ${reason}\n    set_sysctl ${name.replaceAll('.', '/')} ${value}\n`;
}

import { invariant } from '../../diagnostic/invariant.ts';
import type { Sysctl } from './sysctls.ts';

const DELIMITER = 'END_OF_TEXT';

/** A shell function that prints a text as it is: the shell does not look into it. */
export function* hereDocument(name: string, text: Iterable<string>): Generator<string> {
  yield `\n${name}() {\n    cat <<'${DELIMITER}'\n`;
  for (const piece of text) {
    invariant(!piece.includes(DELIMITER), 'the end of a here-document stands in a text');
    yield piece;
  }
  yield `${DELIMITER}\n}\n`;
}

/** A step of a function that sets a sysctl, and says why. */
export function sysctlLines({ name, value, reason }: Sysctl): string {
  return `    # ${reason}\n    set_sysctl ${name.replaceAll('.', '/')} ${value}\n`;
}

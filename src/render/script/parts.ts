import { invariant } from '../../diagnostic/invariant.ts';
import type { Sysctl } from './sysctls.ts';

/** One rule of a built-in chain that leads into one of ours. */
export interface ScriptJump {
  readonly table: string;
  /** The built-in chain. */
  readonly from: string;
  /** Matches and action as arguments of iptables, each behind a space; comments in double quotes. */
  readonly rule: string;
}

const DELIMITER = 'END_OF_TEXT';

/** Nothing that a shell would expand, inside double quotes or outside. */
const JUMP_ARGUMENTS = /^(?: [A-Za-z0-9,._:/=-]+| "[A-Za-z0-9 ,._:/=-]+")+$/;

/** A shell function that prints a text as it is: the shell does not look into it. */
export function* hereDocument(name: string, text: Iterable<string>): Generator<string> {
  yield `\n${name}() {\n    cat <<'${DELIMITER}'\n`;
  for (const piece of text) {
    invariant(!piece.includes(DELIMITER), 'the end of a here-document stands in a text');
    yield piece;
  }
  yield `${DELIMITER}\n}\n`;
}

/** A shell function that ensures jumps. Each goes to the top of its chain: last to first, they end up in their order. */
export function jumpsFunction(jumps: readonly ScriptJump[]): string {
  const lines = jumps.toReversed().map(({ table, from, rule }) => {
    invariant(JUMP_ARGUMENTS.test(rule), `unsafe jump ${JSON.stringify(rule)}`);
    return `    ensure_jump ${table} ${from}${rule}\n`;
  });
  return `\n# The ways from the kernel's own chains into ours, for both families. The last one ends up on top.\nensure_jumps() {\n${lines.join('')}}\n`;
}

/** A step of a function that sets a sysctl, and says why. */
export function sysctlLines({ name, value, reason }: Sysctl): string {
  return `    # ${reason}\n    set_sysctl ${name.replaceAll('.', '/')} ${value}\n`;
}

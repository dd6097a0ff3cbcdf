import type { JsonValue } from '../../model/json.ts';
import { resolvePlainScalar } from '../yaml/plain-scalar.ts';
import { DECLINED, endsWord, type Reader } from './reader.ts';
import { copyText } from './strings.ts';

const LINE_BREAK = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const COLON = 0x3a;

/** Characters that start something else than a plain scalar, or do so before a space. */
const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

const FLOW_INDICATORS = ',[]{}';

const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** What could be a number, a time or a date to some YAML. */
const NUMBER_LIKE = /^[-+.]*(?:[0-9][0-9_.,:eE+-]*|0[xXoObB][0-9a-fA-F_]*)$/;
/** Addresses and versions are no numbers. */
const DOTTED = /^[0-9]+(?:\.[0-9]+){2,}$/;

/** Words that YAML 1.1 reads as booleans, null or floats in some spelling, and one-character specials. */
const SPECIAL_WORD = /^(?:y|n|yes|no|on|off|true|false|null|[-+.]*(?:nan|inf)|~|=|<<)$/i;

/** What a plain scalar means: everyday ones at once, and odd ones by all the rules. Declines what JSON can't hold. */
function resolvePlain(text: string): JsonValue {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (INTEGER.test(text)) return Number(text);
  const isOdd = NUMBER_LIKE.test(text) ? !DOTTED.test(text) : text.length <= 6 && SPECIAL_WORD.test(text);
  if (!isOdd) return text;
  const value = resolvePlainScalar(text);
  if (value === undefined) throw DECLINED;
  return value;
}

/** Longer values hardly come twice: they are names of pods and uids. */
const LONGEST_KNOWN_VALUE = 12;
const MOST_KNOWN = 4096;

/** What the plain scalar from here to `end` means as a value. */
export function readPlainValue(reader: Reader, end: number): JsonValue {
  const { text, position } = reader;
  if (end - position > LONGEST_KNOWN_VALUE) return resolvePlain(copyText(text, position, end));
  return readKnown(reader, end);
}

/**
 * What a plain scalar means that has probably been read before, as keys have: then it is not looked at again, and all
 * that are alike share one string.
 */
export function readKnown({ text, position, known }: Reader, end: number): JsonValue {
  const scalar = text.slice(position, end);
  const before = known.get(scalar);
  if (before !== undefined) return before;
  const value = resolvePlain(scalar);
  if (known.size < MOST_KNOWN) known.set(scalar, value);
  return value;
}

/** Where the plain scalar that starts here ends, in a block: before the line's end, or spaces and a comment. */
export function blockPlainEnd(reader: Reader): number {
  declineIndicator(reader);
  const { text } = reader;
  let last = reader.position;
  for (let index = reader.position; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === LINE_BREAK) break;
    if (code === SPACE) continue;
    if (code === HASH && text.charCodeAt(index - 1) === SPACE) break;
    if (code === COLON && endsWord(text, index + 1)) throw DECLINED;
    last = index;
  }
  return last + 1;
}

/** The same within brackets or braces on one line, where their indicators and commas end it too. */
export function flowPlainEnd(reader: Reader): number {
  declineIndicator(reader);
  const { text } = reader;
  let last = reader.position;
  for (let index = reader.position; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (FLOW_INDICATORS.includes(character)) break;
    if (character === ' ') continue;
    if (character === '\n' || character === '#') throw DECLINED;
    if (character === ':' && endsFlowWord(text, index + 1)) throw DECLINED;
    last = index;
  }
  return last + 1;
}

function endsFlowWord(text: string, index: number): boolean {
  return endsWord(text, index) || FLOW_INDICATORS.includes(text.charAt(index));
}

/** Of the indicators only `-`, `?` and `:` may start a plain scalar, when no space follows. */
function declineIndicator({ text, position }: Reader): void {
  const kind = INDICATORS.indexOf(text.charAt(position));
  if (kind < 0) return;
  if (kind > 2 || endsFlowWord(text, position + 1)) throw DECLINED;
}

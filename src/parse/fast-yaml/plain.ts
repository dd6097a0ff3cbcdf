import type { JsonValue } from '../../model/json.ts';
import { resolvePlainScalar } from '../yaml/plain-scalar.ts';
import { DECLINED, endsWord, enterLine, type Reader, SPACE, spacesAt } from './reader.ts';
import { copyText, declineTabs } from './strings.ts';

const LINE_BREAK = 0x0a;
const HASH = 0x23;
const COLON = 0x3a;

/** Characters that start something else than a plain scalar, or do so before a space. */
const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

const FLOW_INDICATORS = ',[]{}';

const INTEGER = /^(?:0|-?[1-9][0-9]{0,14})$/;

/** What could be a number, a time or a date to some YAML. */
const NUMBER_LIKE = /^[-+._]*(?:[0-9][0-9_.,:eE+-]*|0[xXoObB][0-9a-fA-F_]*)$/;
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
  if (end - position > LONGEST_KNOWN_VALUE) return resolvePlain(declineTabs(copyText(text, position, end)));
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
  declineTabs(scalar);
  const value = resolvePlain(scalar);
  if (known.size < MOST_KNOWN) known.set(scalar, value);
  return value;
}

/** Where the plain scalar that starts here ends, in a block: before the line's end, or spaces and a comment. */
export function blockPlainEnd(reader: Reader): number {
  declineIndicator(reader);
  return plainLineEnd(reader.text, reader.position);
}

function plainLineEnd(text: string, start: number): number {
  let last = start;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === LINE_BREAK) break;
    if (code === SPACE) continue;
    if (code === HASH && text.charCodeAt(index - 1) === SPACE) break;
    if (code === COLON && endsWord(text, index + 1)) throw DECLINED;
    last = index;
  }
  return last + 1;
}

/**
 * A plain scalar in a block that goes on on lines deeper than `column`; moves to the content below it. A line break is
 * a space, each blank line is a break (YAML 1.2 §7.3.3), and a comment ends it.
 */
export function readLongPlain(reader: Reader, column: number): JsonValue {
  declineIndicator(reader);
  const { text } = reader;
  const parts: string[] = [];
  let start = reader.position;
  while (true) {
    reader.end = plainLineEnd(text, start);
    parts.push(text.slice(start, reader.end));
    const lineEnd = reader.end + spacesAt(text, reader.end);
    const isLast = text.charCodeAt(lineEnd) !== LINE_BREAK;
    const { position, blanks } = passBlankLines(text, isLast ? lineEnd : lineEnd + 1);
    const width = spacesAt(text, position);
    start = position + width;
    if (isLast || width <= column || start >= text.length || text.charCodeAt(start) === HASH) {
      reader.position = position;
      break;
    }
    parts.push(blanks === 0 ? ' ' : '\n'.repeat(blanks));
  }
  enterLine(reader);
  return resolvePlain(declineTabs(parts.join('')));
}

function passBlankLines(text: string, start: number): { position: number; blanks: number } {
  let position = start;
  for (let blanks = 0; ; blanks += 1) {
    const end = position + spacesAt(text, position);
    if (text.charCodeAt(end) !== LINE_BREAK) return { position, blanks };
    position = end + 1;
  }
}

/** The same within brackets or braces, where their indicators and commas end it too. */
export function flowPlainEnd(reader: Reader): number {
  declineIndicator(reader);
  const { text } = reader;
  if (text.charCodeAt(reader.position) === LINE_BREAK) throw DECLINED;
  let last = reader.position;
  for (let index = reader.position; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\n' || FLOW_INDICATORS.includes(character)) break;
    if (character === ' ') continue;
    if (character === '#') throw DECLINED;
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

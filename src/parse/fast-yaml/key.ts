import type { JsonValue } from '../../model/json.ts';
import { readKnown } from './plain.ts';
import { DECLINED, endsWord, type Reader } from './reader.ts';
import { readQuoted } from './strings.ts';

const COLON = 0x3a;
const LINE_BREAK = 0x0a;

/** Without what means something in YAML, or within a flow collection; up to its colon. */
const RARE_KEY = /[\w$./(][^\n,[\]{}#:"']{0,200}(?<! )(?=:)/y;

/** By character code: letters, digits, `_ . / -`. */
const IS_KEY_CHARACTER = Array.from({ length: 128 }, (_, code) => /[\w./-]/.test(String.fromCharCode(code)));

/**
 * Where the key that starts here ends, which is at its colon.
 * @returns -1 when none does
 */
export function keyEnd({ text, position }: Reader): number {
  const first = text.charAt(position);
  const end = first === '"' || first === "'" ? quotedKeyEnd(text, position) : plainKeyEnd(text, position);
  return end > position && text.charCodeAt(end) === COLON && endsWord(text, end + 1) ? end : -1;
}

function plainKeyEnd(text: string, start: number): number {
  let end = start;
  while (IS_KEY_CHARACTER[text.charCodeAt(end)] === true) end += 1;
  const stop = text.charCodeAt(end);
  return stop === COLON || stop === LINE_BREAK || end >= text.length ? end : rareKeyEnd(text, start);
}

/** Of a key with other characters too, such as `$ref` or `a b`. */
function rareKeyEnd(text: string, start: number): number {
  RARE_KEY.lastIndex = start;
  return RARE_KEY.test(text) ? RARE_KEY.lastIndex : -1;
}

/** Quoted keys without escapes. */
function quotedKeyEnd(text: string, start: number): number {
  const closing = text.indexOf(text.charAt(start), start + 1);
  const content = text.slice(start + 1, closing);
  return closing < 0 || content.includes('\n') || content.includes('\\') ? -1 : closing + 1;
}

/** The key that ends at `end`; moves behind its colon. Keys that are no strings for certain are declined. */
export function readKey(reader: Reader, end: number): string {
  const first = reader.text.charAt(reader.position);
  const isQuoted = first === '"' || first === "'";
  const key = isQuoted ? readQuoted(reader, 0) : readKnown(reader, end);
  if (typeof key !== 'string') throw DECLINED;
  reader.position = end + 1;
  return key;
}

/** Adds an entry to a map; keys that stand twice, or that mean something to JavaScript, are declined. */
export function addEntry(map: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__' || Object.hasOwn(map, key)) throw DECLINED;
  map[key] = value;
}

import type { JsonValue } from '../../model/json.ts';
import { readKnown } from './plain.ts';
import { DECLINED, endsWord, keepsValues, type Reader } from './reader.ts';
import { readQuoted } from './strings.ts';

const COLON = 0x3a;
const LINE_BREAK = 0x0a;

/** Up to its colon: without what means something in YAML. */
const RARE_KEY = /[\w$./(](?:[^\n\t#:]|:(?![ \n]|$)|(?<! )#){0,200}(?<! )(?=:(?:[ \n]|$))/y;

/** Without what means something within a flow collection, too. */
const RARE_FLOW_KEY = /[\w$./(][^\n\t,[\]{}#:"']{0,200}(?<! )(?=:)/y;

/** By character code: letters, digits, `_ . / -`. */
const IS_KEY_CHARACTER = Array.from({ length: 128 }, (_, code) => /[\w./-]/.test(String.fromCharCode(code)));

/**
 * Where the key of a block map that starts here ends, which is at its colon.
 * @returns -1 when none does
 */
export function keyEnd(reader: Reader): number {
  return keyEndOf(reader, RARE_KEY);
}

/** The same within braces. */
export function flowKeyEnd(reader: Reader): number {
  return keyEndOf(reader, RARE_FLOW_KEY);
}

function keyEndOf({ text, position }: Reader, rare: RegExp): number {
  const first = text.charAt(position);
  const end =
    first === '"' || first === "'" ? quotedKeyEnd(text, position) : plainKeyEnd(text, position, rare);
  return end > position && text.charCodeAt(end) === COLON && endsWord(text, end + 1) ? end : -1;
}

function plainKeyEnd(text: string, start: number, rare: RegExp): number {
  let end = start;
  while (IS_KEY_CHARACTER[text.charCodeAt(end)] === true) end += 1;
  const stop = text.charCodeAt(end);
  const isEnd = stop === COLON ? endsWord(text, end + 1) : stop === LINE_BREAK || end >= text.length;
  return isEnd ? end : rareKeyEnd(text, start, rare);
}

/** Of a key with other characters too, such as `$ref`, `a b` or `f:spec`. */
function rareKeyEnd(text: string, start: number, rare: RegExp): number {
  rare.lastIndex = start;
  return rare.test(text) ? rare.lastIndex : -1;
}

/** Quoted keys without escapes. */
function quotedKeyEnd(text: string, start: number): number {
  const closing = text.indexOf(text.charAt(start), start + 1);
  const content = text.slice(start + 1, closing);
  return closing < 0 || content.includes('\n') || content.includes('\\') ? -1 : closing + 1;
}

/** The key that ends at `end`; moves behind its colon. */
export function readKey(reader: Reader, end: number): string {
  const { text, position } = reader;
  const first = text.charAt(position);
  const isQuoted = first === '"' || first === "'";
  const key = isQuoted ? readQuoted(reader) : readKnown(reader, end);
  reader.position = end + 1;
  return typeof key === 'string' ? key : nameOf(key, text.slice(position, end));
}

/** Booleans and integers as text, as Kubernetes has it (`on:` of a workflow is `true`, `80:` is `80`). */
function nameOf(key: JsonValue, source: string): string {
  const isPlain = typeof key === 'boolean' || (Number.isSafeInteger(key) && String(key) === source);
  if (!isPlain) throw DECLINED;
  return String(key);
}

/**
 * Adds an entry to a map; a key that means something to JavaScript is declined. So is one that stands twice, but where places
 * are noted, of which readers can tell; the last one counts.
 */
export function addEntry(
  reader: Reader,
  map: Record<string, JsonValue>,
  { name, value }: { readonly name: string; readonly value: JsonValue },
): void {
  if (name === '__proto__' || (reader.places === undefined && Object.hasOwn(map, name))) throw DECLINED;
  if (keepsValues(reader)) map[name] = value;
}

import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { fastYamlPlace } from '../fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from '../fast-yaml/read-fast-yaml.ts';
import type { KnownScalars } from '../fast-yaml/reader.ts';
import { isListDocument } from '../flatten-manifests.ts';
import { jsonPlace } from '../json/json-places.ts';
import { parseJson } from '../json/read-json.ts';
import { isTooDeep, looksDeep } from '../limits.ts';
import { type Place, shiftPlace } from '../place.ts';
import { type Border, type Cutting, type Piece, UNCUT } from './cut.ts';
import { shortenJson, shortenYaml } from './healthy-endpoints.ts';

/** Both ends of a file, each byte as a character: what stands around the items of a list. */
export interface Ends {
  readonly head: string;
  readonly tail: string;
}

/** How to cut a file that is one List. @returns undefined when it is none, or one that is written in another way */
export function findList(ends: Ends, size: number): Cutting | undefined {
  const found = findJsonList(ends, size) ?? findYamlList(ends, size);
  return found !== undefined && isListDocument(found.list) ? cuttingOf(found) : undefined;
}

interface FoundList extends Pick<Cutting, 'range' | 'border'> {
  /** Without its items: they are empty, or null. */
  readonly list: JsonObject;
  /** @throws UNCUT when a piece can't be read by itself */
  readonly readItems: (text: string) => readonly JsonValue[];
  /** Where the items of a text stand that has so much in front of it: they are a list of their own. */
  readonly placeOf: (text: string, offset: number) => Place;
}

/** Each piece is read as a List of just the items in it. */
function cuttingOf({ list, range, border, readItems, placeOf }: FoundList): Cutting {
  return {
    range,
    border,
    read: ({ text, offset, textAgain }) => [
      {
        value: { ...list, items: readItems(text) },
        warnings: [],
        place: placeLater(placeOf, { offset, textAgain }),
        isPart: true,
      },
    ],
  };
}

function placeLater(
  placeOf: FoundList['placeOf'],
  { textAgain, offset }: Pick<Piece, 'textAgain' | 'offset'>,
): () => Place {
  return () => {
    const items = placeOf(textAgain(), offset);
    return { ...items, children: () => new Map<string | number, Place>([['items', items]]) };
  };
}

/** `frame`: what stands in front of the items and behind them. Text that is not ASCII would have to be decoded first. */
function isAscii(frame: string): boolean {
  return /^[\n\x20-\x7e]*$/.test(frame);
}

/*
 * A List in JSON, as `kubectl get -o json` and jq print it (on the left), or without white space as the API server and
 * `jq -c` do:
 *
 *   {                                       {"kind":"ServiceList","metadata":{…},"items":[{"metadata":…
 *       "apiVersion": "v1",                 …},{"metadata":…
 *       "items": [                          …}]}
 *           {
 *   …
 *           },
 *           {
 *   …
 *           }
 *       ],
 *       "kind": "List",
 *       "metadata": {}
 *   }
 *
 * Why the pieces mean what the whole means: the head is matched to its last character, so that a parser stands in the
 * list behind it, and the items are the only key of that name. Head and tail together are JSON, with an empty list;
 * and what is between them is pieces that are JSON when put in brackets, with one comma between each two. Borders that
 * are none (within a string, or a list of an item's own) make pieces that are not.
 */

const TEXT = String.raw`"[\w./-]*"`;
const FLAT_MAP = String.raw`\{\s*(?:"\w+":\s*${TEXT},?\s*)*\}`;

/** All up to the first key of the first item. Only texts and maps of texts stand before the items, and no other `items`. */
const JSON_HEAD = new RegExp(
  String.raw`^(?<list>\{\s*(?:"(?!items")\w+":\s*(?:${TEXT}|${FLAT_MAP}),\s*)*"items":\s*\[)(?:\n(?<indent> *)\{\n|\{"(?<key>\w+)":)`,
);

function findJsonList({ head, tail }: Ends, size: number): FoundList | undefined {
  const { list: front = '', indent, key = '' } = JSON_HEAD.exec(head)?.groups ?? {};
  if (front === '') return undefined;
  const { border, end } = indent === undefined ? compactItems(key) : indentedItems(indent);
  const last = tail.lastIndexOf(end.text);
  if (last < 0) return undefined;
  const behind = tail.slice(last + end.before);
  const frame = front + behind;
  if (!isAscii(frame) || behind.includes('"items"') || behind.includes('\\')) return undefined;
  const list = parseJson(frame);
  if (!isJsonObject(list)) return undefined;
  const range = { start: front.length, end: size - behind.length };
  return { list, range, border, readItems: readJsonItems, placeOf: placeOfJsonItems };
}

/** What stands between two items, and behind the last. */
interface Layout {
  readonly border: Border;
  readonly end: Pick<Border, 'text' | 'before'>;
}

function indentedItems(indent: string): Layout {
  const brace = `\n${indent}}`;
  return {
    border: { text: `${brace},\n`, before: brace.length, behind: 0 },
    end: { text: `${brace}\n`, before: brace.length },
  };
}

/** `key`: the first of the first item. The others start with it too, if they were printed by a program. */
function compactItems(key: string): Layout {
  const start = `{"${key}":`;
  return {
    border: { text: `},${start}`, before: 1, behind: start.length },
    end: { text: '}]', before: 1 },
  };
}

function placeOfJsonItems(text: string, offset: number): Place {
  const list = `[${text}]`;
  return shiftPlace(jsonPlace(list, { start: 0, end: list.length }), offset - 1);
}

/** Items are two levels below their document. */
const ITEM_DEPTH = 2;

/** Pieces are only this long when something is odd, and then a look at what they hold is worth its time. */
const LONG_PIECE = 1024 * 1024;

function readJsonItems(text: string): readonly JsonValue[] {
  if (text.length > LONG_PIECE && looksDeep(text)) throw UNCUT;
  const items = parseJson(`[${shortenJson(text)}]`);
  if (!Array.isArray(items)) throw UNCUT;
  for (const item of items) if (isTooDeep(item, ITEM_DEPTH)) throw UNCUT;
  return items;
}

/*
 * A List in YAML, as `kubectl get -o yaml` prints it:
 *
 *   apiVersion: v1
 *   items:
 *   - apiVersion: v1
 *   …
 *   kind: List
 *
 * Why the pieces mean what the whole means, to the fast reader: head and tail together are a map that it reads, in
 * which `items:`, on the last line of the head, has nothing behind it; so a reader of the whole stands in that map when
 * it comes to the items. Each piece is a list that it reads, at the column of the first. It reads one item after the
 * other, and remembers nothing of those before; the tail starts at the map's column and not with a dash, which ends
 * the list.
 */

/** All up to the first item. */
const YAML_HEAD = /^(?:\w+: *[\w./]+\n)*items:\n(?<indent> *)- /;

/** What starts at the first column, but is no item, comment or blank line. */
const YAML_KEY = /^[^\n #-]/m;

function findYamlList({ head, tail }: Ends, size: number): FoundList | undefined {
  const match = YAML_HEAD.exec(head);
  if (match === null) return undefined;
  const dash = `${match.groups?.indent ?? ''}- `;
  const start = match[0].length - dash.length;
  const lines = tail.slice(tail.indexOf('\n') + 1);
  const key = YAML_KEY.exec(lines);
  const behind = key === null ? '' : lines.slice(key.index);
  const frame = head.slice(0, start) + behind;
  const list = isAscii(frame) ? readFastYaml(frame) : undefined;
  if (!isJsonObject(list) || list.items !== null) return undefined;
  const known: KnownScalars = new Map();
  return {
    list,
    range: { start, end: size - behind.length },
    border: { text: `\n${dash}`, before: 1, behind: dash.length },
    readItems: (text) => readYamlItems(text, dash, known),
    placeOf: fastYamlPlace,
  };
}

function readYamlItems(text: string, dash: string, known: KnownScalars): readonly JsonValue[] {
  const items = text.startsWith(dash) ? readFastYaml(shortenYaml(text), known) : undefined;
  if (!Array.isArray(items)) throw UNCUT;
  return items;
}

import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { fastYamlPlace } from '../fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from '../fast-yaml/read-fast-yaml.ts';
import type { KnownScalars } from '../fast-yaml/reader.ts';
import { type Ends, isAscii, type ListInPieces } from './list-in-pieces.ts';
import { UNCUT } from './uncut.ts';

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
 * which `items:`, on the last line of the head, has nothing behind it; so a reader of the whole stands in that map when it comes to
 * the items. Each piece is a list that it reads, at the column of the first. It reads one item after the other, and
 * remembers nothing of those before; the tail starts at the map's column and not with a dash, which ends the list.
 */

/** All up to the first item. */
const HEAD = /^(?:\w+: *[\w./]+\n)*items:\n(?<indent> *)- /;

/** What starts at the first column, but is no item, comment or blank line. */
const KEY = /^[^\n #-]/m;

/** @returns undefined when the file is no such list */
export function findYamlList({ head, tail }: Ends, size: number): ListInPieces | undefined {
  const match = HEAD.exec(head);
  if (match === null) return undefined;
  const indent = match.groups?.indent ?? '';
  const start = match[0].length - indent.length - '- '.length;
  const lines = tail.slice(tail.indexOf('\n') + 1);
  const key = KEY.exec(lines);
  const behind = key === null ? '' : lines.slice(key.index);
  const frame = head.slice(0, start) + behind;
  const list = isAscii(frame) ? readFastYaml(frame) : undefined;
  if (!isJsonObject(list) || list.items !== null) return undefined;
  const known: KnownScalars = new Map();
  return {
    list,
    items: { start, end: size - behind.length },
    border: { text: `\n${indent}- `, before: 1, behind: indent.length + '- '.length },
    readItems: (piece) => readItems(piece, `${indent}- `, known),
    place: fastYamlPlace,
  };
}

function readItems(piece: string, dash: string, known: KnownScalars): readonly JsonValue[] {
  const items = piece.startsWith(dash) ? readFastYaml(piece, known) : undefined;
  if (!Array.isArray(items)) throw UNCUT;
  return items;
}

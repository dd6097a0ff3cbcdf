import type { NftChain, NftElement, NftField, NftMap, NftSet, NftTable } from '../../model/nftables.ts';
import { inPieces } from '../in-pieces.ts';
import { nftIdentifier, quoteNftComment } from '../quote.ts';
import {
  type NftFamily,
  printDestinationElement,
  printElement,
  printKey,
  printRule,
  printVerdictElement,
} from './print-expressions.ts';

/** Text for `nft -f` that puts these tables in the place of what the kernel has under their names, in pieces. */
export function* printTables(tables: Iterable<NftTable>): Generator<string> {
  for (const table of tables) yield* inPieces(tableLines(table));
}

function* tableLines({ family, name, comment, sets, maps, chains }: NftTable): Generator<string> {
  const nftFamily = family === 'IPv4' ? 'ip' : 'ip6';
  const table = `table ${nftFamily} ${nftIdentifier(name)}`;
  // Deleting needs a table that is there.
  yield `add ${table}\ndelete ${table}\n${table} {\n`;
  yield commentLine(comment, '\t');
  for (const set of sets) yield* setLines(set, nftFamily);
  for (const map of maps) yield* mapLines(map, nftFamily);
  for (const chain of chains) yield* chainLines(chain, nftFamily);
  yield '}\n';
}

function* setLines({ name, fields, comment, timeoutSeconds, elements }: NftSet, family: NftFamily) {
  yield `\tset ${nftIdentifier(name)} {\n\t\ttype ${typeOf(fields, family)}\n`;
  if (timeoutSeconds !== undefined) yield `\t\tflags dynamic,timeout\n\t\ttimeout ${timeoutSeconds}s\n`;
  yield commentLine(comment, '\t\t');
  yield* elementLines(elements, printElement);
  yield '\t}\n';
}

function* mapLines(map: NftMap, family: NftFamily): Generator<string> {
  yield `\tmap ${nftIdentifier(map.name)} {\n\t\t${mapType(map, family)}\n`;
  yield commentLine(map.comment, '\t\t');
  if (map.values === 'verdict') yield* elementLines(map.elements, printVerdictElement);
  else yield* elementLines(map.elements, printDestinationElement);
  yield '\t}\n';
}

function* elementLines<Element extends NftElement>(
  elements: Iterable<Element>,
  print: (element: Element) => string,
): Generator<string> {
  let start = '\t\telements = {\n\t\t\t';
  for (const element of elements) {
    yield start + print(element);
    start = ',\n\t\t\t';
  }
  if (start.startsWith(',')) yield '\n\t\t}\n';
}

function* chainLines({ name, comment, hook, rules }: NftChain, family: NftFamily): Generator<string> {
  yield `\tchain ${nftIdentifier(name)} {\n`;
  if (hook !== undefined) yield `\t\ttype ${hook.type} hook ${hook.at} priority ${hook.priority};\n`;
  yield commentLine(comment, '\t\t');
  for (const rule of rules) yield `\t\t${printRule(rule, family)}\n`;
  yield '\t}\n';
}

function commentLine(comment: string | undefined, indent: string): string {
  return comment === undefined ? '' : `${indent}comment ${quoteNftComment(comment)}\n`;
}

const FIELD_TYPES = { l4proto: 'inet_proto', dport: 'inet_service' } as const;

function typeOf(fields: readonly NftField[], family: NftFamily): string {
  const address = family === 'ip' ? 'ipv4_addr' : 'ipv6_addr';
  return fields
    .map((field) => (field === 'saddr' || field === 'daddr' ? address : FIELD_TYPES[field]))
    .join(' . ');
}

/** Drawn numbers have no type of their own, so keys with them are told by example. */
function mapType({ key, values }: NftMap, family: NftFamily): string {
  const fields = key.filter((part) => typeof part === 'string');
  if (fields.length < key.length) {
    const value = values === 'verdict' ? 'verdict' : printKey(['daddr', 'dport'], family);
    return `typeof ${printKey(key, family)} : ${value}`;
  }
  return `type ${typeOf(fields, family)} : ${values === 'verdict' ? 'verdict' : typeOf(['daddr', 'dport'], family)}`;
}

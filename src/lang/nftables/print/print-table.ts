import type { IPFamily } from '../../../model/cluster.ts';
import { concat } from '../../text/concat.ts';
import { type Items, printParts } from '../../text/in-parts.ts';
import { inPieces } from '../../text/in-pieces.ts';
import { nftIdentifier, quoteNftComment } from '../../text/quote.ts';
import {
  type NftElement,
  printAddressElement,
  printDestinationElement,
  printElement,
  printVerdictElement,
} from '../elements/element.ts';
import { printMapType, printSetType } from '../elements/set-type.ts';
import { FAMILIES } from '../family.ts';
import { printHook } from '../hook.ts';
import type { ListedTable, NftChain, NftMap, NftSet, NftTable } from '../ruleset.ts';
import { setOrMap } from '../table-parts.ts';
import { printNftRule } from './print-rule.ts';

/** Text for `nft -f` that puts a table in the place of what the kernel has under its name, in pieces. */
export function* printTable(table: NftTable): Generator<string> {
  const start = isUpdatable(table) ? startOfUpdate(table) : [removal(table)];
  yield* inPieces(concat([start, tableLines(table)]));
}

/**
 * The same where it is known what the kernel has: sets and maps that nobody wants any more go, though others stay for what rules
 * have put into them. Chains stay, without rules: the kernel lets none go together with what leads there (netfilter bug 1742).
 */
export function* printReload(table: NftTable, { sets }: ListedTable): Generator<string> {
  yield* printTable(table);
  if (!isUpdatable(table)) return;
  const wanted = new Set([...table.sets, ...table.maps].map(({ name }) => name));
  for (const set of sets.values())
    if (!wanted.has(set.name)) yield `delete ${setOrMap(set)} ${nameOf(table)} ${nftIdentifier(set.name)}\n`;
}

/** Text that removes a table, if it is there. */
export function printRemoval(family: IPFamily, name: string): string {
  return removal({ family, name });
}

/** Deleting needs a table that is there. */
function removal(table: Pick<NftTable, 'family' | 'name'>): string {
  return `add table ${nameOf(table)}\ndelete table ${nameOf(table)}\n`;
}

/** `ip NAME` */
export function nameOf({ family, name }: Pick<NftTable, 'family' | 'name'>): string {
  return `${FAMILIES[family]} ${nftIdentifier(name)}`;
}

/** What rules have put into sets is to stay: who goes where by session affinity. */
function isUpdatable({ sets }: NftTable): boolean {
  return sets.some(isDynamic);
}

function isDynamic({ timeoutSeconds }: NftSet): boolean {
  return timeoutSeconds !== undefined;
}

/**
 * Empties the table, but for sets that rules fill. Base chains are made anew. Other chains that nobody wants any more
 * stay, without rules and out of use.
 */
function* startOfUpdate(table: NftTable): Generator<string> {
  const { family } = table;
  const name = nameOf(table);
  const comment = table.comment === undefined ? '' : ` { comment ${quoteNftComment(table.comment)}; }`;
  yield `add table ${name}${comment}\nflush table ${name}\n`;
  for (const chain of table.formerBaseChains)
    yield `add chain ${name} ${chain}\ndelete chain ${name} ${chain}\n`;
  const sets = table.sets.filter((set) => !isDynamic(set));
  yield `table ${name} {\n`;
  for (const set of sets) yield* setLines({ ...set, elements: [] }, family);
  for (const map of table.maps) yield* mapLines({ ...map, elements: [] }, family);
  yield '}\n';
  for (const set of sets) yield `flush set ${name} ${nftIdentifier(set.name)}\n`;
  for (const map of table.maps) yield `flush map ${name} ${nftIdentifier(map.name)}\n`;
}

/** Text that makes sets, maps and chains with nothing in them. @param names those of the table that are wanted */
export function* printDeclarations(table: NftTable, names: ReadonlySet<string>): Generator<string> {
  if (names.size === 0) return;
  const { family } = table;
  const isWanted = ({ name }: { readonly name: string }) => names.has(name);
  yield `table ${nameOf(table)} {\n`;
  for (const set of table.sets.filter(isWanted)) yield* setLines({ ...set, elements: [] }, family);
  for (const map of table.maps.filter(isWanted)) yield* mapLines({ ...map, elements: [] }, family);
  for (const chain of table.chains) if (isWanted(chain)) yield* chainLines({ ...chain, rules: [] }, family);
  yield '}\n';
}

function* tableLines(table: NftTable): Generator<string> {
  const { family } = table;
  const linesOf = (chain: NftChain) => chainLines(chain, family);
  yield `table ${nameOf(table)} {\n`;
  yield commentLine(table.comment, '\t');
  for (const set of table.sets) yield* setLines(set, family);
  for (const map of table.maps) yield* mapLines(map, family);
  yield* printParts(table.chains, { linesOf, between: '' });
  yield '}\n';
}

function* setLines(
  { name, fields, comment, timeoutSeconds, elements }: NftSet,
  family: IPFamily,
): Generator<string> {
  yield `\tset ${nftIdentifier(name)} {\n\t\t${printSetType(fields, family)}\n`;
  if (timeoutSeconds !== undefined) yield `\t\tflags dynamic,timeout\n\t\ttimeout ${timeoutSeconds}s\n`;
  yield commentLine(comment, '\t\t');
  yield* elementLines(elements, printElement);
  yield '\t}\n';
}

function* mapLines(map: NftMap, family: IPFamily): Generator<string> {
  yield `\tmap ${nftIdentifier(map.name)} {\n\t\t${printMapType(map, family)}\n`;
  yield commentLine(map.comment, '\t\t');
  if (map.values === 'verdict') yield* elementLines(map.elements, printVerdictElement);
  else if (map.values === 'address') yield* elementLines(map.elements, printAddressElement);
  else yield* elementLines(map.elements, printDestinationElement);
  yield '\t}\n';
}

/**
 * In pieces: a table has hundreds of thousands of elements, and to hand each through all generators above takes as long as to
 * print it.
 */
function elementLines<Element extends NftElement>(
  elements: Items<Element>,
  print: (element: Element) => string,
): Generator<string> {
  const printer = { linesOf: (element: Element) => [print(element)], between: BETWEEN_ELEMENTS };
  return inPieces(joinElements(printParts(elements, printer)));
}

const BETWEEN_ELEMENTS = ',\n\t\t\t';

function* joinElements(texts: Iterable<string>): Generator<string> {
  let start = '\t\telements = {\n\t\t\t';
  for (const text of texts) {
    yield start;
    yield text;
    start = BETWEEN_ELEMENTS;
  }
  if (start === BETWEEN_ELEMENTS) yield '\n\t\t}\n';
}

function* chainLines({ name, comment, hook, rules }: NftChain, family: IPFamily): Generator<string> {
  yield `\tchain ${nftIdentifier(name)} {\n`;
  if (hook !== undefined) yield `\t\t${printHook(hook)}\n`;
  yield commentLine(comment, '\t\t');
  const word = FAMILIES[family];
  for (const rule of rules) yield `\t\t${printNftRule(rule, word)}\n`;
  yield '\t}\n';
}

function commentLine(comment: string | undefined, indent: string): string {
  return comment === undefined ? '' : `${indent}comment ${quoteNftComment(comment)}\n`;
}

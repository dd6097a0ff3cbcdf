import type { IPFamily } from '../../../model/cluster.ts';
import { concat } from '../../text/concat.ts';
import { inPieces } from '../../text/in-pieces.ts';
import { nftIdentifier, quoteNftComment } from '../../text/quote.ts';
import { type KeptTexts, keptLines } from '../../text/rule-memory.ts';
import {
  type NftElement,
  printDestinationElement,
  printElement,
  printVerdictElement,
} from '../elements/element.ts';
import { printMapType, printSetType } from '../elements/set-type.ts';
import { FAMILIES } from '../family.ts';
import { printHook } from '../hook.ts';
import type { NftChain, NftMap, NftSet, NftTable } from '../ruleset.ts';
import { printNftRule } from './print-rule.ts';

/** Text for `nft -f` that puts a table in the place of what the kernel has under its name, in pieces. */
export function* printTable(table: NftTable, kept?: KeptTexts<NftChain>): Generator<string> {
  const start = isUpdatable(table) ? startOfUpdate(table) : [removal(table)];
  yield* inPieces(concat([start, tableLines(table, kept)]));
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
 * Empties the table, but for sets that rules fill. Base chains are made anew; other sets and maps go if nobody wants them any
 * more. What has the name of a Service stays, since that is not known any more: chains without rules, and sets of its clients,
 * all out of use.
 */
function* startOfUpdate(table: NftTable): Generator<string> {
  const { family } = table;
  const name = nameOf(table);
  const comment = table.comment === undefined ? '' : ` { comment ${quoteNftComment(table.comment)}; }`;
  yield `add table ${name}${comment}\nflush table ${name}\n`;
  yield* removalOfFormer(table, name);
  const sets = table.sets.filter((set) => !isDynamic(set));
  yield `table ${name} {\n`;
  for (const set of sets) yield* setLines({ ...set, elements: [] }, family);
  for (const map of table.maps) yield* mapLines({ ...map, elements: [] }, family);
  yield '}\n';
  for (const set of sets) yield `flush set ${name} ${nftIdentifier(set.name)}\n`;
  for (const map of table.maps) yield `flush map ${name} ${nftIdentifier(map.name)}\n`;
}

/** Deleting needs what is there, too. */
function* removalOfFormer({ family, former, sets, maps }: NftTable, table: string): Generator<string> {
  const wanted = new Set([...sets, ...maps].map(({ name }) => name));
  const remove = (kind: string, name: string, declaration = '') => {
    const part = `${kind} ${table} ${nftIdentifier(name)}`;
    return `add ${part}${declaration}\ndelete ${part}\n`;
  };
  for (const name of former.baseChains) yield remove('chain', name);
  for (const { name, fields } of former.sets)
    if (!wanted.has(name)) yield remove('set', name, ` { ${printSetType(fields, family)}; }`);
  for (const map of former.maps)
    if (!wanted.has(map.name)) yield remove('map', map.name, ` { ${printMapType(map, family)}; }`);
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

function* tableLines(table: NftTable, kept: KeptTexts<NftChain> | undefined): Generator<string> {
  const { family } = table;
  const linesOf = (chain: NftChain) => chainLines(chain, family);
  yield `table ${nameOf(table)} {\n`;
  yield commentLine(table.comment, '\t');
  for (const set of table.sets) yield* setLines(set, family);
  for (const map of table.maps) yield* mapLines(map, family);
  for (const chain of table.chains) yield* keptLines(chain, kept, linesOf);
  yield '}\n';
}

function* setLines({ name, fields, comment, timeoutSeconds, elements }: NftSet, family: IPFamily) {
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

import type { IPFamily } from '../../model/cluster.ts';
import type { ListedLine, ListedPart, ListedParts, PartLine, WantedPart } from '../text/compare-parts.ts';
import { quoteNftComment } from '../text/quote.ts';
import {
  type AnyElement,
  printAddressElement,
  printDestinationElement,
  printElement,
  printVerdictElement,
} from './elements/element.ts';
import { printMapType, printSetType, readSetType } from './elements/set-type.ts';
import { canonicalMatch } from './expressions/match.ts';
import { canonicalStatement, impliedProtocol } from './expressions/statement.ts';
import { FAMILIES } from './family.ts';
import { type NftHook, printHook } from './hook.ts';
import { printNftRule } from './print/print-rule.ts';
import type { ListedChain, ListedSet, ListedTable, NftMap, NftRule, NftSet, NftTable } from './ruleset.ts';

/** The chains, sets and maps that a node has; none: it has not even the table. */
export function listedParts(table: ListedTable | undefined): ListedParts {
  const chains = table?.chains ?? NO_CHAINS;
  return {
    find: (kind, name) => {
      if (kind === 'chain') {
        const chain = chains.get(name);
        return chain === undefined ? undefined : chainPart(chain);
      }
      const set = table?.sets.get(name);
      if (table === undefined || set === undefined || setOrMap(set) !== kind) return undefined;
      return setPart(set, kind, table.family);
    },
    active: {
      *[Symbol.iterator]() {
        for (const chain of chains.values()) yield chainPart(chain);
      },
    },
  };
}

const NO_CHAINS: ListedTable['chains'] = new Map();

function chainPart({ name, line, hook, lines: listed }: ListedChain): ListedPart {
  function* lines(): Generator<ListedLine> {
    if (hook !== undefined) yield { ...hookLine(hook), line };
    for (const { text, line: number, read } of listed) {
      const key = () => ruleKey(read());
      yield { text, line: number, key: () => (logs(text) ? `${key()} log` : key()) };
    }
  }
  return { kind: 'chain', name, lines: { [Symbol.iterator]: lines } };
}

/** What a rule logs changes nothing for packets, but nobody wants it; counters are no matter. */
function logs(text: string): boolean {
  return /(?:^| )log(?: |$)/.test(text.replace(/"[^"]*"/g, ''));
}

/** What nft calls it. */
export function setOrMap({ type }: Pick<ListedSet, 'type'>): 'set' | 'map' {
  return type.includes(' : ') ? 'map' : 'set';
}

/** What rules have put into a set is nobody's wish. */
function setPart(
  { name, line, type, contents, timeoutSeconds }: ListedSet,
  kind: 'set' | 'map',
  family: IPFamily,
): ListedPart {
  function* lines(): Generator<ListedLine> {
    yield { ...declarationLine(type, family, timeoutSeconds), line };
    if (contents === undefined || timeoutSeconds !== undefined) return;
    for (const { text, line: number, read } of contents.lines) {
      const key = () => {
        const { comment, ...element } = read();
        return elementKey(element, comment === undefined ? '' : `"${comment}"`);
      };
      yield { text, line: number, key, element: () => printElement({ key: read().key }) };
    }
  }
  return { kind, name, lines: { [Symbol.iterator]: lines } };
}

/** The chains, sets and maps of a table that was built. */
export function* wantedParts({ family, sets, maps, chains }: NftTable): Generator<WantedPart> {
  const word = FAMILIES[family];
  for (const set of sets) yield { kind: 'set', name: set.name, lines: setLines(set, family) };
  for (const map of maps) yield { kind: 'map', name: map.name, lines: mapLines(map, family) };
  for (const { name, hook, rules } of chains) {
    const start = hook === undefined ? [] : [hookLine(hook)];
    const lines = Array.from(rules, (rule) => ruleLine(rule, printNftRule(rule, word)));
    yield { kind: 'chain', name, lines: [...start, ...lines] };
  }
}

function* setLines(
  { fields, timeoutSeconds, elements }: NftSet,
  family: NftTable['family'],
): Generator<PartLine> {
  yield declarationLine(printSetType(fields, family), family, timeoutSeconds);
  for (const element of elements) yield elementLine(element, printElement(element));
}

function* mapLines(map: NftMap, family: NftTable['family']): Generator<PartLine> {
  yield declarationLine(printMapType(map, family), family, undefined);
  if (map.values === 'verdict') {
    for (const element of map.elements) yield elementLine(element, printVerdictElement(element));
  } else if (map.values === 'address') {
    for (const element of map.elements) yield elementLine(element, printAddressElement(element));
  } else {
    for (const element of map.elements) yield elementLine(element, printDestinationElement(element));
  }
}

function elementLine(element: AnyElement, text: string): PartLine {
  const { key, comment } = element;
  return {
    text,
    key: () => elementKey(element, comment === undefined ? '' : quoteNftComment(comment)),
    element: () => printElement({ key }),
  };
}

/** Lines of what is wanted and of what a node has, with keys that are the same when both do the same. */

/** What makes a chain a base chain. */
function hookLine(hook: NftHook): PartLine {
  const text = `${printHook(hook)} policy ${hook.policy ?? 'accept'};`;
  return { text, key: () => text, isDeclaration: true };
}

/** What a set or map is declared as. @param type as nft has it: `type ipv4_addr : verdict` */
function declarationLine(type: string, family: IPFamily, timeoutSeconds: number | undefined): PartLine {
  const timeout = timeoutSeconds === undefined ? '' : `; timeout ${timeoutSeconds}s`;
  // By name or by example, it holds the same.
  return {
    text: `${type}${timeout}`,
    key: () => `${JSON.stringify(readSetType(type, family) ?? type)}${timeout}`,
    isDeclaration: true,
  };
}

/** @param comment as nft has it: a long one is cut, and in quotes */
function elementKey(element: AnyElement, comment: string): string {
  return `${element.key.join(' ')} : ${valueKey(element)} ${comment}`;
}

function valueKey({ verdict, to, ip }: AnyElement): string {
  if (ip !== undefined) return ip;
  if (to !== undefined) return `${to.ip} ${to.port}`;
  if (verdict === undefined) return '';
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

function ruleLine(rule: NftRule, text: string): PartLine {
  return { text, key: () => ruleKey(rule) };
}

/** As the kernel gives a rule back, whatever its parts were made by. */
function ruleKey({ matches, statements, comment }: NftRule): string {
  const { matches: asked, statements: done } = canonicalNftRule({ matches, statements });
  return JSON.stringify([asked, done, comment], (_, value: unknown) =>
    isRecord(value) ? inOrder(value) : value,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is false may be left out. */
function inOrder(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(record).filter(([, value]) => value !== false && value !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * A rule as it comes back from the kernel, whatever nft has made of it on the way: sets of one element become the element,
 * ranges of addresses that touch become one, and elements are sorted, since the kernel keeps no order.
 */
export function canonicalNftRule(rule: NftRule): NftRule {
  const statements = rule.statements.map((statement) => canonicalStatement(statement));
  const asked = new Set(statements.map((statement) => impliedProtocol(statement)));
  // nft asks for the protocol of a port by itself, and does not print that.
  const matches = rule.matches.filter((match) => match.kind !== 'l4proto' || !asked.has(match.protocol));
  return { ...rule, matches: matches.map((match) => canonicalMatch(match)), statements };
}

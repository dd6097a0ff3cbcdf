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
import { FAMILIES, type NftFamily } from './family.ts';
import { type NftHook, printHook } from './hook.ts';
import { printNftRule } from './print/print-rule.ts';
import type {
  ListedChain,
  ListedSet,
  ListedTable,
  NftMap,
  NftRule,
  NftTable,
  UnreadElement,
} from './ruleset.ts';

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
    for (const { text, line: number, read } of listed) {
      const key = () => ruleKey(read());
      yield { text, line: number, key: () => (logs(text) ? `${key()} log` : key()) };
    }
  }
  const declaration = hook === undefined ? undefined : { ...hookLine(hook), line };
  return { kind: 'chain', name, declaration, lines: { [Symbol.iterator]: lines } };
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
  const declaration = { ...declarationLine(type, family, timeoutSeconds), line };
  if (contents === undefined || timeoutSeconds !== undefined) return { kind, name, declaration, lines: [] };
  function* elements(unread: Iterable<UnreadElement>): Generator<ListedLine> {
    for (const each of unread) yield listedElement(each);
  }
  return {
    kind,
    name,
    declaration,
    lines: { [Symbol.iterator]: () => elements(contents.lines) },
    checklist: () => {
      const { check, unchecked } = contents.checklist();
      return { check, unchecked: () => elements(unchecked()) };
    },
  };
}

function listedElement({ text, line, read }: UnreadElement): ListedLine {
  const key = () => {
    const { comment, ...element } = read();
    return elementKey(element, comment === undefined ? '' : `"${comment}"`);
  };
  return { text, line, key, element: () => printElement({ key: read().key }) };
}

/** The chains, sets and maps of a table that was built. */
export function* wantedParts({ family, sets, maps, chains }: NftTable): Generator<WantedPart> {
  const word = FAMILIES[family];
  for (const { name, fields, timeoutSeconds, elements } of sets) {
    const declaration = declarationLine(printSetType(fields, family), family, timeoutSeconds);
    yield { kind: 'set', name, declaration, lines: elementLines(elements, printElement) };
  }
  for (const map of maps) {
    const declaration = declarationLine(printMapType(map, family), family, undefined);
    yield { kind: 'map', name: map.name, declaration, lines: mapLines(map) };
  }
  for (const { name, hook, rules } of chains) {
    const declaration = hook === undefined ? undefined : hookLine(hook);
    yield { kind: 'chain', name, declaration, lines: Array.from(rules, (rule) => wantedRule(rule, word)) };
  }
}

function mapLines(map: NftMap): Iterable<PartLine> {
  switch (map.values) {
    case 'verdict':
      return elementLines(map.elements, printVerdictElement);
    case 'address':
      return elementLines(map.elements, printAddressElement);
    case 'destination':
      return elementLines(map.elements, printDestinationElement);
  }
}

function* elementLines<Element extends AnyElement>(
  elements: Iterable<Element>,
  print: (element: Element) => string,
): Generator<PartLine> {
  for (const element of elements) yield elementLine(element, print(element));
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
  return { text, key: () => text };
}

/** What a set or map is declared as. @param type as nft has it: `type ipv4_addr : verdict` */
function declarationLine(type: string, family: IPFamily, timeoutSeconds: number | undefined): PartLine {
  const timeout = timeoutSeconds === undefined ? '' : `; timeout ${timeoutSeconds}s`;
  // By name or by example, it holds the same.
  return {
    text: `${type}${timeout}`,
    key: () => `${JSON.stringify(readSetType(type, family) ?? type)}${timeout}`,
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

/**
 * nft leaves words out that say what a map leads to, since 1.0 and in some cases before (`takeDnat` reads rules with them and without
 * them). A string might hold such words, too: rules with one are read.
 */
function wantedRule(rule: NftRule, family: NftFamily): PartLine {
  const text = printNftRule(rule, family);
  const key = () => ruleKey(rule);
  if (!text.includes(LEADS_TO) || text.includes('"')) return { text, key };
  return { text, listed: text.replace(LEADS_TO, ' to '), key };
}

const LEADS_TO = ' addr . port to ';

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

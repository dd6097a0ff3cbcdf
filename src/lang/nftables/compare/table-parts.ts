import { quoteNftComment } from '../../text/quote.ts';
import { printDestinationElement, printElement, printVerdictElement } from '../elements/element.ts';
import { printMapType, printSetType } from '../elements/set-type.ts';
import { FAMILIES } from '../family.ts';
import { printNftRule } from '../print/print-rule.ts';
import type { ListedChain, ListedSet, ListedTable, NftMap, NftSet, NftTable } from '../ruleset.ts';
import type { ListedLine, ListedPart, ListedParts, PartLine, WantedPart } from './compare-parts.ts';
import { type AnyElement, declarationLine, elementLine, hookLine, ruleLine } from './part-lines.ts';

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
      return set === undefined || kindOf(set) !== kind ? undefined : setPart(set, kindOf(set));
    },
    active: {
      *[Symbol.iterator]() {
        for (const chain of chains.values()) yield chainPart(chain);
      },
    },
  };
}

const NO_CHAINS: ListedTable['chains'] = new Map();

function chainPart({ name, line, hook, rules }: ListedChain): ListedPart {
  function* lines(): Generator<ListedLine> {
    if (hook !== undefined) yield { ...hookLine(hook), line };
    for (const rule of rules) {
      const { text, line: number } = rule;
      const { key } = ruleLine(rule, text);
      yield { text, line: number, key: () => (logs(text) ? `${key()} log` : key()) };
    }
  }
  return { kind: 'chain', name, lines: { [Symbol.iterator]: lines } };
}

/** What a rule logs changes nothing for packets, but nobody wants it; counters are no matter. */
function logs(text: string): boolean {
  return /(?:^| )log(?: |$)/.test(text.replace(/"[^"]*"/g, ''));
}

function kindOf({ type }: ListedSet): 'set' | 'map' {
  return type.includes(' : ') ? 'map' : 'set';
}

/** What rules have put into a set is nobody's wish. */
function setPart({ name, line, type, contents, timeoutSeconds }: ListedSet, kind: 'set' | 'map'): ListedPart {
  function* lines(): Generator<ListedLine> {
    yield { ...declarationLine(type, timeoutSeconds), line };
    if (contents === undefined || timeoutSeconds !== undefined) return;
    for (const element of contents.elements) {
      const comment = element.comment === undefined ? '' : `"${element.comment}"`;
      yield { ...elementLine(element, element.text, comment), line: element.line };
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
  yield declarationLine(printSetType(fields, family), timeoutSeconds);
  for (const element of elements) yield quotedLine(element, printElement(element));
}

function* mapLines(map: NftMap, family: NftTable['family']): Generator<PartLine> {
  yield declarationLine(printMapType(map, family), undefined);
  if (map.values === 'verdict') {
    for (const element of map.elements) yield quotedLine(element, printVerdictElement(element));
  } else {
    for (const element of map.elements) yield quotedLine(element, printDestinationElement(element));
  }
}

function quotedLine(element: AnyElement, text: string): PartLine {
  const { comment } = element;
  return elementLine(element, text, comment === undefined ? '' : quoteNftComment(comment));
}

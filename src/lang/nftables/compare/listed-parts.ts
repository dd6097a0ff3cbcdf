import type { ListedChain, ListedSet, ListedTable } from '../ruleset.ts';
import type { ListedLine, ListedPart, ListedParts } from './compare-parts.ts';
import { declarationLine, elementLine, hookLine, ruleLine } from './lines.ts';

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

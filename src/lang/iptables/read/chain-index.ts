import type { Stretch } from '../../text/stretch.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import { isBuiltInChain } from '../kernel-tables.ts';
import type { SavedChain, TableName } from '../ruleset.ts';
import { savedChain } from './read-rule.ts';

/**
 * Where the chains of a table have their rules in a text. A large node has a hundred thousand chains, and a command reads
 * few of them: so the index has numbers and names, and makes a chain when somebody asks for it.
 */
export interface ChainIndex {
  /** A second declaration empties the chain, as it does for iptables-restore. */
  readonly declare: (name: string, policy: 'ACCEPT' | 'DROP') => void;
  /** @returns false when the line does not declare a chain as nearly all are: `:NAME - [0:0]` */
  readonly addDeclaration: (line: LinePlace) => boolean;
  /** @returns false when the line is no rule of a chain that is declared or built in, or may be cut off */
  readonly addRule: (line: LinePlace) => boolean;
  /** By name, in the order of their declarations. */
  readonly chains: () => ReadonlyMap<string, SavedChain>;
}

const [NEWLINE, RETURN, SPACE, TAB] = [10, 13, 32, 9];

export function chainIndex(text: string, table: TableName): ChainIndex {
  const chains: OpenChains = { names: [], numbers: new Map(), policies: new Map(), first: [], last: [] };
  const stretches: Stretches = { start: [], end: [], line: [], next: [] };
  /** The chain whose rules were read last: rules of a chain follow one another, and chains do in the order of declarations. */
  let current = -1;
  let isOpen = false;
  const numberOf = (start: number, lineEnd: number): number => {
    if (isNamed(text, chains.names[current], start)) return current;
    isOpen = false;
    if (isNamed(text, chains.names[current + 1], start)) return current + 1;
    const name = nameAt(text, start, lineEnd);
    const known = chains.numbers.get(name);
    return known === undefined && isBuiltInChain(table, name)
      ? declareChain(chains, name, 'ACCEPT')
      : (known ?? -1);
  };
  const declare: ChainIndex['declare'] = (name, policy) => {
    isOpen = false;
    declareChain(chains, name, isBuiltInChain(table, name) ? policy : undefined);
  };
  return {
    declare,
    addDeclaration: (line) => {
      const name = plainlyDeclared(text, line);
      if (name !== undefined) declare(name, 'ACCEPT');
      return name !== undefined;
    },
    addRule: ({ start, end, line }) => {
      const ruleAt = ruleStart(text, start);
      // The end of a text that is cut off may look like anything.
      const number = ruleAt < 0 || end === text.length ? -1 : numberOf(ruleAt + RULE.length, end);
      if (number < 0) {
        isOpen = false;
        return false;
      }
      if (isOpen) stretches.end[stretches.end.length - 1] = end;
      else addStretch(chains, number, { start, end, line }, stretches);
      isOpen = true;
      current = number;
      return true;
    },
    chains: () => savedChains(chains, stretches, text),
  };
}

/** By number, in the order of declarations. */
interface OpenChains {
  readonly names: string[];
  readonly numbers: Map<string, number>;
  /** Of built-in chains. */
  readonly policies: Map<string, 'ACCEPT' | 'DROP'>;
  /** Stretches of lines by number; -1: it has no rules. */
  readonly first: number[];
  readonly last: number[];
}

/** Lines that follow one another, with rules of one chain. */
interface Stretches {
  readonly start: number[];
  /** Behind the last line. */
  readonly end: number[];
  /** The number of the first one. */
  readonly line: number[];
  /** The next one of the same chain; -1: there is none. */
  readonly next: number[];
}

function declareChain(
  { names, numbers, policies, first, last }: OpenChains,
  name: string,
  policy: 'ACCEPT' | 'DROP' | undefined,
): number {
  const number = numbers.get(name) ?? names.push(name) - 1;
  numbers.set(name, number);
  first[number] = -1;
  last[number] = -1;
  if (policy !== undefined) policies.set(name, policy);
  return number;
}

function addStretch(
  { first, last }: OpenChains,
  chain: number,
  place: LinePlace,
  stretches: Stretches,
): void {
  const number = stretches.start.push(place.start) - 1;
  stretches.end.push(place.end);
  stretches.line.push(place.line);
  stretches.next.push(-1);
  const before = last[chain] ?? -1;
  if (before < 0) first[chain] = number;
  else stretches.next[before] = number;
  last[chain] = number;
}

/** How the declaration of a chain ends that has neither a policy nor counters. */
const PLAIN_END = ' - [0:0]';

/** The name of the chain that a line declares in that way. */
function plainlyDeclared(text: string, { start, end }: LinePlace): string | undefined {
  const nameEnd = end - PLAIN_END.length;
  if (text[start] !== ':' || !text.startsWith(PLAIN_END, nameEnd)) return undefined;
  const name = text.slice(start + 1, nameEnd);
  return name === '' || /\s/.test(name) ? undefined : name;
}

const RULE = '-A ';

/** Where a line has its `-A CHAIN`, behind counters if there are some (`[12:720] `); -1: it is no rule. */
function ruleStart(text: string, start: number): number {
  if (text.startsWith(RULE, start)) return start;
  let at = start;
  while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at += 1;
  if (text[at] === '[') {
    do at += 1;
    while (isDigitOrColon(text.charCodeAt(at)));
    if (!text.startsWith('] ', at)) return -1;
    at += 2;
  }
  return text.startsWith(RULE, at) ? at : -1;
}

/** Digits and the colon follow one another in ASCII. */
function isDigitOrColon(code: number): boolean {
  return code >= 48 && code <= 58;
}

/** Whether a rule is one of the chain, by what is behind its `-A `. */
function isNamed(text: string, name: string | undefined, start: number): boolean {
  return name !== undefined && text.startsWith(name, start) && isNameEnd(text, start + name.length);
}

/** Lines may have come over from Windows. */
function isNameEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === SPACE || code === NEWLINE || (code === RETURN && text.charCodeAt(at + 1) === NEWLINE);
}

function nameAt(text: string, start: number, lineEnd: number): string {
  let end = start;
  while (end < lineEnd && !isNameEnd(text, end)) end += 1;
  return text.slice(start, end);
}

/** Each chain is made when somebody asks for it. */
function savedChains(
  { names, numbers, policies, first }: OpenChains,
  { start, end, line, next }: Stretches,
  text: string,
): ReadonlyMap<string, SavedChain> {
  const hasChain = (name: string) => numbers.has(name);
  const make = (name: string, number: number): SavedChain => {
    const stretches: Stretch[] = [];
    for (let each = first[number] ?? -1; each >= 0; each = next[each] ?? -1)
      stretches.push({ start: start[each] ?? 0, end: end[each] ?? 0, line: line[each] ?? 0 });
    return savedChain({ name, policy: policies.get(name), text, stretches, hasChain });
  };
  function* entries(): Generator<[string, SavedChain], undefined> {
    for (const [number, name] of names.entries()) yield [name, make(name, number)];
  }
  function* values(): Generator<SavedChain, undefined> {
    for (const [number, name] of names.entries()) yield make(name, number);
  }
  const map: ReadonlyMap<string, SavedChain> = {
    size: names.length,
    has: hasChain,
    get: (name) => {
      const number = numbers.get(name);
      return number === undefined ? undefined : make(name, number);
    },
    keys: () => names.values(),
    values,
    entries,
    [Symbol.iterator]: entries,
    forEach: (visit) => {
      for (const [name, chain] of entries()) visit(chain, name, map);
    },
  };
  return map;
}

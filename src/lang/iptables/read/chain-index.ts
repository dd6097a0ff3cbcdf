import { linesWith, type Stretch } from '../../text/stretch.ts';
import { type TextIndex, textIndex } from '../../text/text-index.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import { isBuiltInChain } from '../kernel-tables.ts';
import type { ChainRule, SavedChain, SavedChains, TableName } from '../ruleset.ts';
import { readSavedRule, savedChain } from './read-rule.ts';
import { APPEND, ruleStart } from './rule-start.ts';

/**
 * Where the chains of a table have their rules in a text. A large node has a hundred thousand chains, and a command reads
 * few of them: so the index has numbers and names, and makes a chain when somebody asks for it.
 */
export interface ChainIndex {
  /** A second declaration empties the chain, as it does for iptables-restore. */
  readonly declare: (name: string, policy: 'ACCEPT' | 'DROP', line: LinePlace) => void;
  /** @returns false when the line does not declare a chain as nearly all are: `:NAME - [0:0]` */
  readonly addDeclaration: (line: LinePlace) => boolean;
  /** @returns false when the line is no rule of a chain that is declared or built in, is one too many, too long, or may be cut off */
  readonly addRule: (line: LinePlace) => boolean;
  /** Whether a chain has as many rules as are read of one. */
  readonly isFull: (name: string) => boolean;
  /** By name, in the order of their declarations. @param table the lines of their table */
  readonly chains: (table: Stretch) => SavedChains;
}

/**
 * So many rules of one chain are read: a packet meets them one by one, and to understand them takes seconds and hundreds of
 * megabytes. 10,000 Services of four addresses have a sixth of that in KUBE-SERVICES.
 */
export const MAX_RULES_OF_CHAIN = 2 ** 18;

/** How many characters a rule has at most: the kernel gives one 64 KiB (`next_offset` in linux/netfilter_ipv4/ip_tables.h). */
export const MAX_RULE_LENGTH = 2 ** 16;

const [NEWLINE, RETURN, SPACE, DELETE] = [10, 13, 32, 127];

export function chainIndex(text: string, table: TableName): ChainIndex {
  const chains: OpenChains = { names: textIndex(text), policies: new Map(), rules: chainStretches() };
  /** The chain whose rules were read last: rules of a chain follow one another, and chains do in the order of declarations. */
  let current = -1;
  let [currentName, nextName] = ['', ''];
  let isOpen = false;
  const numberOf = (start: number, lineEnd: number): number => {
    if (isNamed(text, currentName, start)) return current;
    isOpen = false;
    if (isNamed(text, nextName, start)) return current + 1;
    const end = nameEnd(text, start, lineEnd);
    const known = chains.names.findAt(start, end);
    return known < 0 && isBuiltInChain(table, text.slice(start, end))
      ? declareChain(chains, { start, end }, 'ACCEPT')
      : known;
  };
  const goTo = (number: number) => {
    if (number === current) return;
    currentName = chains.names.wordsOf(number);
    nextName = number + 1 < chains.names.size() ? chains.names.wordsOf(number + 1) : '';
    current = number;
  };
  return {
    declare: (name, policy, { start }) => {
      isOpen = false;
      const nameStart = text.indexOf(':', start) + 1;
      const end = nameStart + name.length;
      declareChain(chains, { start: nameStart, end }, isBuiltInChain(table, name) ? policy : undefined);
    },
    addDeclaration: (line) => {
      const name = plainlyDeclared(text, line);
      if (name === undefined) return false;
      isOpen = false;
      const isBuiltIn = isBuiltInChain(table, text.slice(name.start, name.end));
      declareChain(chains, name, isBuiltIn ? 'ACCEPT' : undefined);
      return true;
    },
    addRule: ({ start, end, line }) => {
      const ruleAt = ruleStart(text, start);
      // The end of a text that is cut off may look like anything.
      const isNone = ruleAt < 0 || end === text.length || end - start > MAX_RULE_LENGTH;
      const number = isNone ? -1 : numberOf(ruleAt + APPEND.length, end);
      if (number < 0 || chains.rules.count(number) === MAX_RULES_OF_CHAIN) {
        isOpen = false;
        return false;
      }
      if (isOpen) chains.rules.extend(number, end);
      else chains.rules.add(number, { start, end, line });
      isOpen = true;
      goTo(number);
      return true;
    },
    isFull: (name) => {
      const number = chains.names.find(name);
      return number >= 0 && chains.rules.count(number) === MAX_RULES_OF_CHAIN;
    },
    chains: (table) => savedChains(chains, text, table),
  };
}

/** By number, in the order of declarations. */
interface OpenChains {
  readonly names: TextIndex;
  /** Of built-in chains. */
  readonly policies: Map<number, 'ACCEPT' | 'DROP'>;
  readonly rules: ChainStretches;
}

/** Where a name is. */
interface NamePlace {
  readonly start: number;
  readonly end: number;
}

/** Where chains have their rules, by number. */
interface ChainStretches {
  readonly clear: (chain: number) => void;
  readonly add: (chain: number, stretch: Stretch) => void;
  /** Makes the last stretch of a chain longer. */
  readonly extend: (chain: number, end: number) => void;
  readonly of: (chain: number) => readonly Stretch[];
  /** How many rules a chain has. */
  readonly count: (chain: number) => number;
  /** The only stretch of a chain: where it starts, -1 when there are none or several, and behind which place it ends. */
  readonly onlyStart: (chain: number) => number;
  readonly onlyEnd: (chain: number) => number;
}

/** Nearly all chains have their rules in one stretch. It lies side by side: start, end, line, and how many rules the chain has. */
const FIRST = 4;
const COUNT = 3;
const MANY_CHAINS = 64;

function chainStretches(): ChainStretches {
  let first = new Int32Array(MANY_CHAINS * FIRST);
  const more = new Map<number, Stretch[]>();
  return {
    clear: (chain) => {
      if ((chain + 1) * FIRST > first.length) {
        const longer = new Int32Array(first.length * 2);
        longer.set(first);
        first = longer;
      }
      first[chain * FIRST] = -1;
      first[chain * FIRST + COUNT] = 0;
      more.delete(chain);
    },
    add: (chain, stretch) => {
      const at = chain * FIRST;
      first[at + COUNT] = (first[at + COUNT] ?? 0) + 1;
      if (first[at] !== -1) {
        const others = more.get(chain);
        if (others === undefined) more.set(chain, [stretch]);
        else others.push(stretch);
        return;
      }
      first[at] = stretch.start;
      first[at + 1] = stretch.end;
      first[at + 2] = stretch.line;
    },
    extend: (chain, end) => {
      first[chain * FIRST + COUNT] = (first[chain * FIRST + COUNT] ?? 0) + 1;
      const last = more.get(chain)?.at(-1);
      if (last === undefined) first[chain * FIRST + 1] = end;
      else last.end = end;
    },
    of: (chain) => {
      const [start = -1, end = 0, line = 0] = first.subarray(chain * FIRST, (chain + 1) * FIRST);
      return start < 0 ? [] : [{ start, end, line }, ...(more.get(chain) ?? [])];
    },
    count: (chain) => first[chain * FIRST + COUNT] ?? 0,
    onlyStart: (chain) => (more.has(chain) ? -1 : (first[chain * FIRST] ?? -1)),
    onlyEnd: (chain) => first[chain * FIRST + 1] ?? 0,
  };
}

function declareChain(
  { names, policies, rules }: OpenChains,
  { start, end }: NamePlace,
  policy: 'ACCEPT' | 'DROP' | undefined,
): number {
  const number = names.add(start, end);
  rules.clear(number);
  if (policy !== undefined) policies.set(number, policy);
  return number;
}

/** How the declaration of a chain ends that has neither a policy nor counters. */
const PLAIN_END = ' - [0:0]';

/** The name of the chain that a line declares in that way. */
function plainlyDeclared(text: string, { start, end: lineEnd }: LinePlace): NamePlace | undefined {
  const end = lineEnd - PLAIN_END.length;
  if (text[start] !== ':' || end <= start + 1 || !text.startsWith(PLAIN_END, end)) return undefined;
  for (let at = start + 1; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code <= SPACE || code >= DELETE) return undefined;
  }
  return { start: start + 1, end };
}

/** Whether a rule is one of the chain, by what is behind its `-A `. */
function isNamed(text: string, name: string, start: number): boolean {
  return name !== '' && text.startsWith(name, start) && isNameEnd(text, start + name.length);
}

/** Lines may have come over from Windows. */
function isNameEnd(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === SPACE || code === NEWLINE || (code === RETURN && text.charCodeAt(at + 1) === NEWLINE);
}

function nameEnd(text: string, start: number, lineEnd: number): number {
  let end = start;
  while (end < lineEnd && !isNameEnd(text, end)) end += 1;
  return end;
}

/** Each chain is made when somebody asks for it. */
function savedChains({ names, policies, rules }: OpenChains, text: string, table: Stretch): SavedChains {
  const hasChain = (name: string) => names.find(name) >= 0;
  const make = (number: number): SavedChain => {
    const [name, policy] = [names.wordsOf(number), policies.get(number)];
    return savedChain({ name, policy, text, stretches: rules.of(number), hasChain });
  };
  function* each<Item>(item: (number: number) => Item): Generator<Item, undefined> {
    for (let number = 0; number < names.size(); number += 1) yield item(number);
  }
  function* rulesWith(part: string): Generator<ChainRule> {
    for (const line of linesWith(text, [table], part)) {
      const start = ruleStart(text, line.start) + APPEND.length;
      const chain = start < APPEND.length ? '' : text.slice(start, nameEnd(text, start, text.length));
      if (hasChain(chain)) yield { chain, ...readSavedRule(line, hasChain) };
    }
  }
  const entries = () => each<[string, SavedChain]>((number) => [names.wordsOf(number), make(number)]);
  const map: SavedChains = {
    size: names.size(),
    has: hasChain,
    get: (name) => {
      const number = names.find(name);
      return number < 0 ? undefined : make(number);
    },
    keys: () => each(names.wordsOf),
    values: () => each(make),
    entries,
    [Symbol.iterator]: entries,
    forEach: (visit) => {
      for (const [name, chain] of entries()) visit(chain, name, map);
    },
    rulesWith,
    checklist: () => {
      const isChecked = new Uint8Array(names.size());
      return {
        check: (name, lines) => {
          // Lines begin with the name, so they tell it too. A table has a line of its own: there is a break before the first rule.
          const isSame = (number: number) => {
            const start = rules.onlyStart(number) - 1;
            const end = rules.onlyEnd(number);
            return start >= 0 && end - start === lines.length && text.slice(start, end) === lines;
          };
          const same = names.findBy(name, isSame);
          const number = same < 0 ? names.find(name) : same;
          if (number < 0) return 'missing';
          isChecked[number] = 1;
          return same >= 0 || make(number).hasLines(lines) ? 'same' : 'differs';
        },
        hasChecked: (name) => isChecked[names.find(name)] === 1,
        unchecked: () => {
          const others: string[] = [];
          for (const [number, is] of isChecked.entries()) if (is === 0) others.push(names.wordsOf(number));
          return others;
        },
      };
    },
  };
  return map;
}

import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { NftDestination, NftDestinationElement, NftStatement, NftVerdictElement } from '../ruleset.ts';
import { takeDestinationElement, takeVerdict, takeVerdictElement } from './read-element.ts';
import { type AskedKey, takeKey, typesOf } from './read-key.ts';
import { type RuleScope, takeReference } from './scope.ts';
import { readAddress, readDuration, readMark, readPort } from './values.ts';
import { nextWord, take, takeAs, takeWord, type Words } from './words.ts';

/** A statement, and the protocol that it is about: nft asks for that without saying so. */
export interface TakenStatement {
  readonly statement: NftStatement;
  readonly protocol?: L4Protocol | undefined;
}

/** Reads what a rule does next. @returns undefined when that is not understood */
export function takeStatement(words: Words, scope: RuleScope): TakenStatement | undefined {
  const verdict = takeVerdict(words);
  if (verdict !== undefined) return { statement: verdict };
  if (take(words, 'reject')) return plain(takeReject(words));
  if (take(words, 'masquerade')) return plain(takeMasquerade(words));
  if (take(words, 'meta', 'mark', 'set')) return plain(takeSetMark(words));
  if (take(words, 'update')) return plain(takeUpdate(words, scope));
  if (take(words, 'dnat')) return takeTranslation(words, scope);
  return takeVerdictMap(words, scope);
}

function plain(statement: NftStatement | undefined): TakenStatement | undefined {
  return statement === undefined ? undefined : { statement };
}

/** The answer that nft gives when nothing is said. */
const DEFAULT_ANSWER = /^icmp(?:v6|x)? (?:type )?port-unreachable$/;

function takeReject(words: Words): NftStatement {
  if (!take(words, 'with')) return { kind: 'reject' };
  const answer = words.all.slice(words.at).join(' ');
  words.at = words.all.length;
  return DEFAULT_ANSWER.test(answer) ? { kind: 'reject' } : { kind: 'reject', with: answer };
}

function takeMasquerade(words: Words): NftStatement | undefined {
  if (nextWord(words) === undefined) return { kind: 'masquerade', randomFully: false };
  return take(words, 'fully-random') ? { kind: 'masquerade', randomFully: true } : undefined;
}

const OPERATORS = new Map<string, 'and' | 'or' | 'xor'>([
  ['&', 'and'],
  ['|', 'or'],
  ['^', 'xor'],
]);

function takeSetMark(words: Words): NftStatement | undefined {
  if (!take(words, 'meta', 'mark')) return undefined;
  const operator = takeAs(words, (word) => OPERATORS.get(word));
  const value = takeAs(words, readMark);
  return operator === undefined || value === undefined ? undefined : { kind: 'set-mark', operator, value };
}

/** `@SET { ip saddr timeout 3h }` */
function takeUpdate(words: Words, scope: RuleScope): NftStatement | undefined {
  const set = takeAs(words, (word) => (word.startsWith('@') ? word.slice(1) : undefined));
  if (set === undefined || scope.valuesOf(set) !== 'none' || !take(words, '{')) return undefined;
  const key = takeKey(words, scope.family);
  const fields = key?.parts.filter((part) => typeof part === 'string') ?? [];
  if (key === undefined || fields.length < key.parts.length || key.protocol !== undefined) return undefined;
  const timeoutSeconds = take(words, 'timeout') ? takeAs(words, readDuration) : undefined;
  if (!take(words, '}')) return undefined;
  return { kind: 'update', set, fields, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
}

/** `dnat to 10.0.0.1:80`, or with an address and port that a map has. */
function takeTranslation(words: Words, scope: RuleScope): TakenStatement | undefined {
  if (!take(words, 'to') && !take(words, 'ip', 'to') && !take(words, 'ip6', 'to')) return undefined;
  const start = words.at;
  const to = takeAs(words, (word) => readHostPort(word, scope));
  if (to !== undefined) {
    const isAll = nextWord(words) === undefined;
    return isAll ? { statement: { kind: 'dnat', to: { kind: 'constant', to } } } : undefined;
  }
  words.at = start;
  const key = takeKey(words, scope.family);
  if (key === undefined || !take(words, 'map')) return undefined;
  const { parts, protocol } = key;
  const map = takeReference<NftDestinationElement>(
    words,
    (each) => takeDestinationElement(each, { types: typesOf(parts), family: scope.family }),
    (name) => scope.valuesOf(name) === 'destination',
  );
  if (map === undefined || nextWord(words) !== undefined) return undefined;
  const ofProtocol = protocol === undefined ? {} : { protocol };
  return { protocol, statement: { kind: 'dnat', to: { kind: 'map', key: parts, ...ofProtocol, map } } };
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
function readHostPort(word: string, { family }: RuleScope): NftDestination | undefined {
  const colon = word.lastIndexOf(':');
  const host = word.slice(0, colon);
  const isBracketed = host.startsWith('[') && host.endsWith(']');
  const ip = readAddress(isBracketed ? host.slice(1, -1) : host, family);
  const port = readPort(word.slice(colon + 1));
  return ip === undefined || port === undefined || isBracketed !== ip.includes(':')
    ? undefined
    : { ip, port };
}

function takeVerdictMap(words: Words, scope: RuleScope): TakenStatement | undefined {
  const key: AskedKey | undefined = takeKey(words, scope.family);
  if (key === undefined || !take(words, 'vmap')) return undefined;
  const { parts, protocol } = key;
  const map = takeReference<NftVerdictElement>(
    words,
    (each) => takeVerdictElement(each, { types: typesOf(parts), family: scope.family }),
    (name) => scope.valuesOf(name) === 'verdict',
  );
  return map === undefined ? undefined : { protocol, statement: { kind: 'vmap', key: parts, map } };
}

/** Reads what only counts or tells: packets go on as if it was not there. @returns whether there was such a thing */
export function takeHarmless(words: Words): boolean {
  if (take(words, 'counter')) {
    if (take(words, 'name')) takeWord(words);
    else if (take(words, 'packets')) words.at += 3;
    return true;
  }
  if (!take(words, 'log')) return false;
  for (let word = nextWord(words); word !== undefined && LOG_OPTIONS.has(word); word = nextWord(words)) {
    words.at += 2;
  }
  return true;
}

const LOG_OPTIONS: ReadonlySet<string> = new Set([
  'prefix',
  'group',
  'snaplen',
  'queue-threshold',
  'level',
  'flags',
]);

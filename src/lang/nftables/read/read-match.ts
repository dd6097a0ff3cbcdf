import type { ConntrackState } from '../../packet/conntrack.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { NftElement, NftField, NftMatch, NftReference } from '../ruleset.ts';
import { takeElement } from './read-element.ts';
import { type AskedKey, takeKey, takeValues, typesOf } from './read-key.ts';
import { type RuleScope, takeReference } from './scope.ts';
import { readMark } from './values.ts';
import { nextWord, take, takeAs, takeString, takeWord, type Words } from './words.ts';

/** Reads what a rule asks next. @returns undefined when that is not understood, or is no match */
export function takeMatch(words: Words, scope: RuleScope): readonly NftMatch[] | undefined {
  const match = takeSpecialMatch(words);
  if (match !== undefined) return [match];
  const key = takeKey(words, scope.family);
  return key === undefined ? undefined : takeComparison(words, key, scope);
}

function takeSpecialMatch(words: Words): NftMatch | undefined {
  const start = words.at;
  const match = specialMatch(words);
  if (match === undefined) words.at = start;
  return match;
}

function specialMatch(words: Words): NftMatch | undefined {
  if (take(words, 'ct', 'state')) return takeStates(words);
  if (take(words, 'ct', 'status', 'dnat')) return isList(words) ? undefined : { kind: 'ct-status-dnat' };
  if (take(words, 'meta', 'mark')) return takeMark(words);
  if (take(words, 'iifname') || take(words, 'iif')) return takeInterface(words);
  if (take(words, 'fib')) return takeAddressType(words);
  return undefined;
}

/** More values follow. */
function isList(words: Words): boolean {
  return nextWord(words) === ',';
}

const STATES: ReadonlyMap<string, ConntrackState> = new Map([
  ['invalid', 'INVALID'],
  ['established', 'ESTABLISHED'],
  ['related', 'RELATED'],
  ['new', 'NEW'],
  ['untracked', 'UNTRACKED'],
]);

function takeStates(words: Words): NftMatch | undefined {
  const negated = take(words, '!=');
  const states: ConntrackState[] = [];
  do {
    const state = takeAs(words, (word) => STATES.get(word));
    if (state === undefined) return undefined;
    states.push(state);
  } while (take(words, ','));
  return { kind: 'ct-state', states, ...not(negated) };
}

const ALL_BITS = 0xffff_ffff;

function takeMark(words: Words): NftMatch | undefined {
  const mask = take(words, '&') ? takeAs(words, readMark) : ALL_BITS;
  const negated = take(words, '!=');
  if (!negated) take(words, '==');
  const value = takeAs(words, readMark);
  return mask === undefined || value === undefined
    ? undefined
    : { kind: 'mark', mask, value, ...not(negated) };
}

function takeInterface(words: Words): NftMatch | undefined {
  const negated = take(words, '!=');
  const name = takeString(words);
  return name === undefined ? undefined : { kind: 'in-interface', name, ...not(negated) };
}

function takeAddressType(words: Words): NftMatch | undefined {
  const field = takeWord(words);
  if ((field !== 'saddr' && field !== 'daddr') || !take(words, 'type')) return undefined;
  const negated = take(words, '!=');
  return take(words, 'local') ? { kind: 'local-address', field, ...not(negated) } : undefined;
}

/** What follows the parts of a packet: a set, or a value. A protocol's own port asks for the protocol first. */
function takeComparison(
  words: Words,
  { parts, protocol }: AskedKey,
  scope: RuleScope,
): readonly NftMatch[] | undefined {
  const fields = parts.filter((part) => typeof part === 'string');
  if (fields.length < parts.length) return undefined;
  const negated = take(words, '!=');
  const types = typesOf(fields);
  const set = takeReference<NftElement>(
    words,
    (each) => takeElement(each, { types, family: scope.family }),
    (name) => scope.valuesOf(name) === 'none',
  );
  if (set !== undefined) return ofProtocol(protocol, { kind: 'in-set', fields, set, ...not(negated) });
  const key = takeValues(words, types, scope.family);
  if (key === undefined || isList(words)) return undefined;
  return compared({ fields, key, protocol, negated });
}

interface Compared {
  readonly fields: readonly NftField[];
  readonly key: NftElement['key'];
  readonly protocol: L4Protocol | undefined;
  readonly negated: boolean;
}

function compared({ fields, key, protocol, negated }: Compared): readonly NftMatch[] {
  const [field, ...more] = fields;
  const [value] = key;
  if (more.length === 0 && typeof value === 'string') {
    if (field === 'saddr' || field === 'daddr') {
      if (!value.includes('-')) return [{ kind: 'address', field, cidr: value, ...not(negated) }];
    } else if (field === 'l4proto' && !negated && isL4(value)) return [{ kind: 'l4proto', protocol: value }];
  }
  if (more.length === 0 && typeof value === 'number' && protocol !== undefined && !negated)
    return [{ kind: 'dport', protocol, port: value }];
  const set: NftReference<NftElement> = { kind: 'anonymous', elements: [{ key }] };
  return ofProtocol(protocol, { kind: 'in-set', fields, set, ...not(negated) });
}

function ofProtocol(protocol: L4Protocol | undefined, match: NftMatch): readonly NftMatch[] {
  return protocol === undefined ? [match] : [{ kind: 'l4proto', protocol }, match];
}

function isL4(protocol: string): protocol is L4Protocol {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp';
}

function not(negated: boolean): { readonly negated?: true } {
  return negated ? { negated } : {};
}

import { type ConntrackState, hasState, hasTranslatedDestination } from '../../packet/conntrack.ts';
import { readNamed } from '../elements/values.ts';
import { nextWord, take, takeAs } from '../elements/words.ts';
import { type NftMatchKind, printNot, takeNot, testing } from './expression.ts';

/** What the kernel knows about a packet's connection. */

export interface CtStateMatch {
  readonly kind: 'ct-state';
  readonly states: readonly ConntrackState[];
  readonly negated?: boolean;
}

/** The connection has a destination that was rewritten. */
export interface CtDnatMatch {
  readonly kind: 'ct-status-dnat';
}

const STATES: ReadonlyMap<string, ConntrackState> = new Map([
  ['invalid', 'INVALID'],
  ['established', 'ESTABLISHED'],
  ['related', 'RELATED'],
  ['new', 'NEW'],
  ['untracked', 'UNTRACKED'],
]);

function readState(word: string): ConntrackState | undefined {
  return STATES.get(readNamed(word, 'state') ?? '');
}

export const CT_STATE: NftMatchKind<CtStateMatch, CtStateMatch> = {
  print: (match) =>
    `ct state ${printNot(match)}${match.states.map((state) => state.toLowerCase()).join(',')}`,
  take: (words) => {
    if (!take(words, 'ct', 'state')) return undefined;
    const not = takeNot(words);
    const states: ConntrackState[] = [];
    do {
      const state = takeAs(words, readState);
      if (state === undefined) return undefined;
      states.push(state);
    } while (take(words, ','));
    const isOfBits = MORE.has(nextWord(words) ?? '') || (not.negated === true && states.length > 1);
    return isOfBits ? undefined : [{ kind: 'ct-state', states, ...not }];
  },
  canonical: (match) => ({ ...match, states: [...match.states].sort() }),
  prepare: ({ states }) => testing((packet) => hasState(states, packet)),
};

/** What tells that a comparison of bits goes on. */
const MORE: ReadonlySet<string> = new Set([',', '|', '/']);

export const CT_STATUS_DNAT: NftMatchKind<CtDnatMatch, CtDnatMatch> = {
  print: () => 'ct status dnat',
  take: (words) => {
    const isDnat =
      take(words, 'ct', 'status') && takeAs(words, (word) => readNamed(word, 'status')) === 'dnat';
    const isAlone = !MORE.has(nextWord(words) ?? '');
    return isDnat && isAlone ? [{ kind: 'ct-status-dnat' }] : undefined;
  },
  prepare: () => testing(hasTranslatedDestination),
};

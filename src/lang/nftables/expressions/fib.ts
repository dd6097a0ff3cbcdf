import { isLocal } from '../../packet/host.ts';
import { fieldOf } from '../elements/field.ts';
import { take, takeWord } from '../elements/words.ts';
import { type NftMatchKind, printNot, takeNot, testing } from './expression.ts';

/** An address is one of this host's own (`fib … type local`). */
export interface FibMatch {
  readonly kind: 'local-address';
  readonly field: 'saddr' | 'daddr';
  readonly negated?: boolean;
}

export const FIB: NftMatchKind<FibMatch, FibMatch> = {
  print: (match) => `fib ${match.field} type ${printNot(match)}local`,
  take: (words) => {
    if (!take(words, 'fib')) return undefined;
    const field = takeWord(words);
    if ((field !== 'saddr' && field !== 'daddr') || !take(words, 'type')) return undefined;
    const not = takeNot(words);
    return take(words, 'local') ? [{ kind: 'local-address', field, ...not }] : undefined;
  },
  prepare: ({ field }, { host }) => testing((packet) => isLocal(host, `${fieldOf(field, packet)}`)),
};

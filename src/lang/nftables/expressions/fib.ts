import { nftWord } from '../../text/quote.ts';
import { fieldOf } from '../elements/field.ts';
import { readNamed } from '../elements/values.ts';
import { nextWord, take, takeAs, takeBraced, takeWord } from '../elements/words.ts';
import { type NftMatchKind, printNot, takeNot, testing } from './expression.ts';

/** An address is one of this host's own (`fib … type local`), or of the other types that are listed. */
export interface FibMatch {
  readonly kind: 'local-address';
  readonly field: 'saddr' | 'daddr';
  readonly negated?: boolean;
  /** Left out: `local` alone. A connection to or from any other type than `unicast` beside it is none to a Service. */
  readonly types?: readonly string[];
}

export const FIB: NftMatchKind<FibMatch, FibMatch> = {
  print: (match) => {
    const types = match.types === undefined ? 'local' : `{ ${match.types.map(nftWord).join(', ')} }`;
    return `fib ${match.field} type ${printNot(match)}${types}`;
  },
  take: (words) => {
    if (!take(words, 'fib')) return undefined;
    const field = takeWord(words);
    if ((field !== 'saddr' && field !== 'daddr') || !take(words, 'type')) return undefined;
    if (nextWord(words) === 'vmap') return undefined;
    const not = takeNot(words);
    const type = takeAs(words, readType);
    if (type === 'local') return [{ kind: 'local-address', field, ...not }];
    const types = type === undefined ? takeBraced(words, (each) => takeAs(each, readType)) : [type];
    return types === undefined ? undefined : [{ kind: 'local-address', field, ...not, types }];
  },
  prepare: ({ field, types = ['local'] }, { host }) =>
    testing((packet) => types.includes(`${fieldOf(`fib-${field}`, packet, host)}`)),
};

function readType(word: string): string | undefined {
  return readNamed(word, 'fib-type');
}

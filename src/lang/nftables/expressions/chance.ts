import { type Fraction, fractionOf, oneIn, shareOf } from '../../packet/fraction.ts';
import { readCount } from '../elements/values.ts';
import { take, takeAs, type Words } from '../elements/words.ts';
import type { NftMatchKind } from './expression.ts';

/** Holds for this share of packets: a number is drawn and compared. */
export interface NftChanceMatch {
  readonly kind: 'chance';
  readonly share: Fraction;
}

export const NFT_CHANCE: NftMatchKind<NftChanceMatch, NftChanceMatch> = {
  print: ({ share }) => `numgen random mod ${share.denominator} < ${share.numerator}`,
  take: (words) => {
    const share = takeShare(words);
    return share === undefined ? undefined : [{ kind: 'chance', share }];
  },
  prepare: ({ share }) => ({ kind: 'chance', share }),
};

/** `numgen random mod 3 < 1`, `numgen inc mod 3 0`, and `meta random & 2147483647 < 1073741824`, as iptables-nft draws. */
function takeShare(words: Words): Fraction | undefined {
  if (take(words, 'meta', 'random', '&')) {
    const mask = takeAs(words, readCount);
    const limit = take(words, '<') ? takeAs(words, readCount) : undefined;
    // A mask of all lower bits draws from a power of two.
    const isAll = mask !== undefined && Number.isInteger(Math.log2(mask + 1));
    return isAll && limit !== undefined && limit <= mask + 1 ? fractionOf(limit / (mask + 1)) : undefined;
  }
  const isDrawn = take(words, 'numgen', 'random', 'mod') || take(words, 'numgen', 'inc', 'mod');
  const modulus = isDrawn ? takeAs(words, readCount) : undefined;
  if (modulus === undefined || modulus === 0) return undefined;
  const limit = take(words, '<') ? takeAs(words, readCount) : undefined;
  if (limit !== undefined) return limit <= modulus ? shareOf(limit, modulus) : undefined;
  take(words, '==');
  const value = takeAs(words, readCount);
  return value !== undefined && value < modulus ? oneIn(modulus) : undefined;
}

import { plainText, quoteComment, restoreWord } from '../text/quote.ts';

/** How strings become part of a rule's text. */
export interface Quoting {
  readonly comment: (text: string) => string;
  readonly word: (text: string) => string;
  readonly rest: (text: string) => string;
  readonly probability: (value: number) => string;
}

/** For text that root runs: whatever is unusual stops the program. */
export const STRICT: Quoting = {
  comment: quoteComment,
  word: restoreWord,
  rest: plainText,
  probability: (value) => value.toFixed(PROBABILITY_DIGITS),
};

const asIs = (text: string) => text;

/** For text that is only compared or shown, as `iptables-save` spells it: rules of a node may hold anything. */
export const LENIENT: Quoting = {
  comment: JSON.stringify,
  word: asIs,
  rest: asIs,
  probability: (value) => keptProbability(value).toFixed(PROBABILITY_DIGITS + 1),
};

/** kube-proxy writes so many, `iptables-save` one more. */
const PROBABILITY_DIGITS = 10;

/** The kernel keeps a probability as written in units of 2^-31. */
function keptProbability(value: number): number {
  return Math.round(Number(value.toFixed(PROBABILITY_DIGITS)) * 2 ** 31) / 2 ** 31;
}

/** Stands before what is not to hold. */
export function not({ negated = false }: { readonly negated?: boolean }): string {
  return negated ? ' !' : '';
}

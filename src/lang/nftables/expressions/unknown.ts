import { ALL } from '../../packet/fraction.ts';
import { unknownMatch } from '../../packet/holds.ts';
import { plainText } from '../../text/quote.ts';
import { type NftMatchKind, type NftStatementKind, testing } from './expression.ts';

/** Read, but not understood: as nft prints it. Builders make none. */
export interface UnknownPart {
  readonly kind: 'unknown';
  readonly text: string;
}

export const UNKNOWN_MATCH: NftMatchKind<UnknownPart, UnknownPart> = {
  print: ({ text }) => plainText(text),
  prepare: ({ text }) => testing((packet) => unknownMatch(text, packet)),
};

export const UNKNOWN_STATEMENT: NftStatementKind<UnknownPart, UnknownPart> = {
  print: ({ text }) => plainText(text),
  run: ({ text }, packet) => {
    const reason = `svcgen does not follow ${text}`;
    return [
      { packet, next: { kind: 'verdict', verdict: { kind: 'lost', reason } }, share: ALL, effect: text },
    ];
  },
};

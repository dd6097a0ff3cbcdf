import { assertNever } from '../../../diagnostic/invariant.ts';
import { ALL } from '../../packet/fraction.ts';
import type { Packet } from '../../packet/packet.ts';
import { nftIdentifier } from '../../text/quote.ts';
import { nextWord, takeWord, type Words } from '../elements/words.ts';
import { type Act, nothing } from './act.ts';

/** Verdicts: statements, and what verdict maps hold. */

/** Where a packet goes next. */
export type NftVerdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export function printVerdict(verdict: NftVerdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${nftIdentifier(verdict.chain)}` : verdict.kind;
}

export function takeVerdict(words: Words): NftVerdict | undefined {
  const word = nextWord(words);
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      words.at += 1;
      return { kind: word };
    case 'jump':
    case 'goto': {
      words.at += 1;
      const chain = takeWord(words);
      return chain === undefined ? undefined : { kind: word, chain: chain.replaceAll('"', '') };
    }
    default:
      return undefined;
  }
}

export function runVerdict(verdict: NftVerdict, packet: Packet): Act {
  switch (verdict.kind) {
    case 'jump':
    case 'goto':
      return { packet, next: verdict, share: ALL, effect: `-> ${verdict.chain}` };
    case 'return':
      return { packet, next: { kind: 'return' }, share: ALL, effect: 'return' };
    case 'continue':
      return nothing(packet);
    case 'accept':
    case 'drop':
      return {
        packet,
        next: { kind: 'verdict', verdict: { kind: verdict.kind } },
        share: ALL,
        effect: verdict.kind,
      };
    default:
      return assertNever(verdict);
  }
}

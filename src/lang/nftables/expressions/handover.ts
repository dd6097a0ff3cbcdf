import { ALL } from '../../packet/fraction.ts';
import { type Handover, handoverReason } from '../../packet/handover.ts';
import { plainText } from '../../text/quote.ts';
import { nextWord, type Words } from '../elements/words.ts';
import type { NftStatementKind } from './expression.ts';

/** Leaves the rest to a program or to another part of the kernel; as nft prints it. Builders make none. */
export interface HandoverStatement {
  readonly kind: 'handover';
  readonly text: string;
  readonly to: Handover;
}

export const HANDOVER: NftStatementKind<HandoverStatement, HandoverStatement> = {
  print: ({ text }) => plainText(text),
  take: (words) => {
    const to = handoverOf(words);
    if (to === undefined) return undefined;
    const rest = words.all.slice(words.at);
    // Behind it, marks are set for the route to the proxy.
    const isEnd = (word: string) => to.kind === 'proxy' && PROXY_PORT.test(word);
    const text = rest
      .slice(0, rest.findIndex(isEnd) + 1 || rest.length)
      .join(' ')
      .replaceAll(' , ', ',');
    words.at = words.all.length;
    return { statement: { kind: 'handover', text, to } };
  },
  run: ({ text, to }, packet) => {
    const verdict = { kind: 'lost', reason: handoverReason(text, to) } as const;
    return [{ packet, next: { kind: 'verdict', verdict }, share: ALL, effect: text }];
  },
};

const PROXY_PORT = /:(\d{1,5})$/;

/** `queue flags bypass to 1-3`, `tproxy ip to 127.0.0.1:50080`, `synproxy mss 1460 wscale 7`. */
function handoverOf(words: Words): Handover | undefined {
  const rest = words.all.slice(words.at);
  switch (nextWord(words)) {
    case 'queue':
      return { kind: 'queue', isBypassed: rest.some((word) => /^bypass\b/.test(word)) };
    case 'tproxy':
      return { kind: 'proxy', port: rest.flatMap((word) => PROXY_PORT.exec(word)?.[1] ?? [])[0] };
    case 'synproxy':
      return { kind: 'handshake' };
    default:
      return undefined;
  }
}

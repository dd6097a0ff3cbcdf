import { ALL } from '../../packet/fraction.ts';
import { unknownMatch } from '../../packet/holds.ts';
import { plainText } from '../../text/quote.ts';
import { nextWord, type Words } from '../elements/words.ts';
import { type NftMatchKind, type NftStatementKind, testing } from './expression.ts';

/** Read, but not understood: as nft prints it. Builders make none. */
export interface UnknownPart {
  readonly kind: 'unknown';
  readonly text: string;
}

export const UNKNOWN_MATCH: NftMatchKind<UnknownPart, UnknownPart> = {
  print: ({ text }) => plainText(text),
  take: (words) => {
    const start = words.at;
    if (!takeCountingUpdate(words)) return undefined;
    return [{ kind: 'unknown', text: words.all.slice(start, words.at).join(' ') }];
  },
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

/** Sets that count for each client, `update @seen { ip saddr limit rate over 10/second }`: the rest of the rule is for those beyond. */
function takeCountingUpdate(words: Words): boolean {
  const { all, at } = words;
  if (!['add', 'update'].includes(nextWord(words) ?? '') || all[at + 1]?.startsWith('@') !== true)
    return false;
  const end = all.indexOf('}', at);
  const inside = all.slice(at + 3, end);
  const isCounting = inside.some((word, index) => COUNTERS.test(`${word} ${inside[index + 1]}`));
  if (all[at + 2] !== '{' || !isCounting) return false;
  words.at = end + 1;
  return true;
}

const COUNTERS = /^(?:limit rate|quota (?:over|until|\d+)|ct count)\b/;

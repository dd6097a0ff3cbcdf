import { ALL } from '../../packet/fraction.ts';
import { plainText } from '../../text/quote.ts';
import { nextWord, take, takeBraced, takeWord, type Words } from '../elements/words.ts';
import { nothing, ON } from './act.ts';
import type { NftStatementKind } from './expression.ts';

/** What is done to a packet, or beside, that leaves where it goes alone; as nft prints it. Builders make none. */
export interface AsideStatement {
  readonly kind: 'aside';
  readonly text: string;
}

export const ASIDE: NftStatementKind<AsideStatement, AsideStatement> = {
  print: ({ text }) => plainText(text),
  take: (words) => {
    const start = words.at;
    if (!takeAside(words)) return undefined;
    return { statement: { kind: 'aside', text: words.all.slice(start, words.at).join(' ') } };
  },
  run: (_, packet) => [nothing(packet)],
};

/** What begins like this is followed by one word. */
const SETTINGS = [
  'ct helper set',
  'ct label set',
  'ct timeout set',
  'ct event set',
  'meta priority set',
  'meta nftrace set',
  'meta secmark set',
  'ip dscp set',
  'ip ttl set',
  'ip6 hoplimit set',
  'tcp option maxseg size set rt',
  'tcp option maxseg size set',
  'flow add',
  'flow offload',
  'last used',
];

function takeAside(words: Words): boolean {
  const { all, at } = words;
  const setting = SETTINGS.map((each) => each.split(' ')).find((each) =>
    each.every((word, index) => all[at + index] === word),
  );
  if (setting === undefined) return takeChangedSet(words) || takeCopy(words);
  words.at += setting.length;
  return takeWord(words) !== undefined;
}

/** A copy goes elsewhere: `dup to 10.9.9.9 device "eth1"`. */
function takeCopy(words: Words): boolean {
  if (!take(words, 'dup', 'to')) return false;
  const isSent = takeWord(words) !== undefined;
  return take(words, 'device') ? takeWord(words) !== undefined : isSent;
}

/** Rules put clients on lists: `add @seen { ip saddr timeout 1m }`. */
function takeChangedSet(words: Words): boolean {
  if (!['add', 'update', 'delete'].includes(nextWord(words) ?? '')) return false;
  words.at += 1;
  if (takeWord(words)?.startsWith('@') !== true) return false;
  const isKey = (each: Words): true | undefined => {
    for (let word = nextWord(each); word !== '}' && word !== undefined; word = nextWord(each)) {
      if (word === 'limit' || word === 'quota' || word === 'ct') return undefined;
      each.at += 1;
    }
    return true;
  };
  return takeBraced(words, isKey) !== undefined;
}

/** The connection is not tracked, so nothing of it is rewritten. */
export interface NotrackStatement {
  readonly kind: 'notrack';
}

export const NOTRACK: NftStatementKind<NotrackStatement, NotrackStatement> = {
  print: () => 'notrack',
  take: (words) => (take(words, 'notrack') ? { statement: { kind: 'notrack' } } : undefined),
  run: (_, packet) => [{ packet: { ...packet, isUntracked: true }, next: ON, share: ALL, effect: 'notrack' }],
};

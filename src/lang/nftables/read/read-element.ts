import type { IPFamily } from '../../../model/cluster.ts';
import type {
  NftDestination,
  NftDestinationElement,
  NftElement,
  NftVerdict,
  NftVerdictElement,
} from '../ruleset.ts';
import { takeValues, type ValueType } from './read-key.ts';
import { readAddress, readPort } from './values.ts';
import { nextWord, take, takeAs, takeString, takeWord, type Words } from './words.ts';

/** How keys of elements look. */
export interface KeyForm {
  readonly types: readonly ValueType[];
  readonly family: IPFamily;
}

/** `10.244.1.5`, and what nft tells of it: `timeout 3h expires 2h59m comment "…"`. */
export function takeElement(words: Words, { types, family }: KeyForm): NftElement | undefined {
  const key = takeValues(words, types, family);
  if (key === undefined) return undefined;
  let comment: string | undefined;
  for (let word = nextWord(words); word !== undefined && DETAILS.has(word); word = nextWord(words)) {
    words.at += 1;
    if (word === 'comment') {
      comment = takeString(words);
      if (comment === undefined) return undefined;
    } else if (word === 'counter') {
      if (take(words, 'packets')) words.at += 3;
    } else takeWord(words);
  }
  return comment === undefined ? { key } : { key, comment };
}

const DETAILS: ReadonlySet<string> = new Set(['timeout', 'expires', 'counter', 'comment']);

/** `… : goto CHAIN` */
export function takeVerdictElement(words: Words, form: KeyForm): NftVerdictElement | undefined {
  const element = takeElement(words, form);
  if (element === undefined || !take(words, ':')) return undefined;
  const verdict = takeVerdict(words);
  return verdict === undefined ? undefined : { ...element, verdict };
}

/** `… : 10.244.1.5 . 8080` */
export function takeDestinationElement(words: Words, form: KeyForm): NftDestinationElement | undefined {
  const element = takeElement(words, form);
  if (element === undefined || !take(words, ':')) return undefined;
  const to = takeDestination(words, form.family);
  return to === undefined ? undefined : { ...element, to };
}

function takeDestination(words: Words, family: IPFamily): NftDestination | undefined {
  const ip = takeAs(words, (word) => readAddress(word, family));
  if (ip === undefined || !take(words, '.')) return undefined;
  const port = takeAs(words, readPort);
  return port === undefined ? undefined : { ip, port };
}

export function takeVerdict(words: Words): NftVerdict | undefined {
  const word = nextWord(words);
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
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

import type { IPFamily } from '../../../model/cluster.ts';
import { nftIdentifier, nftWord, quoteNftComment } from '../../text/quote.ts';
import { type NftVerdict, printVerdict, takeVerdict } from '../expressions/verdict.ts';
import type { NftValue, ValueType } from './field.ts';
import { takeValues } from './key.ts';
import { readAddress, readPort } from './values.ts';
import { nextWord, take, takeAs, takeBraced, takeString, takeWord, type Words } from './words.ts';

/** Elements of sets and maps, named ones and those that are part of a rule. */

export interface NftElement {
  /** As many as the key that is asked for has parts, in their order. */
  readonly key: readonly NftValue[];
  readonly comment?: string;
}

export interface NftVerdictElement extends NftElement {
  readonly verdict: NftVerdict;
}

/** An address and port. */
export interface NftDestination {
  readonly ip: string;
  readonly port: number;
}

export interface NftDestinationElement extends NftElement {
  readonly to: NftDestination;
}

/** An address alone: rules say the port. */
export interface NftAddressElement extends NftElement {
  readonly ip: string;
}

/** The elements of a large map, of which a packet asks for one. */
export interface UnreadElements<Element> {
  /** Reads the one with a key that is spelled so: `10.96.0.1 . tcp . 80`. undefined: it may be among the others. */
  readonly find: (key: string) => Element | undefined;
  /** Those that are not found so, such as ranges. */
  readonly others: readonly Element[];
}

/** An element of any set or map. */
export type AnyElement = NftElement &
  Partial<
    Pick<NftVerdictElement, 'verdict'> & Pick<NftDestinationElement, 'to'> & Pick<NftAddressElement, 'ip'>
  >;

/** What elements have beside their keys: nothing in sets. */
export type SetValues = 'none' | 'verdict' | 'destination' | 'address';

/** A set or map by its name, or one that is part of the rule. */
export type NftReference<Element extends NftElement> =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'anonymous'; readonly elements: readonly Element[] };

/** An element of a set. By a loop: maps have hundreds of thousands, and a list of words for each takes longer than the words. */
export function printElement({ key, comment }: NftElement): string {
  let text = '';
  for (const value of key) {
    const word = nftWord(`${value}`);
    text = text === '' ? word : `${text} . ${word}`;
  }
  return comment === undefined ? text : `${text} comment ${quoteNftComment(comment)}`;
}

/** An element of a verdict map. */
export function printVerdictElement(element: NftVerdictElement): string {
  return `${printElement(element)} : ${printVerdict(element.verdict)}`;
}

/** An element of a map of addresses and ports. */
export function printDestinationElement(element: NftDestinationElement): string {
  return `${printElement(element)} : ${nftWord(element.to.ip)} . ${element.to.port}`;
}

/** An element of a map of addresses. */
export function printAddressElement(element: NftAddressElement): string {
  return `${printElement(element)} : ${nftWord(element.ip)}`;
}

export function printReference<Element extends NftElement>(
  reference: NftReference<Element>,
  print: (element: Element) => string,
): string {
  return reference.kind === 'named'
    ? `@${nftIdentifier(reference.name)}`
    : `{ ${reference.elements.map(print).join(', ')} }`;
}

/** What is known of elements that are about to be read. */
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

/** `… : 10.244.1.5` */
export function takeAddressElement(words: Words, form: KeyForm): NftAddressElement | undefined {
  const element = takeElement(words, form);
  if (element === undefined || !take(words, ':')) return undefined;
  const ip = takeAs(words, (word) => readAddress(word, form.family));
  return ip === undefined ? undefined : { ...element, ip };
}

function takeDestination(words: Words, family: IPFamily): NftDestination | undefined {
  const ip = takeAs(words, (word) => readAddress(word, family));
  if (ip === undefined || !take(words, '.')) return undefined;
  const port = takeAs(words, readPort);
  return port === undefined ? undefined : { ip, port };
}

/** Reads `@NAME` or `{ … }`. */
export function takeReference<Element extends NftElement>(
  words: Words,
  takeOne: (words: Words) => Element | undefined,
  isNamed: (name: string) => boolean,
): NftReference<Element> | undefined {
  const name = takeAs(words, (word) => (word.startsWith('@') ? word.slice(1) : undefined));
  if (name !== undefined) return isNamed(name) ? { kind: 'named', name } : undefined;
  const elements = takeBraced(words, takeOne);
  return elements === undefined ? undefined : { kind: 'anonymous', elements };
}

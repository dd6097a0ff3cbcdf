import type { IPFamily } from '../../model/cluster.ts';
import type { ListedContents, ListedSet, ListedText } from '../../model/nftables.ts';
import { type Line, linesOf, type Stretch } from '../saved-rules/stretch.ts';
import { takeDestinationElement, takeElement, takeVerdictElement } from './read-element.ts';
import { readSetType, type SetType } from './set-type.ts';
import { readDuration } from './values.ts';
import { take, type Words, wordsOf } from './words.ts';

/** A set or map as far as it has been read: lines of its declaration, and where its elements are. */
export interface OpenSet {
  readonly name: string;
  readonly line: number;
  type: string;
  timeout: string | undefined;
  elements: Stretch | undefined;
}

/** A set that reads its elements when they are asked for. */
export function listedSet(open: OpenSet, text: string, family: IPFamily): ListedSet {
  const { name, line, type, timeout, elements } = open;
  const setType = readSetType(type, family);
  const timeoutSeconds = timeout === undefined ? undefined : readDuration(timeout);
  const places = elements === undefined ? [] : [elements];
  return {
    name,
    line,
    type,
    contents: setType === undefined ? undefined : contentsOf(setType, { text, places, family }),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
}

interface ElementSource {
  readonly text: string;
  readonly places: readonly Stretch[];
  readonly family: IPFamily;
}

function contentsOf({ key, values }: SetType, source: ElementSource): ListedContents {
  const form = { types: key, family: source.family };
  switch (values) {
    case 'none':
      return { values, elements: elementsOf(source, (words) => takeElement(words, form)) };
    case 'verdict':
      return { values, elements: elementsOf(source, (words) => takeVerdictElement(words, form)) };
    case 'destination':
      return { values, elements: elementsOf(source, (words) => takeDestinationElement(words, form)) };
  }
}

/** Those that can be read: the reader has refused all others by then. */
function elementsOf<Element>(
  { text, places }: ElementSource,
  takeOne: (words: Words) => Element | undefined,
): Iterable<Element & ListedText> {
  return {
    *[Symbol.iterator]() {
      for (const line of linesOf(text, places)) yield* readLine(line, takeOne);
    },
  };
}

const START = /^\s*elements = \{/;
const END = /[,}]\s*$/;

/** Elements of a line, which are never split. */
function* readLine<Element>(
  line: Line,
  takeOne: (words: Words) => Element | undefined,
): Generator<Element & ListedText> {
  const words = wordsOf(elementText(line));
  if (words === undefined) return;
  while (words.at < words.all.length) {
    const start = words.at;
    const element = takeOne(words);
    if (element === undefined) return;
    const text = words.all.slice(start, words.at).join(' ');
    take(words, ',');
    yield { ...element, line: line.number, text };
  }
}

function elementText({ text }: Line): string {
  return text.replace(START, '').replace(END, '');
}

/** The first line with an element that can't be read. */
export function unreadableElement({ contents }: ListedSet, open: OpenSet, text: string): Line | undefined {
  if (contents === undefined || open.elements === undefined) return undefined;
  const readable = new Map<number, number>();
  for (const { line } of contents.elements) readable.set(line, (readable.get(line) ?? 0) + 1);
  for (const line of linesOf(text, [open.elements])) {
    const words = wordsOf(elementText(line));
    const commas = words?.all.filter((word) => word === ',').length ?? 0;
    const wanted = words === undefined ? 1 : words.all.length === 0 ? 0 : commas + 1;
    if ((readable.get(line.number) ?? 0) !== wanted) return line;
  }
  return undefined;
}

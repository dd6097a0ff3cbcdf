import type { IPFamily } from '../../../model/cluster.ts';
import { type Line, linesOf, type Stretch } from '../../text/stretch.ts';
import { takeDestinationElement, takeElement, takeVerdictElement } from '../elements/element.ts';
import { readSetType, type SetType } from '../elements/set-type.ts';
import { readNftDuration } from '../elements/values.ts';
import { nftWords, take, type Words } from '../elements/words.ts';
import type { ListedContents, ListedSet, ListedText } from '../ruleset.ts';

/** A set or map as far as it has been read: lines of its declaration, and where its elements are. */
export interface OpenListedSet {
  readonly name: string;
  readonly line: number;
  type: string;
  timeout: string | undefined;
  elements: Stretch | undefined;
}

/** A set that reads its elements when they are asked for, once it is known that they can be read. */
export interface ReadSet {
  readonly set: ListedSet;
  /** The first line with an element that can't be read. */
  readonly unreadable: Line | undefined;
}

export function listedSet(open: OpenListedSet, text: string, family: IPFamily): ReadSet {
  const { name, line, type, timeout } = open;
  const setType = readSetType(type, family);
  const timeoutSeconds = timeout === undefined ? undefined : readNftDuration(timeout);
  const { contents, unreadable } =
    setType === undefined ? NOTHING : readContents(setType, { text, open, family });
  const filled = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  return { set: { name, line, type, contents, ...filled }, unreadable };
}

interface ReadContents {
  readonly contents: ListedContents | undefined;
  readonly unreadable: Line | undefined;
}

/** Of a type that is not known. */
const NOTHING: ReadContents = { contents: undefined, unreadable: undefined };

interface ElementSource {
  readonly text: string;
  readonly open: OpenListedSet;
  readonly family: IPFamily;
}

function readContents({ key, values }: SetType, source: ElementSource): ReadContents {
  const form = { types: key, family: source.family };
  switch (values) {
    case 'none': {
      const { elements, unreadable } = readElements(source, (words) => takeElement(words, form));
      return { contents: { values, elements }, unreadable };
    }
    case 'verdict': {
      const { elements, unreadable } = readElements(source, (words) => takeVerdictElement(words, form));
      return { contents: { values, elements }, unreadable };
    }
    case 'destination': {
      const { elements, unreadable } = readElements(source, (words) => takeDestinationElement(words, form));
      return { contents: { values, elements }, unreadable };
    }
  }
}

type TakeElement<Element> = (words: Words) => Element | undefined;

function readElements<Element>({ text, open }: ElementSource, takeOne: TakeElement<Element>) {
  const places = open.elements === undefined ? [] : [open.elements];
  const elements: Iterable<Element & ListedText> = {
    *[Symbol.iterator]() {
      for (const line of linesOf(text, places)) yield* elementsOf(line, takeOne) ?? [];
    },
  };
  return { elements, unreadable: firstUnreadable(linesOf(text, places), takeOne) };
}

function firstUnreadable<Element>(lines: Iterable<Line>, takeOne: TakeElement<Element>): Line | undefined {
  for (const line of lines) if (elementsOf(line, takeOne) === undefined) return line;
  return undefined;
}

const START = /^\s*elements = \{/;
const END = /[,}]\s*$/;

/** Elements of a line, which are never split. @returns undefined when one can't be read */
function elementsOf<Element>(
  line: Line,
  takeOne: TakeElement<Element>,
): readonly (Element & ListedText)[] | undefined {
  const words = nftWords(line.text.replace(START, '').replace(END, ''));
  if (words === undefined) return undefined;
  const elements: (Element & ListedText)[] = [];
  while (words.at < words.all.length) {
    if (elements.length > 0 && !take(words, ',')) return undefined;
    const start = words.at;
    const element = takeOne(words);
    if (element === undefined) return undefined;
    const text = words.all.slice(start, words.at).join(' ');
    elements.push({ ...element, line: line.number, text });
  }
  return elements;
}

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
export interface ReadSet extends CheckedElements {
  readonly set: ListedSet;
}

interface CheckedElements {
  /** The first line with an element that can't be read, or is one too many. */
  readonly unreadable: Line | undefined;
  /** How many elements there are before it. */
  readonly count: number;
}

/** How many elements the sets and maps of a table may have: that is some for each of 100,000 endpoints. */
export const MAX_ELEMENTS = 2 ** 19;

/** The same in characters for a line: nft begins another one after about eighty, or an element. */
const MAX_LINE = 2 ** 16;

/** @param most how many elements there may be */
export function listedSet(
  open: OpenListedSet,
  text: string,
  { family, most }: { readonly family: IPFamily; readonly most: number },
): ReadSet {
  const { name, line, type, timeout } = open;
  const setType = readSetType(type, family);
  const timeoutSeconds = timeout === undefined ? undefined : readNftDuration(timeout);
  const { contents, unreadable, count } =
    setType === undefined ? NOTHING : readContents(setType, { text, open, family, most });
  const filled = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  return { set: { name, line, type, contents, ...filled }, unreadable, count };
}

interface ReadContents extends CheckedElements {
  readonly contents: ListedContents | undefined;
}

/** Of a type that is not known. */
const NOTHING: ReadContents = { contents: undefined, unreadable: undefined, count: 0 };

interface ElementSource {
  readonly text: string;
  readonly open: OpenListedSet;
  readonly family: IPFamily;
  readonly most: number;
}

function readContents({ key, values }: SetType, source: ElementSource): ReadContents {
  const form = { types: key, family: source.family };
  switch (values) {
    case 'none': {
      const { elements, ...checked } = readElements(source, (words) => takeElement(words, form));
      return { contents: { values, elements }, ...checked };
    }
    case 'verdict': {
      const { elements, ...checked } = readElements(source, (words) => takeVerdictElement(words, form));
      return { contents: { values, elements }, ...checked };
    }
    case 'destination': {
      const { elements, ...checked } = readElements(source, (words) => takeDestinationElement(words, form));
      return { contents: { values, elements }, ...checked };
    }
  }
}

type TakeElement<Element> = (words: Words) => Element | undefined;

function readElements<Element>({ text, open, most }: ElementSource, takeOne: TakeElement<Element>) {
  const places = open.elements === undefined ? [] : [open.elements];
  const elements: Iterable<Element & ListedText> = {
    *[Symbol.iterator]() {
      for (const line of linesOf(text, places)) yield* elementsOf(line, takeOne) ?? [];
    },
  };
  return { elements, ...checkElements(linesOf(text, places), takeOne, most) };
}

function checkElements<Element>(
  lines: Iterable<Line>,
  takeOne: TakeElement<Element>,
  most: number,
): CheckedElements {
  let count = 0;
  for (const line of lines) {
    const elements = line.text.length > MAX_LINE ? undefined : elementsOf(line, takeOne);
    if (elements === undefined || count + elements.length > most) return { unreadable: line, count };
    count += elements.length;
  }
  return { unreadable: undefined, count };
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

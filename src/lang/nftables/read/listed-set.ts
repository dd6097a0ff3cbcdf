import { invariant } from '../../../diagnostic/invariant.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { type Line, linesOf, linesWith, type Stretch } from '../../text/stretch.ts';
import {
  type AnyElement,
  takeAddressElement,
  takeDestinationElement,
  takeElement,
  takeVerdictElement,
} from '../elements/element.ts';
import { readSetType, type SetType } from '../elements/set-type.ts';
import { readNftDuration } from '../elements/values.ts';
import { nftWords, take, type Words } from '../elements/words.ts';
import type { ListedContents, ListedSet, ListedText, UnreadElement } from '../ruleset.ts';
import { elementChecklist } from './element-checklist.ts';
import { keyedElements } from './keyed-elements.ts';
import { plainLine } from './plain-line.ts';

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
  /** The first line that repeats the element before it. */
  readonly repeated: Line | undefined;
  /** That line is one too many. */
  readonly isTooMany: boolean;
  /** What the elements before what is unreadable take of `MAX_ELEMENTS`. */
  readonly share: number;
}

/** How many elements the sets and maps of a table may have: that is some for each of 100,000 endpoints. */
export const MAX_ELEMENTS = 2 ** 19;

/** An element counts for so many where it is not alone in its line, or is no plain one: to read it takes several times as long. */
const SHARE_OF_WORDED = 2;

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
  const { contents, ...checked } =
    setType === undefined ? NOTHING : readContents(setType, { text, open, family, most });
  const filled = timeoutSeconds === undefined ? {} : { timeoutSeconds };
  return { set: { name, line, type, contents, ...filled }, ...checked };
}

interface ReadContents extends CheckedElements {
  readonly contents: ListedContents | undefined;
}

/** Of a type that is not known. */
const NOTHING: ReadContents = {
  contents: undefined,
  unreadable: undefined,
  repeated: undefined,
  isTooMany: false,
  share: 0,
};

interface ElementSource {
  readonly text: string;
  readonly open: OpenListedSet;
  readonly family: IPFamily;
  readonly most: number;
}

function readContents(type: SetType, source: ElementSource): ReadContents {
  const { key, values } = type;
  const form = { types: key, family: source.family };
  const plain = source.family === 'IPv4' ? plainLine(type) : undefined;
  switch (values) {
    case 'none': {
      const { read, ...checked } = readElements(source, (words) => takeElement(words, form), plain);
      return { contents: { values, ...read }, ...checked };
    }
    case 'verdict': {
      const { read, ...checked } = readElements(source, (words) => takeVerdictElement(words, form), plain);
      return { contents: { values, ...read }, ...checked };
    }
    case 'address': {
      const { read, ...checked } = readElements(source, (words) => takeAddressElement(words, form), plain);
      return { contents: { values, ...read }, ...checked };
    }
    case 'destination': {
      const { read, ...checked } = readElements(
        source,
        (words) => takeDestinationElement(words, form),
        plain,
      );
      return { contents: { values, ...read }, ...checked };
    }
  }
}

type TakeElement<Element> = (words: Words) => Element | undefined;

function readElements<Element extends AnyElement>(
  { text, open, most }: ElementSource,
  takeOne: TakeElement<Element>,
  plain: RegExp | undefined,
) {
  const places = open.elements === undefined ? [] : [open.elements];
  const elements: Iterable<Element & ListedText> = {
    *[Symbol.iterator]() {
      for (const line of linesOf(text, places)) yield* elementsOf(line, takeOne) ?? [];
    },
  };
  const lines: Iterable<UnreadElement> = {
    *[Symbol.iterator]() {
      for (const line of linesOf(text, places)) yield* unreadElements(line, takeOne, plain);
    },
  };
  const read = (line: Line) => elementsOf(line, takeOne) ?? [];
  function* elementsWith(words: string): Generator<Element & ListedText> {
    for (const line of linesWith(text, places, words)) yield* read(line);
  }
  const checklist = () => elementChecklist(text, places, (line) => unreadElements(line, takeOne, plain));
  const unread = () => keyedElements(text, { places, plain, read });
  const checked = checkElements(linesOf(text, places), { takeOne, plain, most });
  return { read: { elements, elementsWith, unread, lines, checklist }, ...checked };
}

function* unreadElements<Element extends AnyElement>(
  line: Line,
  takeOne: TakeElement<Element>,
  plain: RegExp | undefined,
): Generator<UnreadElement> {
  const text = plain?.exec(line.text)?.[1];
  if (text !== undefined) yield { text, line: line.number, read: () => onlyElement(line, takeOne) };
  else for (const each of elementsOf(line, takeOne) ?? []) yield { ...each, read: () => each };
}

function onlyElement<Element>(line: Line, takeOne: TakeElement<Element>): Element {
  const [element] = elementsOf(line, takeOne) ?? [];
  invariant(element !== undefined, 'what is plain can be read');
  return element;
}

interface Checked<Element> {
  readonly takeOne: TakeElement<Element>;
  readonly plain: RegExp | undefined;
  readonly most: number;
}

function checkElements<Element>(
  lines: Iterable<Line>,
  { takeOne, plain, most }: Checked<Element>,
): CheckedElements {
  let share = 0;
  let repeated: Line | undefined;
  let before = '';
  for (const line of lines) {
    const { text } = line;
    const isPlain = plain?.test(text) === true && share < most;
    const elements = isPlain ? ONE_PLAIN : text.length > MAX_LINE ? undefined : elementsOf(line, takeOne);
    const more = isPlain ? 1 : (elements?.length ?? 0) * SHARE_OF_WORDED;
    const isTooMany = text.length > MAX_LINE || share + more > most;
    if (elements === undefined || isTooMany) return { unreadable: line, repeated, isTooMany, share };
    if (isPlain ? isSamePlain(text, before) : isAnyRepeated(elements, before)) repeated ??= line;
    share += more;
    before = text;
  }
  return { unreadable: undefined, repeated, isTooMany: false, share };
}

/** A plain line has one element, whose text is told from the line itself. */
const ONE_PLAIN: readonly ListedText[] = [{ line: 0, text: '' }];

/** Of two lines in the midst of a set the texts say it: only the first and the last have more than their elements. */
function isSamePlain(text: string, before: string): boolean {
  if (text === before) return true;
  return (text.endsWith('}') || before.includes('{')) && lastElement(text) === lastElement(before);
}

/** nft sorts elements: equal ones are neighbours. @param before the line before */
function isAnyRepeated(elements: readonly ListedText[], before: string): boolean {
  return elements.some(({ text }, index) => text === (elements[index - 1]?.text ?? lastElement(before)));
}

function lastElement(line: string): string | undefined {
  return line.replace(START, '').replace(END, '').split(', ').at(-1)?.trim();
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

import { type Line, lineEnd, linesOf, lineText, type Stretch } from '../../text/stretch.ts';
import { textIndex } from '../../text/text-index.ts';
import type { UnreadElements } from '../elements/element.ts';

interface ElementLines<Element> {
  readonly places: readonly Stretch[];
  readonly plain: RegExp | undefined;
  readonly read: (line: Line) => readonly Element[];
}

/** Finds the keys of elements that stand alone in their lines, which are all that is kept of them, and reads the others. */
export function keyedElements<Element>(
  text: string,
  { places, plain, read }: ElementLines<Element>,
): UnreadElements<Element> {
  const keys = textIndex(text);
  /** By the number of a key: where its line begins, and which one it is. */
  const [starts, numbers] = [[] as number[], [] as number[]];
  const others: Element[] = [];
  for (const line of linesOf(text, places)) {
    const [whole, element = '', key = ''] = plain?.exec(line.text) ?? [];
    if (whole === undefined) {
      for (const each of read(line)) others.push(each);
      continue;
    }
    const behind = whole.endsWith(',') ? 1 : ' }'.length;
    const start = line.start + whole.length - behind - element.length;
    const number = keys.add(start, start + key.length);
    starts[number] = line.start;
    numbers[number] = line.number;
  }
  return {
    find: (key) => {
      const found = keys.find(key);
      const [start, number] = [starts[found], numbers[found]];
      if (start === undefined || number === undefined) return undefined;
      return read({ text: lineText(text, start, lineEnd(text, start)), start, number })[0];
    },
    others,
  };
}

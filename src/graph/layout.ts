import { Graph, layout } from '@dagrejs/dagre';
import { invariant } from '../diagnostic/invariant.ts';
import { type Arrow, type Box, COLUMNS, type Column, type Picture } from './picture.ts';

/**
 * Where everything is, in pixels. dagre finds the order of boxes that lets few arrows cross: it is small (49 kB with all it
 * needs), synchronous and pure, so that it runs in every browser; elkjs (1.5 MB) and Graphviz as WebAssembly (0.8 MB) are larger than
 * everything else together, and for four columns do no better.
 */
export interface PlacedPicture {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly { readonly column: Column; readonly x: number }[];
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
}

export interface PlacedBox {
  readonly box: Box;
  /** Of its upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The title and the details, broken into lines that fit. */
  readonly titleLines: readonly string[];
  readonly lines: readonly string[];
}

export interface PlacedArrow {
  readonly arrow: Arrow;
  readonly start: Point;
  readonly end: Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Of the two fonts: 13 px with a fixed width, and 12 px. Widths are estimated, as there is no font to ask. Lines are short, so that a
 * picture fits into the 830 px of a README on GitHub, where it would be shrunk.
 */
export const TITLE = { width: 7.9, height: 17, longest: 26 };
export const LINE = { width: 6.5, height: 16, longest: 25 };
export const PADDING = { x: 13, y: 9 };
const GAP = { boxes: 14, columns: 42 };
/** Of what an arrow says, which stands before its end. */
const LABEL = { width: 6.1, space: 20 };

/** Finds a place for every box and arrow. */
export function layOut({ boxes, arrows }: Picture): PlacedPicture {
  const fitted = boxes.map(fitBox);
  const widths = new Map(COLUMNS.map((column) => [column, widest(fitted, column)]));
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: GAP.boxes, ranksep: GAP.columns });
  for (const { box, height } of inOrder(fitted))
    graph.setNode(box.id, { width: widths.get(box.column) ?? 0, height });
  for (const { from, to } of arrows) graph.setEdge(from, to, { weight: 1 });
  for (const [from, to] of hiddenArrows(boxes, arrows)) graph.setEdge(from, to, { weight: 0 });
  layout(graph, { disableOptimalOrderHeuristic: true });
  const placed = moveTogether(
    fitted.map((each) => place(each, graph.node(each.box.id))),
    arrows,
  );
  return {
    width: placed.reduce((most, { x, width }) => Math.max(most, x + width), 0),
    height: placed.reduce((most, { y, height }) => Math.max(most, y + height), 0),
    columns: COLUMNS.flatMap((column) => {
      const first = placed.find(({ box }) => box.column === column);
      return first === undefined ? [] : [{ column, x: first.x }];
    }),
    boxes: placed,
    arrows: placeArrows(arrows, placed),
  };
}

/** As they are to stand one below the other, as far as arrows let them. */
function inOrder(boxes: readonly FittedBox[]): readonly FittedBox[] {
  return COLUMNS.flatMap((column) => boxes.filter(({ box }) => box.column === column));
}

interface FittedBox extends Omit<PlacedBox, 'x' | 'y'> {}

function fitBox(box: Box): FittedBox {
  const titleLines = breakLines(box.title, TITLE.longest);
  const lines = box.details.flatMap((detail) => breakLines(detail, LINE.longest));
  const widthOf = (texts: readonly string[], character: number) =>
    texts.reduce((most, { length }) => Math.max(most, length * character), 0);
  const text = Math.max(widthOf(titleLines, TITLE.width), widthOf(lines, LINE.width));
  const height = PADDING.y * 2 + titleLines.length * TITLE.height + lines.length * LINE.height;
  return { box, titleLines, lines, width: Math.ceil(text) + PADDING.x * 2, height };
}

/** At spaces; words that are longer than a line, which addresses and names of pods may be, behind their punctuation or anywhere. */
function breakLines(text: string, longest: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )/)) {
    for (const part of word.trimEnd().length <= longest ? [word] : partsOf(word, longest)) {
      if (`${line}${part}`.trimEnd().length <= longest) {
        line += part;
        continue;
      }
      if (line !== '') lines.push(line.trimEnd());
      line = part;
    }
  }
  return [...lines, line.trimEnd()];
}

function partsOf(word: string, longest: number): readonly string[] {
  return word.split(/(?<=[-./:,])/).flatMap((part) => {
    const characters = [...part];
    const pieces = Math.ceil(characters.length / longest);
    return Array.from({ length: pieces }, (_, at) =>
      characters.slice(at * longest, (at + 1) * longest).join(''),
    );
  });
}

function widest(boxes: readonly FittedBox[], column: Column): number {
  return boxes.reduce((width, each) => (each.box.column === column ? Math.max(width, each.width) : width), 0);
}

/** What no arrow leads to stands with its like all the same: with the endpoints of the choice before it. */
function hiddenArrows(
  boxes: readonly Box[],
  arrows: readonly Arrow[],
): readonly (readonly [string, string])[] {
  const reached = new Set(arrows.map(({ to }) => to));
  let choice: string | undefined;
  return boxes.flatMap(({ id, column }) => {
    if (column === 'choice') choice = id;
    if (choice === undefined || column !== 'endpoint' || reached.has(id)) return [];
    return [[choice, id] as const];
  });
}

function place(
  fitted: FittedBox,
  at: { readonly x?: number; readonly y?: number; readonly width: number },
): PlacedBox {
  const { x, y, width } = at;
  invariant(x !== undefined && y !== undefined, 'dagre places every node');
  return { ...fitted, width, x: Math.round(x - width / 2), y: Math.round(y - fitted.height / 2) };
}

/** Leaves between columns only what arrows and their labels need: dagre leaves the same everywhere. */
function moveTogether(boxes: readonly PlacedBox[], arrows: readonly Arrow[]): readonly PlacedBox[] {
  const columns = [...new Set(boxes.map(({ x }) => x))].sort((a, b) => a - b);
  const moved = new Map<number, number>();
  let end = 0;
  for (const column of columns) {
    const members = boxes.filter(({ x }) => x === column);
    const ids = new Set(members.map(({ box }) => box.id));
    const label = arrows.reduce(
      (most, each) => (ids.has(each.to) ? Math.max(most, each.label.length) : most),
      0,
    );
    const gap =
      label === 0 ? GAP.columns : Math.max(GAP.columns, Math.ceil(label * LABEL.width) + LABEL.space);
    const start = moved.size === 0 ? 0 : end + gap;
    moved.set(column, start);
    end = start + members.reduce((most, { width }) => Math.max(most, width), 0);
  }
  return boxes.map((each) => ({ ...each, x: moved.get(each.x) ?? each.x }));
}

/** Arrows begin in the middle of a side. Those that end at one box share its side, in the order in which they come. */
function placeArrows(arrows: readonly Arrow[], boxes: readonly PlacedBox[]): readonly PlacedArrow[] {
  const byId = new Map(boxes.map((each) => [each.box.id, each]));
  const yOf = (id: string) => byId.get(id)?.y ?? 0;
  return arrows.flatMap((arrow) => {
    const [from, to] = [byId.get(arrow.from), byId.get(arrow.to)];
    if (from === undefined || to === undefined) return [];
    const coming = arrows.filter((each) => each.to === arrow.to).sort((a, b) => yOf(a.from) - yOf(b.from));
    const share = (coming.indexOf(arrow) + 1) / (coming.length + 1);
    const start = { x: from.x + from.width, y: Math.round(from.y + from.height / 2) };
    return [{ arrow, start, end: { x: to.x, y: Math.round(to.y + to.height * share) } }];
  });
}

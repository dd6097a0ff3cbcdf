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
  readonly title: string;
  /** The details, broken into lines that fit. */
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

/** Of the two fonts: 13 px with a fixed width, and 11.5 px. Widths are estimated, as there is no font to ask. */
const TITLE = { width: 7.9, height: 19, longest: 42 };
const LINE = { width: 6.2, height: 15, longest: 40 };
const PADDING = { x: 16, y: 9 };
const GAP = { boxes: 14, columns: 96 };

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
  const placed = fitted.map((each) => place(each, graph.node(each.box.id)));
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
  const title = cut(box.title, TITLE.longest);
  const lines = box.details.flatMap(breakLines);
  const text = lines.reduce(
    (most, line) => Math.max(most, line.length * LINE.width),
    title.length * TITLE.width,
  );
  const height = PADDING.y * 2 + TITLE.height + lines.length * LINE.height - 2;
  return { box, title, lines, width: Math.ceil(text) + PADDING.x * 2, height };
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** At spaces, and within words only where one is longer than a line. */
function breakLines(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= LINE.longest) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = cut(word, LINE.longest);
  }
  return [...lines, line];
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

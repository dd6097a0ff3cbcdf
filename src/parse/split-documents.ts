import type { Range } from './place.ts';

/** A part of a text that holds a document, or, rarely, several. */
export interface Part extends Range {
  /** Behind the marker that starts it, if one does. */
  readonly contentStart: number;
  /** Nothing but its marker, and a comment, stands on the first line. */
  readonly isMarkerAlone: boolean;
}

const MARKER = '---';

/**
 * What stands between most documents, and how much of it belongs to the one before and to the one behind. Whoever cuts
 * a text there has to look for directives.
 */
export const DOCUMENT_BORDER = { text: `\n${MARKER}\n`, before: 1, behind: MARKER.length + 1 } as const;

const ALONE = /---[ \t]*(?:(?<=[ \t])#[^\n]*)?\r?(?:\n|$)/y;

/**
 * Where the documents of a YAML text stand. A line that starts with `---` starts a document wherever it is (YAML 1.2
 * §9.1.4 forbids it within scalars), so each can be read on its own. Directives (`%YAML`) belong to what follows.
 */
export function splitDocuments(text: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  let segmentStart = 0;
  let directive = nextDirective(text, 0);
  for (let marker = nextMarker(text, 1); marker < text.length; marker = nextMarker(text, marker + 1)) {
    if (directive < segmentStart) directive = nextDirective(text, segmentStart);
    if (directive > marker) {
      parts.push(partOf(text, { start, end: marker }));
      start = marker;
    }
    segmentStart = marker;
  }
  parts.push(partOf(text, { start, end: text.length }));
  return parts;
}

function partOf(text: string, { start, end }: Range): Part {
  const hasMarker = isMarker(text, start);
  ALONE.lastIndex = start;
  return {
    start,
    end,
    contentStart: hasMarker ? start + MARKER.length : start,
    isMarkerAlone: !hasMarker || ALONE.test(text),
  };
}

/** The first marker at or behind an offset (which is not that of the text); the text's end when there is none. */
function nextMarker(text: string, from: number): number {
  let lineBreak = text.indexOf(`\n${MARKER}`, from - 1);
  while (lineBreak >= 0 && !isMarker(text, lineBreak + 1))
    lineBreak = text.indexOf(`\n${MARKER}`, lineBreak + 1);
  return lineBreak < 0 ? text.length : lineBreak + 1;
}

function isMarker(text: string, start: number): boolean {
  if (!text.startsWith(MARKER, start)) return false;
  const next = text.charAt(start + MARKER.length);
  return next === '' || ' \t\r\n'.includes(next);
}

/** The first line that starts with a percent sign, at or behind an offset; past the text's end when none does. */
function nextDirective(text: string, from: number): number {
  if (from === 0 && text.startsWith('%')) return 0;
  const lineBreak = text.indexOf('\n%', Math.max(0, from - 1));
  return lineBreak < 0 ? Number.POSITIVE_INFINITY : lineBreak + 1;
}

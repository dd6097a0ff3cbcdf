import stringWidth from 'string-width';
import type { Excerpt } from '../model/source.ts';
import { escapeText } from './escape.ts';

const TAB_STOP = 4;

/** A line of input as a terminal can show it, in three parts, and where the middle one starts and ends. */
export interface CodeFrame {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
  /** In cells of the terminal, from 0. */
  readonly start: number;
  /** In cells; at least 1, so that the end of a line can be pointed at. */
  readonly width: number;
}

/** Lays out one line: tabs become spaces, what is invisible is spelled out, and cells are counted. */
export function makeCodeFrame({ text, start, length }: Excerpt): CodeFrame {
  const from = clamp(start, text.length);
  const to = clamp(start + Math.max(1, length), text.length);
  const before = layOut(text.slice(0, from), 0);
  const marked = layOut(text.slice(from, to), before.end);
  const after = layOut(text.slice(to).trimEnd(), marked.end);
  return {
    before: before.text,
    marked: marked.text,
    after: after.text,
    start: before.end,
    width: Math.max(1, marked.end - before.end),
  };
}

function layOut(text: string, start: number): { readonly text: string; readonly end: number } {
  let end = start;
  let shown = '';
  for (const [index, part] of text.split('\t').entries()) {
    if (index > 0) {
      const gap = TAB_STOP - (end % TAB_STOP);
      shown += ' '.repeat(gap);
      end += gap;
    }
    const safe = escapeText(part);
    shown += safe;
    end += stringWidth(safe);
  }
  return { text: shown, end };
}

function clamp(value: number, maximum: number): number {
  return Math.min(Math.max(0, value), maximum);
}

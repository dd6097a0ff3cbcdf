import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { partProblem } from '../../iptables/read/problems.ts';
import { lineText } from '../../text/stretch.ts';
import type { LinePlace } from '../../text/text-problem.ts';

/** A word of a line, and where it is. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A line of ipset or ipvsadm. */
export interface WordedLine {
  readonly text: string;
  readonly line: number;
  /** At least one. */
  readonly words: readonly Word[];
  /** The place behind the last word: where something is missing. */
  readonly behind: Word;
}

export function readWords({ text: all }: SourceText, { start, end, line }: LinePlace): WordedLine {
  const raw = lineText(all, start, end);
  const words = Array.from(raw.matchAll(/\S+/g), ({ 0: text, index }) => ({
    text,
    start: start + index,
    end: start + index + text.length,
  }));
  const at = words.at(-1)?.end ?? start;
  return { text: raw.trim(), line, words, behind: { text: '', start: at, end: at } };
}

/** What a line should have had somewhere. */
export interface Wrong {
  readonly at: Word;
  readonly expected: string;
  readonly hint?: string;
}

export function isWrong(read: object): read is Wrong {
  return 'expected' in read;
}

/** @param tool whose line it should be */
export function wrongWord(source: SourceText, tool: string, { at, expected, hint }: Wrong): Diagnostic {
  return partProblem(source, { place: at, tool, expected, ...(hint === undefined ? {} : { hint }) });
}

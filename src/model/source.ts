import type { FieldPath } from './field-path.ts';

/** What stdin is called in diagnostics. */
export const STDIN_NAME = '<stdin>';

/** How an input came to be one. */
interface InputOrigin {
  /** In a folder, rather than named by the user: it may be anything, and what is no manifest is passed over. */
  readonly isFound?: boolean;
}

/** One input as read from disk or stdin, not yet decoded. */
export interface SourceFile extends InputOrigin {
  /** The path as the user wrote it (or as found below a folder that the user named); `STDIN_NAME` for stdin. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A large input that is read bit by bit, so that it need not be in memory all at once. */
export interface LargeSourceFile extends InputOrigin {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Fills the buffer with the bytes from `position` on, as many as it takes.
   * @throws whatever keeps them from being read
   */
  readonly fill: (buffer: Uint8Array, position: number) => void;
}

export type InputFile = SourceFile | LargeSourceFile;

/** A place in a source file, with the line that it stands on. Lines and columns count from 1, in UTF-16 units. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly excerpt: Excerpt;
}

/** What a code frame shows of a line. Very long lines (minified JSON) are cut to a window around the place. */
export interface Excerpt {
  readonly text: string;
  /** Where the place starts in `text`, from 0. */
  readonly start: number;
  /** How many characters of `text` belong to the place; at least 1. */
  readonly length: number;
}

/**
 * Finds a field of one object in its file. A missing field answers with its nearest parent that is there.
 * Parses the document again, with positions: only diagnostics may call it, never the hot path.
 * `key` asks for the place of a map's key instead of its value.
 */
export type Locator = (path: FieldPath, at?: 'value' | 'key') => Span;

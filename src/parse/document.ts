import type { JsonValue } from '../model/json.ts';
import type { SourceLines } from '../model/source-text.ts';
import type { Place } from './place.ts';
import type { Problem } from './problem.ts';

/** A document of a file that could be read. */
export interface ReadDocument {
  readonly value: JsonValue;
  /** What is doubtful in it. */
  readonly warnings: readonly Problem[];
  /** Where everything in it stands. Reads the document again: only diagnostics may ask, and once. */
  readonly place: () => Place;
  /** A List with some of its items: the file has more of them, in front of these or behind. */
  readonly isPart?: true;
}

/** What reading a text, or a part of one, gives. */
export interface Reading {
  readonly documents: readonly ReadDocument[];
  /** Why other documents could not be read. */
  readonly problems: readonly Problem[];
}

/** A file that is being read. */
export interface OpenFile {
  readonly source: SourceLines;
  /** Each reads a part of it, in order: there is one for a small file, and one for each piece of a large one. */
  readonly readers: Iterable<() => Reading>;
}

import type { JsonValue } from '../model/json.ts';
import type { Place } from './place.ts';
import type { Problem } from './problem.ts';

/** A document of a file that could be read. */
export interface ReadDocument {
  readonly value: JsonValue;
  /** What is doubtful in it. */
  readonly warnings: readonly Problem[];
  /** Where everything in it stands. Reads the document again: only diagnostics may ask, and once. */
  readonly place: () => Place;
}

/** What reading a text, or a part of one, gives. */
export interface Reading {
  readonly documents: readonly ReadDocument[];
  /** Why other documents could not be read. */
  readonly problems: readonly Problem[];
}

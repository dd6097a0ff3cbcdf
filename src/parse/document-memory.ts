import { invariant } from '../diagnostic/invariant.ts';
import type { JsonValue } from '../model/json.ts';
import type { Reading } from './document.ts';
import type { JsonReading, JsonReadOptions } from './json/read-json.ts';
import { once, type Place, type Range } from './place.ts';

/**
 * Documents that were read before, by their text: for programs that read the same files again and again while somebody edits
 * them, with the same options. Nobody may change the values. What a reading has not met is forgotten: each one takes the memory of the last one further.
 */
export interface DocumentMemory {
  readonly before: KnownDocuments;
  /** Filled by the reading that it is given to. */
  readonly met: Map<string, readonly JsonValue[]>;
}

type KnownDocuments = ReadonlyMap<string, readonly JsonValue[]>;

/** How the documents of a text are read. */
export interface ReadOptions extends JsonReadOptions {
  /** Of a CustomResourceDefinition only the head is read; see skim.ts. Default: all of it. */
  readonly skims?: boolean;
  /** undefined: everything is read. */
  readonly memory?: DocumentMemory | undefined;
}

/** The memory for the next reading; undefined: there was none before. */
export function nextMemory(last: DocumentMemory | undefined): DocumentMemory {
  return { before: last?.met ?? new Map(), met: new Map() };
}

/**
 * What `read` gives for a range of a text, out of memory where the same was there before. Places are not remembered, since they
 * move: who asks for one has the range read again, once. Nor is anything that there is something to say of.
 */
export function recall<Found extends JsonReading>(
  text: string,
  { start, end }: Range,
  memory: DocumentMemory | undefined,
  read: () => Found,
): Found | Reading {
  if (memory === undefined) return read();
  const content = text.slice(start, end);
  const known = memory.before.get(content) ?? memory.met.get(content);
  const reading = known === undefined ? read() : readingOf(known, read);
  const values = cleanValues(reading);
  if (values !== undefined) memory.met.set(content, values);
  return reading;
}

function readingOf(values: readonly JsonValue[], read: () => JsonReading): Reading {
  const again = once(read);
  const placeOf = (index: number): Place => {
    const reading = again();
    const document = 'documents' in reading ? reading.documents[index] : undefined;
    invariant(document !== undefined, 'a text holds the same documents each time');
    return document.place();
  };
  return {
    documents: values.map((value, index) => ({ value, warnings: [], place: () => placeOf(index) })),
    problems: [],
  };
}

/** undefined: there is something to say of the text. */
function cleanValues(reading: JsonReading): readonly JsonValue[] | undefined {
  if (!('documents' in reading) || reading.problems.length > 0) return undefined;
  const { documents } = reading;
  return documents.every(({ warnings }) => warnings.length === 0)
    ? documents.map(({ value }) => value)
    : undefined;
}

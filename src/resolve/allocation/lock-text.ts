import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Span } from '../../model/source.ts';
import { jsonErrorOffset } from './json-error.ts';

const SHOWN = 200;
const CONFLICT_MARKER = /^(?:<{7}|={7}|>{7})(?: |$)/m;

/** A lock file as read. */
export interface LockText {
  readonly file: string;
  readonly text: string;
}

/** An error about the value that a path of map keys leads to. */
export function lockError(source: LockText, path: readonly string[], message: string): Diagnostic {
  const hint = 'restore the file as svcgen wrote it, or delete it to allocate anew';
  return errorAt(source, positionOf(source.text, path), { message, hint });
}

/** An error about text that is no JSON at all. */
export function lockSyntaxError(source: LockText): Diagnostic {
  const { text } = source;
  if (text.trim() === '') {
    const hint = 'delete it to allocate anew';
    return errorAt(source, { start: 0, length: 1 }, { message: 'the lock file is empty', hint });
  }
  const marker = CONFLICT_MARKER.exec(text);
  if (marker !== null) {
    const message = 'the lock file holds merge conflict markers';
    const hint = 'keep the lines of one side: what the other side allocated is allocated again';
    return errorAt(source, { start: marker.index, length: 7 }, { message, hint });
  }
  const start = Math.min(jsonErrorOffset(text), text.length - 1);
  const hint = 'restore the file as svcgen wrote it, or delete it to allocate anew';
  return errorAt(source, { start, length: 1 }, { message: 'the lock file is not valid JSON', hint });
}

interface Place {
  /** Offset in the text. */
  readonly start: number;
  readonly length: number;
}

/** Where the keys of a path stand, one behind the other: near enough in a file that svcgen writes. */
function positionOf(text: string, path: readonly string[]): Place {
  let place: Place = { start: 0, length: 1 };
  for (const key of path) {
    const quoted = JSON.stringify(key);
    const start = text.indexOf(quoted, place.start);
    if (start < 0) return place;
    place = { start, length: quoted.length };
  }
  return place;
}

function errorAt(
  source: LockText,
  place: Place,
  { message, hint }: { readonly message: string; readonly hint: string },
): Diagnostic {
  return {
    code: 'lock-file-valid',
    severity: 'error',
    object: '',
    field: [],
    span: spanAt(source, place),
    related: [],
    message,
    hint,
  };
}

function spanAt({ file, text }: LockText, { start, length }: Place): Span {
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', start);
  const line = text.slice(0, lineStart).split('\n').length;
  const shownFrom = Math.max(lineStart, start - SHOWN / 2);
  const shownTo = Math.min(lineEnd < 0 ? text.length : lineEnd, shownFrom + SHOWN);
  const excerpt = {
    text: text.slice(shownFrom, shownTo).replace(/\r$/, ''),
    start: start - shownFrom,
    length: Math.max(1, Math.min(length, shownTo - start)),
  };
  return { file, line, column: start - lineStart + 1, excerpt };
}

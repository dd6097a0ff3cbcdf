import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../model/source-text.ts';

const CONFLICT_MARKER = /^(?:<{7}|={7}|>{7})(?: |$)/m;

/** An error about the value that a path of map keys leads to. */
export function lockError(source: SourceText, path: readonly string[], message: string): Diagnostic {
  const hint = 'restore the file as svcgen wrote it, or delete it to allocate anew';
  return errorAt(source, positionOf(source.text, path), { message, hint });
}

/** An error about text that is no JSON at all. */
export function lockSyntaxError(source: SourceText): Diagnostic {
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
  source: SourceText,
  { start, length }: Place,
  { message, hint }: { readonly message: string; readonly hint: string },
): Diagnostic {
  return {
    code: 'lock-file-valid',
    severity: 'error',
    object: '',
    field: [],
    span: source.span(start, start + length),
    related: [],
    message,
    hint,
  };
}

/** What may come next. `first-…`: the map or list may also end at once. */
type State = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'after' | 'end';

const SPACE = /[ \t\r\n]*/y;
const TOKEN =
  /[{}[\],:]|"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/**
 * Where text that is not JSON goes wrong: the offset of the first token that cannot stand there, the length of the
 * text when something is missing at its end. Engines word their own errors differently, and often name no place.
 */
export function jsonErrorOffset(text: string): number {
  const open: string[] = [];
  let state: State | undefined = 'value';
  let offset = 0;
  for (;;) {
    offset = skip(SPACE, text, offset);
    const end = skip(TOKEN, text, offset);
    if (end === offset) return offset;
    state = nextState(state, text.charAt(offset), open);
    if (state === undefined) return offset;
    offset = end;
  }
}

/** Where a match that starts at an offset ends; the offset itself when there is none. */
function skip(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : offset;
}

/** @param open the brackets that are open, innermost last; kept up to date */
function nextState(state: State, token: string, open: string[]): State | undefined {
  switch (state) {
    case 'first-value':
      return token === ']' ? close(open) : nextState('value', token, open);
    case 'first-key':
      return token === '}' ? close(open) : nextState('key', token, open);
    case 'value':
      return startValue(token, open);
    case 'key':
      return token === '"' ? 'colon' : undefined;
    case 'colon':
      return token === ':' ? 'value' : undefined;
    case 'after':
      return afterValue(token, open);
    case 'end':
      return undefined;
  }
}

function startValue(token: string, open: string[]): State | undefined {
  if ('}],:'.includes(token)) return undefined;
  if (token !== '{' && token !== '[') return open.length === 0 ? 'end' : 'after';
  open.push(token);
  return token === '{' ? 'first-key' : 'first-value';
}

function afterValue(token: string, open: string[]): State | undefined {
  const isMap = open.at(-1) === '{';
  if (token === ',') return isMap ? 'key' : 'value';
  return token === (isMap ? '}' : ']') ? close(open) : undefined;
}

function close(open: string[]): State {
  open.pop();
  return open.length === 0 ? 'end' : 'after';
}

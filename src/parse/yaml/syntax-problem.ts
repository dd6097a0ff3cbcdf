import { type Document, isMap, isScalar, isSeq, type Scalar, type YAMLParseError } from 'yaml';
import type { Range } from '../place.ts';
import type { Problem } from '../problem.ts';

/** All that YAML does not allow to stand in a text as it is (YAML 1.2 §5.1). */
const CONTROL_CHARACTER = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The first control character in a part of a file, which go-yaml refuses and the parser here does not. */
export function findControlCharacter(text: string, start: number): Problem | undefined {
  const match = CONTROL_CHARACTER.exec(text);
  if (match === null) return undefined;
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return problem(`the control character U+${code} is not allowed in YAML`, {
    range: { start: start + match.index, end: start + match.index + match[0].length },
    hint: 'write it as an escape in a double-quoted string',
  });
}

/** The parser's words, and ours with a hint. */
const MESSAGES: readonly (readonly [RegExp, string, string?])[] = [
  [/^Tabs are not allowed as indentation$/, 'a line is indented with a tab', 'indent with spaces'],
  [
    /^Plain value cannot start with .* character (.)$/,
    'a value without quotes cannot begin with "$1"',
    'put the value in quotes',
  ],
  [
    /^Nested mappings are not allowed.*$/,
    'a map begins behind something else on the same line',
    'put values that hold ": " or end in ":" in quotes, and look at the indentation of the next line',
  ],
  [
    /^Implicit keys need to be on a single line$/,
    'a key goes over several lines',
    'look for a missing ":" or "-"',
  ],
  [/^Implicit map keys need to be followed.*$/, 'a key has no value', 'look for a missing ":"'],
  [/^All mapping items must start.*$/, 'the keys of a map are not indented alike'],
  [/^All sequence items must start.*$/, 'the items of a list are not indented alike'],
  [/^Flow (?:sequence|map) .*$/, 'a bracket or brace is not closed before this'],
  [/^Unexpected block-seq-ind .*$/, 'a list cannot begin on the line of its key'],
  [/^Block collection cannot start.*$/, 'a map or list cannot begin on the line of "---"'],
  [
    /^Invalid escape sequence (.*)$/,
    '"$1" is no escape that YAML has',
    'double the backslash, or use single quotes',
  ],
  [/^Unexpected [\w-]+(?: token)? in YAML stream: (".*")$/s, 'unexpected $1'],
];

/** The first error of a document: those behind it are its consequences as a rule. */
export function syntaxProblem(document: Document.Parsed, text: string, start: number): Problem | undefined {
  const [error] = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error === undefined) return undefined;
  const openQuote = /^Missing closing .quote/.test(error.message)
    ? findOpenQuote(document, error)
    : undefined;
  if (openQuote !== undefined) {
    const range = { start: start + openQuote.start, end: start + openQuote.end };
    return problem('the quote that opens here is never closed', { range });
  }
  const { message, hint } = describe(error.message);
  return problem(message, { range: rangeOf(error, text, start), ...(hint === undefined ? {} : { hint }) });
}

function describe(theirs: string): { readonly message: string; readonly hint: string | undefined } {
  const [words, ours, hint] = MESSAGES.find(([pattern]) => pattern.test(theirs)) ?? [];
  const lowerCase = theirs.charAt(0).toLowerCase() + theirs.slice(1);
  const isKnown = words !== undefined && ours !== undefined;
  return { message: isKnown ? theirs.replace(words, ours) : lowerCase, hint };
}

/** Wrong indentation is shown where it ends. */
function rangeOf({ pos: [from, to], code }: YAMLParseError, text: string, start: number): Range {
  let position = from;
  if (code === 'BAD_INDENT') while (text.charAt(position) === ' ') position += 1;
  return { start: start + position, end: start + Math.max(to, position + 1) };
}

function problem(message: string, more: { readonly range: Range; readonly hint?: string }): Problem {
  return { code: 'yaml-syntax', severity: 'error', message, ...more };
}

/** The parser reports an unclosed string at its end, often that of the file; the reader wants its beginning. */
function findOpenQuote(document: Document.Parsed, { pos: [end] }: YAMLParseError): Range | undefined {
  const open = scalarsBelow(document.contents).findLast(
    ({ type, range }) => type?.startsWith('QUOTE') === true && range?.[1] === end,
  );
  const start = open?.range?.[0];
  return start === undefined ? undefined : { start, end: start + 1 };
}

/** Keys and values, in the order of the text. */
function scalarsBelow(node: unknown): readonly Scalar[] {
  if (isScalar(node)) return [node];
  if (isSeq(node)) return node.items.flatMap(scalarsBelow);
  return isMap(node) ? node.items.flatMap(({ key, value }) => [key, value].flatMap(scalarsBelow)) : [];
}

/** An escape in a double-quoted string. */
const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)/gs;
const SURROGATE = /\\(?:u|U0000)[dD][89a-fA-F][0-9a-fA-F]{2}/;

/**
 * The first escape of half a character, as UTF-16 has them (`"\ud83d"`). JSON has such escapes; go-yaml refuses them
 * in YAML, also where two halves make a character, and the parser here does not.
 */
export function findSurrogate(document: Document.Parsed, text: string, start: number): Problem | undefined {
  if (!SURROGATE.test(text)) return undefined;
  for (const { type, range } of scalarsBelow(document.contents)) {
    if (type !== 'QUOTE_DOUBLE' || range === undefined || range === null) continue;
    const found = surrogateIn(text.slice(range[0], range[1]));
    if (found === undefined) continue;
    const position = start + range[0] + found.offset;
    return problem(`the escape ${found.text} is half a character, which YAML does not have`, {
      range: { start: position, end: position + found.text.length },
      hint: 'write the character itself, or its number after \\U with eight digits',
    });
  }
  return undefined;
}

function surrogateIn(quoted: string): { readonly text: string; readonly offset: number } | undefined {
  for (const { 0: text, index } of quoted.matchAll(ESCAPE))
    if (SURROGATE.test(text)) return { text, offset: index };
  return undefined;
}

import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLParseError,
  type YAMLSeq,
} from 'yaml';
import type { Range } from '../place.ts';
import type { Problem } from '../problem.ts';
import { describeSyntax } from './syntax-words.ts';

/** All that YAML does not allow to stand in a text as it is (YAML 1.2 §5.1). */
const CONTROL_CHARACTER = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** The first control character in a part of a file, which go-yaml refuses and the parser here does not. */
export function findControlCharacter(text: string, start: number): Problem | undefined {
  const match = CONTROL_CHARACTER.exec(text);
  if (match === null) return undefined;
  const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return problem(
    `the control character U+${code} is not allowed in YAML`,
    'write it as an escape in a double-quoted string',
    { range: { start: start + match.index, end: start + match.index + match[0].length } },
  );
}

/** The first error of a document: those behind it are its consequences as a rule. */
export function syntaxProblem(document: Document.Parsed, text: string, start: number): Problem | undefined {
  const [error] = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error === undefined) return undefined;
  const { message } = error;
  const unclosed = /^Missing closing .quote/.test(message)
    ? unclosedQuote(document, { error, text, start })
    : /^Flow (?:sequence|map) /.test(message)
      ? unclosedBracket(document, { error, text, start })
      : /^Implicit keys /.test(message)
        ? keyOverLines(document, { error, text, start })
        : undefined;
  if (unclosed !== undefined) return unclosed;
  const [ours, hint] = describeSyntax(message);
  return problem(ours, hint, { range: rangeOf(error, text, start) });
}

interface Unclosed {
  readonly error: YAMLParseError;
  readonly text: string;
  /** Where the document stands in its file. */
  readonly start: number;
}

/** The parser reports an unclosed string at its end, often that of the file; the reader wants its beginning. */
function unclosedQuote(document: Document.Parsed, { error, text, start }: Unclosed): Problem | undefined {
  const open = nodesBelow(document.contents).findLast(
    (node) => isScalar(node) && node.type?.startsWith('QUOTE') === true && node.range?.[1] === error.pos[0],
  );
  const position = open?.range?.[0];
  return position === undefined ? undefined : opensHere(position, text, start);
}

/** The innermost one counts: it is what the parser was in. */
function unclosedBracket(document: Document.Parsed, { error, text, start }: Unclosed): Problem | undefined {
  const [position] = error.pos;
  const open = nodesBelow(document.contents).findLast(
    (node) => isCollection(node) && isLeftOpen(node, text) && startOf(node) < position,
  );
  if (open === undefined) return undefined;
  const range = rangeOf(error, text, start);
  const message =
    position >= text.trimEnd().length ? 'the text ends here' : 'it should be closed before this';
  return { ...opensHere(startOf(open), text, start), related: { message, range } };
}

/** In brackets, where a line ends without a comma: either the bracket should have been closed there, or more was to come. */
function keyOverLines(document: Document.Parsed, { error, text, start }: Unclosed): Problem | undefined {
  const [position] = error.pos;
  const around = nodesBelow(document.contents).findLast(
    (node) =>
      isCollection(node) && hasBrackets(node, text) && startOf(node) < position && position < endOf(node),
  );
  const next = nextLine(text, position);
  if (around === undefined || next === undefined) return undefined;
  const range = { start: start + next, end: start + next + 1 };
  if (isLeftOpen(around, text)) {
    const message = 'it should be closed before this';
    return { ...opensHere(startOf(around), text, start), related: { message, range } };
  }
  return problem('a "," is missing between this and the line above', 'put one "," between two entries', {
    range,
  });
}

/** Where the text of the next line begins. */
function nextLine(text: string, position: number): number | undefined {
  const line = text.indexOf('\n', position);
  const next = line < 0 ? -1 : text.slice(line).search(/\S/);
  return next < 0 ? undefined : line + next;
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

function startOf({ range }: Node): number {
  return range?.[0] ?? 0;
}

function endOf({ range }: Node): number {
  return range?.[1] ?? 0;
}

/** A pair in a list in brackets (`[a, b: c]`) is a map, too, and has no brackets of its own. */
function hasBrackets(node: Node, text: string): boolean {
  return CLOSING[text.charAt(startOf(node))] !== undefined;
}

function isLeftOpen(node: Node, text: string): boolean {
  return hasBrackets(node, text) && text.charAt(endOf(node) - 1) !== CLOSING[text.charAt(startOf(node))];
}

function opensHere(position: number, text: string, start: number): Problem {
  const opening = text.charAt(position);
  const closing = CLOSING[opening];
  const [what, hint] =
    closing === undefined
      ? ['quote', 'close it with the same quote']
      : [`"${opening}"`, `close it with "${closing}"`];
  const range = { start: start + position, end: start + position + 1 };
  return problem(`the ${what} that opens here is never closed`, hint, { range });
}

/** Wrong indentation is shown where it ends. */
function rangeOf({ pos: [from, to], code }: YAMLParseError, text: string, start: number): Range {
  let position = from;
  if (code === 'BAD_INDENT') while (text.charAt(position) === ' ') position += 1;
  return { start: start + position, end: start + Math.max(to, position + 1) };
}

function problem(message: string, hint: string, { range }: { readonly range: Range }): Problem {
  return { code: 'yaml-syntax', severity: 'error', message, hint, range };
}

/** Scalars, keys among them, and collections, in the order of the text. */
function nodesBelow(node: unknown): readonly (Scalar | YAMLMap | YAMLSeq)[] {
  if (isScalar(node)) return [node];
  if (isSeq(node)) return [node, ...node.items.flatMap(nodesBelow)];
  return isMap(node)
    ? [node, ...node.items.flatMap(({ key, value }) => [key, value].flatMap(nodesBelow))]
    : [];
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
  for (const node of nodesBelow(document.contents)) {
    const { range } = node;
    if (!isScalar(node) || node.type !== 'QUOTE_DOUBLE' || range === undefined || range === null) continue;
    const found = surrogateIn(text.slice(range[0], range[1]));
    if (found === undefined) continue;
    const position = start + range[0] + found.offset;
    return problem(
      `the escape ${found.text} is half a character, which YAML does not have`,
      'write the character itself, or its number after \\U with eight digits',
      { range: { start: position, end: position + found.text.length } },
    );
  }
  return undefined;
}

function surrogateIn(quoted: string): { readonly text: string; readonly offset: number } | undefined {
  for (const { 0: text, index } of quoted.matchAll(ESCAPE))
    if (SURROGATE.test(text)) return { text, offset: index };
  return undefined;
}

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

const QUOTE_VALUE = 'put the value in quotes if that is part of it';
const ALIGN = 'begin all entries of one map, and all items of one list, in the same column';
const OWN_LINE = 'begin it on a line of its own below, indented further';
const ONE_IS_ENOUGH = 'remove all but one';
const CHECK_TAG = 'remove the tag: Kubernetes needs none, and knows those that begin with "!!"';

/** The parser's words, and ours: what is wrong, and how to mend it. */
const MESSAGES: readonly (readonly [theirs: RegExp, ours: string, hint: string])[] = [
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
    /^Implicit keys (?:of flow sequence pairs )?need to be on a single line$/,
    'a key goes over several lines',
    'look for a missing ":" or "-"',
  ],
  [/^Implicit map keys need to be followed.*$/, 'a key has no value', 'look for a missing ":"'],
  [
    /^The : indicator must be at most 1024 chars.*$/,
    'a key is longer than 1024 characters',
    'look for a missing line break',
  ],
  [/^All mapping items must start.*$/, 'the keys of a map are not indented alike', ALIGN],
  [/^All sequence items must start.*$/, 'the items of a list are not indented alike', ALIGN],
  [/^Sequence item without - indicator$/, 'an item of a list has no "-"', 'begin each item with "- "'],
  [/^Unexpected block-seq-ind .*$/, 'a list cannot begin on the line of its key', OWN_LINE],
  [/^Block collection cannot start.*$/, 'a map or list cannot begin on the line of "---"', OWN_LINE],
  [/^A block sequence may not be used.*$/, 'an item of a list stands where a key should', ALIGN],
  [
    /^Block collections are not allowed within flow.*$/,
    'a map or list of the indented kind stands in brackets or braces',
    'put a "," between entries, and values that hold ": " in quotes',
  ],
  [
    /^(?:Unexpected|Missing) , (?:in|between) flow .*$/,
    'a "," is missing, or one too many',
    'put one "," between two entries',
  ],
  [/^Unexpected empty item in flow .*$/, 'there is nothing between two commas', 'remove one "," of the two'],
  [
    /^Invalid escape sequence (.*)$/,
    '"$1" is no escape that YAML has',
    'double the backslash, or use single quotes',
  ],
  [/^Missing closing .*$/, 'a quote is never closed', 'close it with the same quote'],
  [
    /^(?:Comments|Tags and anchors) must be separated.*$/,
    'a space is missing before or behind this',
    'put a space before "#", and behind a tag or anchor, or the whole value in quotes',
  ],
  [
    /^Block scalar header includes extra characters: .*$/,
    'something else stands behind the "|" or ">" of a block of text',
    'begin the text on the next line, indented further, or put the value in quotes',
  ],
  [
    /^Block scalars? (?:with|values|lines) .*$/,
    'the lines of a block of text are not indented alike',
    'indent all its lines, blank ones too, at least as far as the first',
  ],
  [/^(?:Anchor|Alias) cannot be an empty string$/, '"&" or "*" stands here without a name', QUOTE_VALUE],
  [/^An alias node must not .*$/, 'an alias has a tag or an anchor', 'remove what stands before the "*"'],
  [/^A node can have at most one anchor$/, 'a value has two anchors', ONE_IS_ENOUGH],
  [/^A node can have at most one tag$/, 'a value has two tags', ONE_IS_ENOUGH],
  [
    /^Anchors and tags must be after the (\S+) indicator$/,
    'an anchor or a tag stands before "$1"',
    'put it behind',
  ],
  [/^Verbatim tags must end .*$/, 'the tag that begins here with "!<" has no ">"', CHECK_TAG],
  [
    /^(?:Could not resolve tag: |The (?=!)|Not a valid tag: |Verbatim tags aren't resolved, so )(\S+).*$/s,
    'nothing says what the tag $1 is',
    CHECK_TAG,
  ],
  [
    /^(%\w+) directive should contain .*$/,
    'the directive $1 lacks something, or has something too many',
    'remove the line: Kubernetes needs no directives',
  ],
  [/^Missing directives-end.*$/, 'no "---" stands below a directive', 'remove the line that begins with "%"'],
  [
    /^Unexpected [\w-]+ at node end$/,
    'something stands behind the end of a value',
    `${QUOTE_VALUE}; otherwise look at the indentation, or for a missing "," or "-"`,
  ],
  [
    /^Unexpected [\w-]+(?: token)? in YAML stream: (".*")$/s,
    'unexpected $1',
    'remove it, or put the value in quotes',
  ],
];

/** For what the parser says so rarely that nobody has seen it. */
const ANY_HINT = 'look at quotes, brackets and indentation here and on the line above';

/** The first error of a document: those behind it are its consequences as a rule. */
export function syntaxProblem(document: Document.Parsed, text: string, start: number): Problem | undefined {
  const [error] = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error === undefined) return undefined;
  const { message } = error;
  const unclosed = /^Missing closing .quote/.test(message)
    ? unclosedQuote(document, { error, text, start })
    : /^Flow (?:sequence|map) /.test(message)
      ? unclosedBracket(document, { error, text, start })
      : undefined;
  if (unclosed !== undefined) return unclosed;
  const [ours, hint] = describe(message);
  return problem(ours, hint, { range: rangeOf(error, text, start) });
}

function describe(theirs: string): readonly [message: string, hint: string] {
  const [words, ours = '', hint = ANY_HINT] = MESSAGES.find(([pattern]) => pattern.test(theirs)) ?? [];
  const lowerCase = theirs.charAt(0).toLowerCase() + theirs.slice(1);
  return [words === undefined ? lowerCase : theirs.replace(words, ours), hint];
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
    (node) => isCollection(node) && node.flow === true && !isClosed(node, text) && startOf(node) < position,
  );
  if (open === undefined) return undefined;
  const range = rangeOf(error, text, start);
  const message =
    position >= text.trimEnd().length ? 'the text ends here' : 'it should be closed before this';
  return { ...opensHere(startOf(open), text, start), related: { message, range } };
}

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

function startOf({ range }: Node): number {
  return range?.[0] ?? 0;
}

function isClosed(node: Node, text: string): boolean {
  return text.charAt((node.range?.[1] ?? 1) - 1) === CLOSING[text.charAt(startOf(node))];
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

import { Composer, CST, type Document, Lexer, Parser } from 'yaml';
import type { Reading } from '../document.ts';
import { MAX_DEPTH, nestingProblem } from '../limits.ts';
import type { Place, Range } from '../place.ts';
import type { Problem } from '../problem.ts';
import { findControlCharacter, findSurrogate, syntaxProblem } from './syntax-problem.ts';
import { yamlPlace } from './yaml-places.ts';
import { convertDocument } from './yaml-values.ts';

/** A lone carriage return and NEL end lines in YAML 1.1; the parser knows line feeds only. */
const OTHER_LINE_BREAK = /\r(?!\n)|\u0085/g;

/** Beyond this, a single document would take minutes. */
const MAX_LENGTH = 32 * 1024 * 1024;

/**
 * Words, signs and line breaks. Each takes this parser up to 2.5 microseconds and 500 bytes (`[],` again and again), whatever it
 * is: so many take five seconds and a gigabyte at worst. Everyday manifests have 420,000 in a megabyte.
 */
const MAX_LEXEMES = 2_000_000;

/**
 * Reads any YAML the way Kubernetes does, at about one megabyte a second. Documents with errors are left out.
 * @param start where the text stands in its file; all ranges are of the file
 */
export function readGeneralYaml(original: string, start: number): Reading {
  const bad =
    findControlCharacter(original, start) ??
    findForeignDirective(original, start) ??
    tooLong(original, start);
  if (bad !== undefined) return { documents: [], problems: [bad] };
  const text = original.replace(OTHER_LINE_BREAK, '\n');
  const composed = composeYaml(text);
  if ('refusedAt' in composed) {
    const range = { start: start + composed.refusedAt, end: start + composed.refusedAt + 1 };
    return { documents: [], problems: [composed.problemAt(range)] };
  }
  const readings = composed.documents.map((document, index) => {
    const place = () => placeAgain(text, start, index);
    return readNodes(document, { text, start, place });
  });
  return {
    documents: readings.flatMap(({ documents }) => documents),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

function readNodes(
  document: Document.Parsed,
  { text, start, place }: { readonly text: string; readonly start: number; readonly place: () => Place },
): Reading {
  const syntax = syntaxProblem(document, text, start) ?? findSurrogate(document, text, start);
  if (syntax !== undefined) return { documents: [], problems: [syntax] };
  const { value, problems } = convertDocument(document.contents, start);
  return problems.some(({ severity }) => severity === 'error')
    ? { documents: [], problems }
    : { documents: [{ value, warnings: problems, place }], problems: [] };
}

/** Nodes are not kept: a document is composed again for the few diagnostics that need places. */
function placeAgain(text: string, start: number, index: number): Place {
  const composed = composeYaml(text);
  const document = 'documents' in composed ? composed.documents[index] : undefined;
  return yamlPlace(document?.contents ?? null, start);
}

function tooLong({ length }: string, start: number): Problem | undefined {
  if (length <= MAX_LENGTH) return undefined;
  return lengthProblem(`of ${length} characters is too long: the limit is ${MAX_LENGTH}`, {
    start,
    end: start + 1,
  });
}

function lengthProblem(words: string, range: Range): Problem {
  return {
    code: 'text-file',
    severity: 'error',
    message: `a single YAML document ${words}`,
    hint: 'convert it to JSON, or split it with "---" lines',
    range,
  };
}

function tooManyLexemes(range: Range): Problem {
  return lengthProblem(`of more than ${MAX_LEXEMES} words and signs is too long`, range);
}

const LINE = /([^\n]*)\n?/y;
const BLANK = /^\s*(?:#.*)?$/;
const YAML_1_1 = /^%YAML[ \t]+1\.1\s*(?:#.*)?$/;

/**
 * The first directive that Kubernetes refuses above a part of a file: it reads YAML 1.1, and knows of `%TAG` beside
 * `%YAML`. kubectl takes none at all, because it cuts files at "---" before it reads them.
 */
function findForeignDirective(text: string, start: number): Problem | undefined {
  for (let position = 0; position < text.length; ) {
    LINE.lastIndex = position;
    const [whole = '', line = ''] = LINE.exec(text) ?? [];
    const isDirective = line.startsWith('%');
    if (!isDirective && !BLANK.test(line)) return undefined;
    if (isDirective && !line.startsWith('%TAG') && !YAML_1_1.test(line)) {
      return {
        code: 'yaml-syntax',
        severity: 'error',
        message: `${JSON.stringify(line.trimEnd().slice(0, 60))} is no directive of YAML 1.1, which is all that Kubernetes reads`,
        hint: 'remove the line, and the "---" below it if nothing else is above that',
        range: { start: start + position, end: start + position + line.trimEnd().length },
      };
    }
    position += Math.max(whole.length, 1);
  }
  return undefined;
}

/** Documents as nodes, or where there is too much of the text, and in which way. */
type ComposedYaml =
  | { readonly documents: readonly Document.Parsed[] }
  | { readonly refusedAt: number; readonly problemAt: (range: Range) => Problem };

const OPTIONS = {
  schema: 'failsafe',
  resolveKnownTags: false,
  uniqueKeys: false,
  logLevel: 'silent',
} as const;

/** What can't be parsed goes on for megabytes as a rule, and only a document's first error counts. */
const MAX_ERRORS = 100;

/** Errors that a line makes which is not indented as deep as YAML 1.2 wants it, in brackets or quotes. */
const INDENTATION_ERRORS: ReadonlySet<string> = new Set(['BAD_INDENT', 'MISSING_CHAR']);

/**
 * Parses YAML into nodes, errors included. Scalars and tags stay text: what they mean is for Kubernetes' rules. Lines
 * within brackets and quotes may be indented as they like, as in YAML 1.1.
 */
function composeYaml(text: string): ComposedYaml {
  const strict = withoutStacks(() => compose(text, { isLenient: false }));
  if ('refusedAt' in strict || !strict.documents.some(hasIndentationError)) return strict;
  const lenient = withoutStacks(() => compose(text, { isLenient: true }));
  const isBetter = 'documents' in lenient && lenient.documents.every(({ errors }) => errors.length === 0);
  return isBetter ? lenient : strict;
}

function hasIndentationError({ errors }: Document.Parsed): boolean {
  return errors.some(({ code }) => INDENTATION_ERRORS.has(code));
}

/** V8 and others have it, the standard does not. */
const STACK_LIMIT = 'stackTraceLimit';

/**
 * An error of the parser is an Error, and nobody looks where in the program it was made: to note that takes 5 microseconds
 * and a kilobyte for each of a hundred thousand.
 */
function withoutStacks<T>(work: () => T): T {
  const before: unknown = Reflect.get(Error, STACK_LIMIT);
  Reflect.set(Error, STACK_LIMIT, 0);
  try {
    return work();
  } finally {
    Reflect.set(Error, STACK_LIMIT, before);
  }
}

/**
 * The parser's own stack is watched, since what follows recurses: fifty megabytes of brackets end after a hundred.
 * Leniency is no option of the library: its lexer is told, where brackets or quotes begin, that no indentation is
 * required.
 */
function compose(text: string, { isLenient }: { readonly isLenient: boolean }): ComposedYaml {
  const composer = new Composer(OPTIONS);
  const [lexer, parser] = [new Lexer(), new Parser()];
  const documents: Document.Parsed[] = [];
  const mostErrors = isLenient ? 0 : MAX_ERRORS;
  let [errors, lexemes, before] = [0, 0, ''];
  for (const lexeme of lexer.lex(text)) {
    errors += addTokens(parser.next(lexeme), composer, documents);
    // The composer finds it at the end of the document, which may be megabytes away.
    if (before !== CST.SCALAR && isCutShort(lexeme)) errors += 1;
    [lexemes, before] = [lexemes + 1, lexeme];
    const refusedAt = parser.offset - lexeme.length;
    if (lexemes > MAX_LEXEMES) return { refusedAt, problemAt: tooManyLexemes };
    if (isTooDeep(parser)) return { refusedAt, problemAt: nestingProblem };
    if (errors > mostErrors) break;
    if (isLenient && opensScope(lexeme, text.charAt(parser.offset))) Object.assign(lexer, { indentNext: 0 });
  }
  addTokens(parser.end(), composer, documents);
  for (const document of composer.end()) documents.push(document);
  return { documents };
}

/** A quote that is never closed. What stands behind `CST.SCALAR` may begin with one, too: it is a text without quotes. */
function isCutShort(lexeme: string): boolean {
  const quote = lexeme.charAt(0);
  if (quote !== '"' && quote !== "'") return false;
  return lexeme.length === 1 || lexeme.charAt(lexeme.length - 1) !== quote;
}

/** The stack holds the document and sometimes a scalar, too. */
function isTooDeep({ stack }: Parser): boolean {
  if (stack.length <= MAX_DEPTH) return false;
  return stack.filter(({ type }) => /^block-map|^block-seq|^flow-collection/.test(type)).length > MAX_DEPTH;
}

function opensScope(lexeme: string, next: string): boolean {
  return lexeme === '[' || lexeme === '{' || (next !== '' && '"\'[{'.includes(next));
}

/** @returns how many of the tokens are errors */
function addTokens(tokens: Iterable<CST.Token>, composer: Composer, documents: Document.Parsed[]): number {
  let errors = 0;
  for (const token of tokens) {
    if (token.type === 'error') errors += 1;
    for (const document of composer.next(token)) documents.push(document);
  }
  return errors;
}

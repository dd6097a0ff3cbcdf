import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { MAX_DEPTH } from '../nesting.ts';

/** Documents as nodes, or where the text is nested too deeply. */
export type ComposedYaml =
  | { readonly documents: readonly Document.Parsed[] }
  | { readonly tooDeepAt: number };

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
export function composeYaml(text: string): ComposedYaml {
  const strict = compose(text, { isLenient: false });
  if ('tooDeepAt' in strict || !strict.documents.some(hasIndentationError)) return strict;
  const lenient = compose(text, { isLenient: true });
  const isBetter = 'documents' in lenient && lenient.documents.every(({ errors }) => errors.length === 0);
  return isBetter ? lenient : strict;
}

function hasIndentationError({ errors }: Document.Parsed): boolean {
  return errors.some(({ code }) => INDENTATION_ERRORS.has(code));
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
  let errors = 0;
  for (const lexeme of lexer.lex(text)) {
    errors += addTokens(parser.next(lexeme), composer, documents);
    if (isTooDeep(parser)) return { tooDeepAt: parser.offset - lexeme.length };
    if (errors > MAX_ERRORS) break;
    if (isLenient && opensScope(lexeme, text.charAt(parser.offset))) Object.assign(lexer, { indentNext: 0 });
  }
  addTokens(parser.end(), composer, documents);
  for (const document of composer.end()) documents.push(document);
  return { documents };
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

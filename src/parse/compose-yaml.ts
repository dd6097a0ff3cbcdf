import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { MAX_DEPTH } from './nesting.ts';

/** Documents as nodes, or where the text is nested too deeply. */
export type ComposedYaml =
  | { readonly documents: readonly Document.Parsed[] }
  | { readonly tooDeepAt: number };

/** The document itself, and a scalar at the bottom. */
const STACK_BASE = 2;

/** What can't be parsed goes on for megabytes as a rule, and only a document's first error counts. */
const MAX_ERRORS = 100;

/**
 * Parses YAML into nodes, errors included. Scalars and tags stay text: what they mean is for Kubernetes' rules. The
 * parser's own stack is watched, since what follows recurses: fifty megabytes of brackets end after a hundred.
 */
export function composeYaml(text: string): ComposedYaml {
  const composer = new Composer({
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const parser = new Parser();
  const documents: Document.Parsed[] = [];
  let errors = 0;
  for (const lexeme of new Lexer().lex(text)) {
    errors += addTokens(parser.next(lexeme), composer, documents);
    if (parser.stack.length > MAX_DEPTH + STACK_BASE) return { tooDeepAt: parser.offset - lexeme.length };
    if (errors > MAX_ERRORS) break;
  }
  addTokens(parser.end(), composer, documents);
  for (const document of composer.end()) documents.push(document);
  return { documents };
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

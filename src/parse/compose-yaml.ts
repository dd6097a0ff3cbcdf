import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { MAX_DEPTH } from './nesting.ts';

/** Documents as nodes, or where the text is nested too deeply. */
export type ComposedYaml =
  | { readonly documents: readonly Document.Parsed[] }
  | { readonly tooDeepAt: number };

/** The document itself, and a scalar at the bottom. */
const STACK_BASE = 2;

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
  for (const lexeme of new Lexer().lex(text)) {
    addTokens(parser.next(lexeme), composer, documents);
    if (parser.stack.length > MAX_DEPTH + STACK_BASE) return { tooDeepAt: parser.offset - lexeme.length };
  }
  addTokens(parser.end(), composer, documents);
  documents.push(...composer.end());
  return { documents };
}

function addTokens(tokens: Iterable<CST.Token>, composer: Composer, documents: Document.Parsed[]): void {
  for (const token of tokens) documents.push(...composer.next(token));
}

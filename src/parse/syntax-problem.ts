import { type Document, isMap, isScalar, isSeq, type YAMLParseError } from 'yaml';
import type { Range } from './place.ts';
import type { Problem } from './problem.ts';

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

const HINTS: { readonly [code: string]: string } = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_SCALAR_START: 'put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'indent with care, and put values that hold ": " or end in ":" in quotes',
  MULTILINE_IMPLICIT_KEY: 'look for a missing ":" or a wrong indentation',
  BAD_DQ_ESCAPE: 'double the backslash, or use single quotes',
};

/** The first error of a document: those behind it are its consequences as a rule. */
export function syntaxProblem(document: Document.Parsed, start: number): Problem | undefined {
  const [error] = [...document.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error === undefined) return undefined;
  const openQuote = /^Missing closing .quote/.test(error.message)
    ? findOpenQuote(document, error)
    : undefined;
  if (openQuote !== undefined) {
    const range = { start: start + openQuote.start, end: start + openQuote.end };
    return problem('the quote that opens here is never closed', { range });
  }
  const [from, to] = error.pos;
  const range = { start: start + from, end: start + Math.max(to, from + 1) };
  const hint = HINTS[error.code];
  return problem(plainMessage(error), { range, ...(hint === undefined ? {} : { hint }) });
}

function problem(message: string, more: { readonly range: Range; readonly hint?: string }): Problem {
  return { code: 'yaml-syntax', severity: 'error', message, ...more };
}

/** Lower case, no full stop, and no token names of the parser's own. */
function plainMessage({ message }: YAMLParseError): string {
  const token = /^Unexpected [\w-]+(?: token)? in YAML stream: (".*")$/s.exec(message);
  if (token !== null) return `unexpected ${token[1]}`;
  const text = message.replace(/\.$/, '').replace(/ \]$/, ' "]"').replace(/ \}$/, ' "}"');
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The parser reports an unclosed string at its end, often that of the file; the reader wants its beginning. */
function findOpenQuote(document: Document.Parsed, { pos: [end] }: YAMLParseError): Range | undefined {
  let found: Range | undefined;
  const visit = (node: unknown): void => {
    if (isScalar(node) && node.type?.startsWith('QUOTE') === true && node.range?.[1] === end) {
      found = { start: node.range[0], end: node.range[0] + 1 };
    } else if (isSeq(node)) {
      node.items.forEach(visit);
    } else if (isMap(node)) {
      for (const { key, value } of node.items) [key, value].forEach(visit);
    }
  };
  visit(document.contents);
  return found;
}

import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import type { Span } from '../../src/model/source.ts';

/** A place in a line of input: where `part` stands in it. */
export function spanOf({
  file = 'web.yaml',
  line = 1,
  text = 'a: b',
  part = text,
}: {
  readonly file?: string;
  readonly line?: number;
  readonly text?: string;
  readonly part?: string;
} = {}): Span {
  const start = text.indexOf(part);
  return { file, line, column: start + 1, excerpt: { text, start, length: part.length } };
}

/** A diagnostic as a rule would make it; what a test does not care about is filled in. */
export function diagnosticOf(given: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'field-type',
    severity: 'error',
    object: 'Service default/web',
    field: ['spec', 'ports', 0, 'nodePort'],
    span: spanOf({ line: 14, text: '      nodePort: 80', part: '80' }),
    related: [],
    message: 'nodePort 80 is outside 30000-32767',
    hint: 'choose a port in the range, or omit it',
    ...given,
  };
}

/** What a printer prints, piece by piece. */
export function textOf(pieces: Iterable<string>): string {
  return [...pieces].join('');
}

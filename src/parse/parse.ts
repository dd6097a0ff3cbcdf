import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SourceFile } from '../model/source.ts';
import { decodeText } from './decode-text.ts';
import { flattenManifests, type Sink } from './flatten-manifests.ts';
import type { Problem } from './problem.ts';
import { readDocuments } from './read-documents.ts';
import { type SourceText, sourceText } from './source-text.ts';
import { asTemplateProblem } from './template.ts';

export interface ParseResult {
  /** In the order of the files, and of their documents. */
  readonly manifests: readonly Manifest[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the Kubernetes objects of some files: YAML as Kubernetes understands it (YAML 1.1 by go-yaml's rules), JSON,
 * several documents, lists taken apart. Every problem of every file becomes a diagnostic; nothing is thrown for bad
 * input. A file without documents gives neither objects nor diagnostics.
 */
export function parse(files: readonly SourceFile[]): ParseResult {
  const manifests: Manifest[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const file of files) parseFile(file, manifests, diagnostics);
  return { manifests, diagnostics };
}

function parseFile({ path, bytes }: SourceFile, manifests: Manifest[], diagnostics: Diagnostic[]): void {
  const decoded = decodeText(bytes);
  if ('problem' in decoded) {
    diagnostics.push(unreadableFile(path, decoded.problem));
    return;
  }
  const source = sourceText(path, decoded.text);
  const { documents, problems } = readDocuments(decoded.text);
  const sink: Sink = { manifests, problems: asTemplateProblem(problems, decoded.text) };
  for (const document of documents) flattenManifests(document, source, sink);
  for (const problem of sink.problems) diagnostics.push(toDiagnostic(problem, source));
}

function unreadableFile(path: string, problem: string): Diagnostic {
  return {
    code: 'text-file',
    severity: 'error',
    object: '',
    field: [],
    span: { file: path, line: 1, column: 1, excerpt: { text: '', start: 0, length: 1 } },
    related: [],
    message: `the file ${problem}`,
    hint: 'manifests are YAML or JSON in UTF-8; leave other files out with --ignore',
  };
}

function toDiagnostic(problem: Problem, source: SourceText): Diagnostic {
  const { code, severity, message, hint, range, related } = problem;
  const others =
    related === undefined
      ? []
      : [{ message: related.message, span: source.span(related.range.start, related.range.end) }];
  return {
    code,
    severity,
    object: '',
    field: [],
    span: source.span(range.start, range.end),
    related: others,
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

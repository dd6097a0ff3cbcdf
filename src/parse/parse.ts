import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SourceFile } from '../model/source.ts';
import { sourceText } from '../model/source-text.ts';
import { decodeText, findNul, type NotText } from './decode-text.ts';
import { describeProblem } from './describe-problem.ts';
import { flattenManifests, type Sink } from './flatten-manifests.ts';
import { readDocuments } from './read-documents.ts';

export interface ParseResult {
  /** In the order of the files, and of their documents. */
  readonly manifests: readonly Manifest[];
  readonly diagnostics: readonly Diagnostic[];
  /** Files that hold an object, if only a List of nothing. */
  readonly filesWithObjects: ReadonlySet<string>;
}

/**
 * Reads the Kubernetes objects of some files: YAML as Kubernetes understands it (YAML 1.1 by go-yaml's rules), JSON,
 * several documents, lists taken apart. Every problem of every file becomes a diagnostic; nothing is thrown for bad
 * input. A file without documents gives neither objects nor diagnostics.
 */
export function parse(files: readonly SourceFile[]): ParseResult {
  const manifests: Manifest[] = [];
  const filesWithObjects = new Set<string>();
  const diagnostics = files.map((file) => parseFile(file, manifests, filesWithObjects));
  return { manifests, diagnostics: diagnostics.flat(), filesWithObjects };
}

function parseFile(
  { path, bytes }: SourceFile,
  manifests: Manifest[],
  filesWithObjects: Set<string>,
): readonly Diagnostic[] {
  const decoded = decodeText(bytes);
  if ('problem' in decoded) return [unreadableFile(path, decoded)];
  const { text } = decoded;
  const { documents, problems } = readDocuments(text);
  const nul = problems.length > 0 ? findNul(text) : undefined;
  if (nul !== undefined) return [unreadableFile(path, nul)];
  const source = sourceText(path, text);
  const diagnostics = problems.map((problem) => describeProblem(problem, source));
  for (const document of documents) {
    if (isObject(document.value)) filesWithObjects.add(path);
    const sink: Sink = { manifests, problems: [...document.warnings] };
    flattenManifests(document, source, sink);
    for (const problem of sink.problems) diagnostics.push(describeProblem(problem, source, document.value));
  }
  return withoutRepetition(diagnostics);
}

function isObject(value: JsonValue): boolean {
  return isJsonObject(value) && typeof value.kind === 'string' && typeof value.apiVersion === 'string';
}

/** One document of a template is enough to say so. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = diagnostics.find(({ code }) => code === 'unrendered-template');
  return diagnostics.filter(
    (diagnostic) => diagnostic === first || diagnostic.code !== 'unrendered-template',
  );
}

function unreadableFile(path: string, { problem, readable, offset }: NotText): Diagnostic {
  return {
    code: 'text-file',
    severity: 'error',
    object: '',
    field: [],
    span: sourceText(path, readable).span(offset, offset + 1),
    related: [],
    message: `the file ${problem}`,
    hint: 'manifests are YAML or JSON in UTF-8: convert it, or leave it out with --ignore',
  };
}

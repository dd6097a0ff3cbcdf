import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SourceFile } from '../model/source.ts';
import { sourceText } from '../model/source-text.ts';
import { decodeText, findNul, type NotText } from './decode-text.ts';
import { describeProblem } from './describe-problem.ts';
import { type FileResult, joinResults, parseDocument } from './parse-document.ts';
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
  const diagnostics = files.flatMap((file) => {
    const result = parseFile(file, manifests);
    if (result.hasObjects) filesWithObjects.add(file.path);
    return result.diagnostics;
  });
  return { manifests, diagnostics, filesWithObjects };
}

/** Adds the objects of a file to the manifests. */
export function parseFile({ path, bytes }: SourceFile, manifests: Manifest[]): FileResult {
  const decoded = decodeText(bytes);
  if ('problem' in decoded) return unreadableFile(path, decoded);
  const { text } = decoded;
  const { documents, problems } = readDocuments(text);
  const nul = problems.length > 0 ? findNul(text) : undefined;
  if (nul !== undefined) return unreadableFile(path, nul);
  const source = sourceText(path, text);
  const diagnostics = problems.map((problem) => describeProblem(problem, source));
  return joinResults(
    diagnostics,
    documents.map((document) => parseDocument(document, source, manifests)),
  );
}

function unreadableFile(path: string, { problem, readable, offset }: NotText): FileResult {
  const diagnostic: Diagnostic = {
    code: 'text-file',
    severity: 'error',
    object: '',
    field: [],
    span: sourceText(path, readable).span(offset, offset + 1),
    related: [],
    message: `the file ${problem}`,
    hint: 'manifests are YAML or JSON in UTF-8: convert it, or leave it out with --ignore',
  };
  return { diagnostics: [diagnostic], hasObjects: false };
}

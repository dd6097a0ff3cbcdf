import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { SourceLines } from '../model/source-text.ts';
import { describeProblem } from './describe-problem.ts';
import type { ReadDocument } from './document.ts';
import { flattenManifests, type Sink } from './flatten-manifests.ts';

/** What there is to say of a file, beside its manifests. */
export interface FileResult {
  readonly diagnostics: readonly Diagnostic[];
  /** If only a List of nothing. */
  readonly hasObjects: boolean;
}

/** Adds the objects of a document to the manifests. */
export function parseDocument(
  document: ReadDocument,
  source: SourceLines,
  manifests: Manifest[],
): FileResult {
  const sink: Sink = { manifests, problems: [...document.warnings] };
  flattenManifests(document, source, sink);
  return {
    diagnostics: sink.problems.map((problem) => describeProblem(problem, source, document.value)),
    hasObjects: isObject(document.value),
  };
}

function isObject(value: JsonValue): boolean {
  return isJsonObject(value) && typeof value.kind === 'string' && typeof value.apiVersion === 'string';
}

/** What there is to say of a file in all; `diagnostics` come before those of its documents. */
export function joinResults(
  diagnostics: readonly Diagnostic[],
  documents: readonly FileResult[],
): FileResult {
  return {
    diagnostics: withoutRepetition([...diagnostics, ...documents.flatMap((each) => each.diagnostics)]),
    hasObjects: documents.some(({ hasObjects }) => hasObjects),
  };
}

/** One document of a template is enough to say so. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = diagnostics.find(({ code }) => code === 'unrendered-template');
  return diagnostics.filter(
    (diagnostic) => diagnostic === first || diagnostic.code !== 'unrendered-template',
  );
}

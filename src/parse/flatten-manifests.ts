import type { FieldPath } from '../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Locator } from '../model/source.ts';
import { findRange, type Place } from './place.ts';
import type { Problem } from './problem.ts';
import type { ReadDocument } from './read-documents.ts';
import type { SourceText } from './source-text.ts';

const MAX_LIST_DEPTH = 8;

/** What documents become. */
export interface Sink {
  readonly manifests: Manifest[];
  readonly problems: Problem[];
}

/** A value that should be an object, and where it stands. */
interface Candidate {
  readonly value: JsonValue;
  /** Below the document. */
  readonly path: FieldPath;
  readonly document: ReadDocument;
  readonly source: SourceText;
  /** For items of typed lists, which often leave them out. */
  readonly implied: { readonly kind: string; readonly apiVersion: string } | undefined;
}

/**
 * Adds the objects of a document: itself, or the items of a `List` (or a typed one, such as ServiceList). Documents
 * without kind, or without both kind and apiVersion, are no objects, which is only worth a warning: folders hold
 * Helm values and much else. Empty documents are nothing at all.
 */
export function flattenManifests(document: ReadDocument, source: SourceText, sink: Sink): void {
  addCandidate({ value: document.value, path: [], document, source, implied: undefined }, sink);
}

function addCandidate(candidate: Candidate, sink: Sink): void {
  const { value, implied } = candidate;
  if (value === null) return;
  if (!isJsonObject(value)) {
    sink.problems.push(notAManifest(candidate, `${describe(value)} stands where an object should`));
    return;
  }
  const kind = stringOf(value.kind) || (implied?.kind ?? '');
  const apiVersion = stringOf(value.apiVersion) || (implied?.apiVersion ?? '');
  if (kind === '') sink.problems.push(notAManifest(candidate, 'it has no kind'));
  else if (apiVersion === '') sink.problems.push(withoutApiVersion(candidate, kind));
  else if (isList(kind, value)) addItems(candidate, { kind, apiVersion, items: value.items }, sink);
  else sink.manifests.push(toManifest(candidate, { kind, apiVersion, value }));
}

/** Typed lists are told by their name: no kind that Kubernetes serves ends so otherwise, and has items. */
function isList(kind: string, value: JsonObject): boolean {
  return kind === 'List' || (kind.endsWith('List') && Object.hasOwn(value, 'items'));
}

function addItems(
  list: Candidate,
  { kind, apiVersion, items = null }: { kind: string; apiVersion: string; items: JsonValue | undefined },
  sink: Sink,
): void {
  const path = [...list.path, 'items'];
  if (items === null) return;
  if (!Array.isArray(items) || path.length > 2 * MAX_LIST_DEPTH) {
    sink.problems.push(badItems(list, path, items));
    return;
  }
  const implied = kind === 'List' ? undefined : { kind: kind.slice(0, -'List'.length), apiVersion };
  items.forEach((value: JsonValue, index: number) => {
    addCandidate({ ...list, value, path: [...path, index], implied }, sink);
  });
}

function toManifest(
  { path, document, source }: Candidate,
  { kind, apiVersion, value }: { kind: string; apiVersion: string; value: JsonObject },
): Manifest {
  const metadata = isJsonObject(value.metadata) ? value.metadata : undefined;
  return {
    apiVersion,
    kind,
    namespace: stringOf(metadata?.namespace),
    name: stringOf(metadata?.name),
    value,
    file: source.file,
    locate: locator(document, path, source),
  };
}

function locator({ place }: ReadDocument, base: FieldPath, source: SourceText): Locator {
  return (path, at = 'value') => {
    const { start, end } = findRange(below(place(), base), path, at);
    return source.span(start, end);
  };
}

/** The place of an object; its document's when that can't be found any more. */
function below(root: Place, base: FieldPath): Place {
  let place = root;
  for (const step of base) place = place.children().get(step) ?? place;
  return place;
}

function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function describe(value: JsonValue): string {
  return Array.isArray(value) ? 'a list' : `the ${typeof value} ${JSON.stringify(value)?.slice(0, 40)}`;
}

function notAManifest(candidate: Candidate, why: string): Problem {
  return {
    code: 'not-a-manifest',
    severity: 'warning',
    message: `this is no Kubernetes object: ${why}`,
    hint: 'every object needs apiVersion and kind; leave other files out with --ignore',
    range: findRange(candidate.document.place(), candidate.path, 'value'),
  };
}

function withoutApiVersion(candidate: Candidate, kind: string): Problem {
  return {
    code: 'manifest-has-api-version',
    severity: 'error',
    message: `the object of kind ${JSON.stringify(kind)} has no apiVersion`,
    hint: 'add one, such as "apiVersion: v1" for a Service',
    range: findRange(candidate.document.place(), [...candidate.path, 'kind'], 'value'),
  };
}

function badItems(list: Candidate, path: FieldPath, items: JsonValue): Problem {
  const isTooDeep = Array.isArray(items);
  return {
    code: 'list-items',
    severity: 'error',
    message: isTooDeep
      ? 'lists stand in lists too deeply'
      : `the items of a List must be a list, not ${describe(items)}`,
    hint: isTooDeep ? 'take the inner lists apart' : 'write "items: []" for an empty List',
    range: findRange(list.document.place(), path, 'value'),
  };
}

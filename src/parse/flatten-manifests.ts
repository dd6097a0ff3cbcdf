import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { READ_KINDS } from '../kubernetes/kinds.ts';
import type { FieldPath } from '../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Locator } from '../model/source.ts';
import type { SourceLines } from '../model/source-text.ts';
import type { ReadDocument } from './document.ts';
import {
  badItem,
  badItems,
  type DocumentPart,
  holdsDirective,
  listOfObjects,
  mergePatch,
  notAManifest,
  otherItems,
  withoutField,
} from './manifest-problems.ts';
import { findPlace, findRange, once, type Place } from './place.ts';
import type { Problem } from './problem.ts';
import { holdsAction, templateProblem } from './template.ts';

/** What documents become. */
export interface Sink {
  readonly manifests: Manifest[];
  readonly problems: Problem[];
}

/** A value that should be an object, and where it stands. */
interface Candidate {
  readonly value: JsonValue;
  /** Of the document. */
  readonly place: () => Place;
  /** In it: nowhere for the document itself, else behind the items that `index` counts. */
  readonly itemsPath: FieldPath;
  readonly index: number | undefined;
  readonly source: SourceLines;
  /** For items of typed lists, which leave them out as a rule. */
  readonly implied: { readonly kind: string; readonly apiVersion: string } | undefined;
}

/**
 * Adds the objects of a document: itself, or the items of a `List` (or a typed one, such as ServiceList), also in
 * each other. Documents that were not meant to be objects are only worth a warning: folders hold Helm values and
 * much else. Empty documents are nothing at all.
 */
export function flattenManifests({ value, place }: ReadDocument, source: SourceLines, sink: Sink): void {
  if (value === null) return;
  const position = { place: once(place), itemsPath: [], index: undefined, source };
  const candidate = { value, ...position, implied: undefined };
  if (isJsonObject(value)) addObject(value, candidate, sink);
  else if (Array.isArray(value) && value.some(isMeantAsObject))
    sink.problems.push(listOfObjects(subjectOf(candidate)));
  else sink.problems.push(notAManifest(subjectOf(candidate), `${describe(value)} is no map`));
}

function subjectOf({ place, ...position }: Candidate): DocumentPart {
  return { path: pathOf(position), place };
}

/** Made when it is wanted: of many thousand items, locators keep no path of their own. */
function pathOf({ itemsPath, index }: Pick<Candidate, 'itemsPath' | 'index'>): FieldPath {
  return index === undefined ? itemsPath : [...itemsPath, index];
}

function addObject(value: JsonObject, candidate: Candidate, sink: Sink): void {
  if (holdsDirective(value)) {
    sink.problems.push(mergePatch(subjectOf(candidate)));
    return;
  }
  const { implied } = candidate;
  const kind = stringOf(value.kind) || (implied?.kind ?? '');
  const apiVersion = stringOf(value.apiVersion) || (implied?.apiVersion ?? '');
  if (kind === '' || apiVersion === '') addIncomplete(value, candidate, sink);
  else if (isList(kind, value))
    addItems(value.items ?? [], { ...candidate, implied: { kind, apiVersion } }, sink);
  else addManifest({ kind, apiVersion, value }, candidate, sink);
}

/**
 * One of the two that every object has may be an accident: Chart.yaml has an apiVersion, and Helm values have kinds. Together with
 * another field of objects it is not, and within lists nothing else is allowed.
 */
function addIncomplete(value: JsonObject, candidate: Candidate, sink: Sink): void {
  const subject = subjectOf(candidate);
  if (candidate.index === undefined && !isMeantAsObject(value)) {
    sink.problems.push(notAManifest(subject, `it has no ${missingFields(value).join(' and ')}`));
    return;
  }
  if (candidate.index === undefined && isForeign(value)) {
    sink.problems.push(notAManifest(subject, 'it has no apiVersion'));
    return;
  }
  for (const field of missingFields(value)) sink.problems.push(withoutField(field, { ...subject, value }));
}

/** Many programs have settings with a kind and a spec of their own. Nothing that svcgen reads is meant, nor misspelt. */
function isForeign(value: JsonObject): boolean {
  const [kind, apiVersion] = [stringOf(value.kind), stringOf(value.apiVersion)];
  return (
    kind !== '' && apiVersion === '' && !READ_KINDS.has(kind) && didYouMean(kind, READ_KINDS) === undefined
  );
}

function missingFields(value: JsonObject) {
  return (['apiVersion', 'kind'] as const).filter((field) => stringOf(value[field]) === '');
}

const OBJECT_FIELDS = ['metadata', 'spec', 'subsets', 'endpoints', 'items'];

function isMeantAsObject(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const [hasKind, hasVersion] = [value.kind ?? null, value.apiVersion ?? null].map((field) => field !== null);
  if (hasKind === hasVersion) return hasKind === true;
  return OBJECT_FIELDS.some((field) => Object.hasOwn(value, field));
}

/** Typed lists are told by their name: no kind that Kubernetes serves ends so otherwise, and has items. */
function isList(kind: string, value: JsonObject): boolean {
  return kind === 'List' || (kind.endsWith('List') && Object.hasOwn(value, 'items'));
}

/** Whether `flattenManifests` takes a document apart. */
export function isListDocument(value: JsonObject): boolean {
  return stringOf(value.apiVersion) !== '' && isList(stringOf(value.kind), value);
}

/** Nobody reads more of them, and millions take gigabytes. */
const MOST_PROBLEMS = 1000;

/** `implied` is what the list itself is here. */
function addItems(items: JsonValue, list: Candidate, sink: Sink): void {
  const { place, source } = list;
  const itemsPath = [...pathOf(list), 'items'];
  if (!Array.isArray(items)) {
    sink.problems.push(badItems({ path: itemsPath, place }, describe(items)));
    return;
  }
  const implied =
    list.implied === undefined ? undefined : impliedBy(list.implied.kind, list.implied.apiVersion);
  for (const [index, value] of items.entries()) {
    if (sink.problems.length >= MOST_PROBLEMS) {
      sink.problems.push(otherItems({ path: itemsPath, place }, items.length - index));
      return;
    }
    addItem({ value, place, itemsPath, index, source, implied }, sink);
  }
}

/** What the items of a typed list are. */
function impliedBy(kind: string, apiVersion: string): Candidate['implied'] {
  return kind === 'List' ? undefined : { kind: kind.slice(0, -'List'.length), apiVersion };
}

function addItem(item: Candidate, sink: Sink): void {
  if (isJsonObject(item.value)) addObject(item.value, item, sink);
  else sink.problems.push(badItem(subjectOf(item), describe(item.value)));
}

function addManifest(
  { kind, apiVersion, value }: Pick<Manifest, 'kind' | 'apiVersion' | 'value'>,
  { place, itemsPath, index, source }: Candidate,
  sink: Sink,
): void {
  const metadata = isJsonObject(value.metadata) ? value.metadata : undefined;
  const namespace = stringOf(metadata?.namespace);
  const name = stringOf(metadata?.name);
  const template = templateField({ kind, apiVersion, namespace, name });
  if (template !== undefined) {
    const path = pathOf({ itemsPath, index });
    const range = findRange(findPlace(place(), path), template, 'value');
    sink.problems.push(templateProblem({ range, path: [...path, ...template] }));
    return;
  }
  const locate = locator({ place, itemsPath, index, source });
  sink.manifests.push({ apiVersion, kind, namespace, name, value, file: source.file, locate });
}

/** Templates may be well-formed YAML when all their actions are in quotes. */
function templateField(
  manifest: Pick<Manifest, 'kind' | 'apiVersion' | 'namespace' | 'name'>,
): FieldPath | undefined {
  const { kind, apiVersion, namespace, name } = manifest;
  if (holdsAction(name)) return ['metadata', 'name'];
  if (holdsAction(namespace)) return ['metadata', 'namespace'];
  if (holdsAction(kind)) return ['kind'];
  return holdsAction(apiVersion) ? ['apiVersion'] : undefined;
}

function locator({
  place,
  itemsPath,
  index,
  source,
}: Pick<Candidate, 'place' | 'itemsPath' | 'index' | 'source'>): Locator {
  return (path, at = 'value') => {
    const { start, end } = findRange(findPlace(place(), pathOf({ itemsPath, index })), path, at);
    return source.span(start, end);
  };
}

function stringOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return isJsonObject(value) ? 'a map' : `the ${typeof value} ${JSON.stringify(value).slice(0, 40)}`;
}

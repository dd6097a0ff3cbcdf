import type { FieldPath } from '../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Locator } from '../model/source.ts';
import type { SourceLines } from '../model/source-text.ts';
import type { ReadDocument } from './document.ts';
import {
  badItem,
  badItems,
  listOfObjects,
  notAManifest,
  otherItems,
  withoutField,
} from './manifest-problems.ts';
import { once } from './once.ts';
import { findPlace, findRange, type Place } from './place.ts';
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
  /** Below what `place` is of. */
  readonly path: FieldPath;
  readonly place: () => Place;
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
  const candidate = { value, path: [], place: once(place), source, implied: undefined };
  if (isJsonObject(value)) addObject(value, candidate, sink);
  else if (Array.isArray(value) && value.some(isMeantAsObject)) sink.problems.push(listOfObjects(candidate));
  else sink.problems.push(notAManifest(candidate, `${describe(value)} is no map`));
}

/** Adds the next items of a list to what became of those before. `place`: of a list that holds nothing but them. */
export type AddItems = (items: readonly JsonValue[], place: () => Place, sink: Sink) => void;

/**
 * For the items of a list that come bit by bit.
 * @param list without them
 * @returns undefined when it is no list
 */
export function flattenInPieces(list: JsonObject, source: SourceLines): AddItems | undefined {
  const [kind, apiVersion] = [stringOf(list.kind), stringOf(list.apiVersion)];
  if (kind === '' || apiVersion === '' || !isList(kind, list)) return undefined;
  const implied = impliedBy(kind, apiVersion);
  return (items, place, sink) => {
    const placeOnce = once(place);
    items.forEach((value, index) => {
      addItem({ value, path: [index], place: placeOnce, source, implied }, sink);
    });
  };
}

function addObject(value: JsonObject, candidate: Candidate, sink: Sink): void {
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
  if (candidate.path.length === 0 && !isMeantAsObject(value)) {
    sink.problems.push(notAManifest(candidate, 'it has no apiVersion and kind'));
    return;
  }
  for (const field of ['apiVersion', 'kind'] as const) {
    if (stringOf(value[field]) === '') sink.problems.push(withoutField(field, { ...candidate, value }));
  }
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

/** Nobody reads more of them, and millions take gigabytes. */
const MOST_PROBLEMS = 1000;

/** `implied` is what the list itself is here. */
function addItems(items: JsonValue, list: Candidate, sink: Sink): void {
  const path = [...list.path, 'items'];
  if (!Array.isArray(items)) {
    sink.problems.push(badItems({ ...list, path }, describe(items)));
    return;
  }
  const implied =
    list.implied === undefined ? undefined : impliedBy(list.implied.kind, list.implied.apiVersion);
  for (const [index, value] of items.entries()) {
    if (sink.problems.length >= MOST_PROBLEMS) {
      sink.problems.push(otherItems({ ...list, path }, items.length - index));
      return;
    }
    const { place, source } = list;
    addItem({ value, path: [...path, index], place, source, implied }, sink);
  }
}

/** What the items of a typed list are. */
function impliedBy(kind: string, apiVersion: string): Candidate['implied'] {
  return kind === 'List' ? undefined : { kind: kind.slice(0, -'List'.length), apiVersion };
}

function addItem(item: Candidate, sink: Sink): void {
  if (isJsonObject(item.value)) addObject(item.value, item, sink);
  else sink.problems.push(badItem(item, describe(item.value)));
}

function addManifest(
  { kind, apiVersion, value }: Pick<Manifest, 'kind' | 'apiVersion' | 'value'>,
  { path, place, source }: Candidate,
  sink: Sink,
): void {
  const metadata = isJsonObject(value.metadata) ? value.metadata : undefined;
  const namespace = stringOf(metadata?.namespace);
  const name = stringOf(metadata?.name);
  const template = templateField({ kind, apiVersion, namespace, name });
  if (template !== undefined) {
    const range = findRange(findPlace(place(), path), template, 'value');
    sink.problems.push(templateProblem({ range, path: [...path, ...template] }));
    return;
  }
  const locate = locator(place, path, source);
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

function locator(place: () => Place, base: FieldPath, source: SourceLines): Locator {
  return (path, at = 'value') => {
    const { start, end } = findRange(findPlace(place(), base), path, at);
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

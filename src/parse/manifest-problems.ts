import type { FieldPath } from '../model/field-path.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { findPlace, findRange, type Place, type Range } from './place.ts';
import type { Problem } from './problem.ts';

/** Where in a document something is wrong. */
export interface DocumentPart {
  readonly path: FieldPath;
  readonly place: () => Place;
}

/** A whole document that was hardly meant to be an object; the command line makes little of it in folders. */
export function notAManifest(subject: DocumentPart, why: string): Problem {
  return {
    code: 'not-a-manifest',
    severity: 'warning',
    message: `this is no Kubernetes object: ${why}`,
    hint: 'every object has an apiVersion and a kind; leave other files out with --ignore',
    range: headOf(subject),
  };
}

/** Directives of a strategic merge patch (k8s.io/apimachinery/pkg/util/strategicpatch, 1.34). No object has such fields. */
const DIRECTIVES = ['$patch', '$retainKeys'];

/** Whether an object is a patch for another one: it says so itself, or its spec does. */
export function holdsDirective(value: JsonObject): boolean {
  return isDirected(value) || (isJsonObject(value.spec) && isDirected(value.spec));
}

function isDirected(value: JsonObject): boolean {
  return DIRECTIVES.some((directive) => Object.hasOwn(value, directive));
}

export function mergePatch(subject: DocumentPart): Problem {
  return {
    code: 'kustomize-patch',
    severity: 'error',
    message: 'this is a patch for another object: it holds $patch or $retainKeys',
    hint: 'give what kustomize makes of it: "kubectl kustomize FOLDER" prints that',
    range: headOf(subject),
  };
}

export function listOfObjects(subject: DocumentPart): Problem {
  return {
    code: 'manifest-is-map',
    severity: 'error',
    message: 'a bare list of objects stands where one object should',
    hint: 'wrap it: {"apiVersion": "v1", "kind": "List", "items": […]}, or separate the objects with "---"',
    range: headOf(subject),
  };
}

const EXAMPLES = { apiVersion: 'apiVersion: v1', kind: 'kind: Service' };

export function withoutField(
  field: 'apiVersion' | 'kind',
  { value, path, place }: DocumentPart & { readonly value: JsonObject },
): Problem {
  const given = value[field] ?? null;
  const other = field === 'kind' ? 'apiVersion' : 'kind';
  const otherValue = value[other];
  const shown =
    typeof otherValue === 'string' ? ` of the ${other} ${JSON.stringify(otherValue.slice(0, 80))}` : '';
  return {
    code: field === 'kind' ? 'manifest-has-kind' : 'manifest-has-api-version',
    severity: 'error',
    message:
      given === null ? `the object${shown} has no ${field}` : `${field} must be a string that is not empty`,
    hint: `every object needs both, such as "${EXAMPLES[field]}"`,
    range: findRange(findPlace(place(), path), [given === null ? other : field], 'value'),
    path: [...path, field],
  };
}

export function badItems(list: DocumentPart, what: string): Problem {
  return {
    code: 'list-items',
    severity: 'error',
    message: `the items of a List must be a list, not ${what}`,
    hint: 'write "items: []" for an empty List',
    range: headOf(list),
    path: list.path,
  };
}

export function badItem(item: DocumentPart, what: string): Problem {
  return {
    code: 'list-items',
    severity: 'error',
    message: `the items of a List must be objects, not ${what}`,
    range: headOf(item),
    path: item.path,
  };
}

/** So much is wrong with the items in front of them that they are not looked at. */
export function otherItems(list: DocumentPart, count: number): Problem {
  return {
    code: 'list-items',
    severity: 'error',
    message: `the last ${count} items of this List are not looked at: there are too many errors in those before`,
    range: headOf(list),
    path: list.path,
  };
}

function headOf({ place, path }: DocumentPart): Range {
  return findRange(place(), path, 'value');
}

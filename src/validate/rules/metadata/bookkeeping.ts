import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import { utf8Length } from '../../formats/utf8-length.ts';
import type * as api from '../../generated/shapes.js';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const STANDARD = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** ValidateFinalizers (apimachinery) names the list; validateKubeFinalizerName (core, 1.34) names the entry. */
export const finalizerValid = {
  code: 'finalizer-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['finalizers'],
  summary: 'a finalizer without prefix, or that is no qualified name',
  explanation: `A finalizer keeps an object from being deleted until somebody removes it, so it says who that is: a
qualified name with a DNS prefix, like example.com/cleanup. Only "orphan", "foregroundDeletion" and "kubernetes" have
none.`,
  check({ metadata, path }, report) {
    const list = metadata.finalizers;
    if (!list) return;
    for (const [index, entry] of list.entries()) {
      const finalizer = entry ?? '';
      const field = [...path, 'finalizers'];
      const place = [...field, index];
      const problem = qualifiedNameProblem(finalizer);
      if (problem !== undefined)
        report({ field, place, message: `finalizer ${quoteValue(finalizer)} ${problem}` });
      if (finalizer.includes('/') || STANDARD.has(finalizer)) continue;
      const message = `finalizer ${quoteValue(finalizer)} has no prefix and is none of Kubernetes' own`;
      report({ field: place, message, hint: 'write it like example.com/cleanup' });
    }
  },
} as const satisfies MetadataRule;

/** ValidateFinalizers (apimachinery, 1.34). */
export const finalizersCompatible = {
  code: 'finalizers-compatible',
  category: 'api',
  severity: 'error',
  onlyWith: ['finalizers'],
  summary: 'finalizers that exclude each other',
  explanation: `The finalizer "orphan" keeps dependents when the object is deleted, "foregroundDeletion" deletes them
first: they exclude each other.`,
  check({ metadata, path }, report) {
    const finalizers = metadata.finalizers ?? [];
    if (!finalizers.includes('orphan') || !finalizers.includes('foregroundDeletion')) return;
    report({
      field: [...path, 'finalizers'],
      message: 'finalizers "orphan" and "foregroundDeletion" exclude each other',
    });
  },
} as const satisfies MetadataRule;

/** ValidateObjectMeta (apimachinery, 1.34). */
export const generationNotNegative = {
  code: 'generation-not-negative',
  category: 'api',
  severity: 'error',
  onlyWith: ['generation'],
  summary: 'a negative metadata.generation',
  explanation: `The API server counts in metadata.generation how often the spec changed. Manifests do not set it; when
they do (because they were saved with kubectl get -o yaml), it must not be negative.`,
  check({ metadata, path }, report) {
    const { generation } = metadata;
    if ((generation ?? 0) >= 0) return;
    report({
      field: [...path, 'generation'],
      message: `generation ${generation} is negative`,
      hint: 'leave metadata.generation out',
    });
  },
} as const satisfies MetadataRule;

/** ValidateOwnerReferences (apimachinery, 1.34). */
export const oneController = {
  code: 'one-controller',
  category: 'api',
  severity: 'error',
  onlyWith: ['ownerReferences'],
  summary: 'two owner references that both claim to be the controller',
  explanation: `Of the owners of an object one manages it: the reference with controller: true. Two would undo each
other's work.`,
  check({ metadata, path }, report) {
    const references = metadata.ownerReferences ?? [];
    if (references.length < 2) return;
    const controllers = references.flatMap((reference, index) =>
      reference?.controller === true ? [index] : [],
    );
    for (const index of controllers.slice(1)) {
      const field = [...path, 'ownerReferences'];
      const message = `owner references ${controllers[0]} and ${index} both have controller true`;
      report({ field, place: [...field, index, 'controller'], message });
    }
  },
} as const satisfies MetadataRule;

/** validateOwnerReference (apimachinery, 1.34), which names the list, not the entry. */
export const ownerReferenceValid = {
  code: 'owner-reference-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['ownerReferences'],
  summary: 'an owner reference that lacks something',
  explanation: `An owner reference names the object that this one is deleted with: apiVersion, kind, name and uid are
all needed. Manifests rarely have owner references; they are left over from kubectl get -o yaml.`,
  check({ metadata, path }, report) {
    const list = metadata.ownerReferences;
    if (!list || list.every(isComplete)) return;
    for (const [index, reference] of list.entries()) {
      for (const [key, problem] of ownerProblems(reference ?? {})) {
        const base = [...path, 'ownerReferences'];
        const field = key === undefined ? base : [...base, key];
        const place = key === undefined ? [...base, index] : [...base, index, key];
        report({ field, place, message: `owner reference ${problem}` });
      }
    }
  },
} as const satisfies MetadataRule;

function isComplete(reference: api.OwnerReference | null): boolean {
  if (reference === null) return false;
  const { apiVersion, kind, name, uid } = reference;
  return !!kind && !!name && !!uid && hasVersion(apiVersion ?? '') && !isEvent(reference);
}

/** `v1`, `apps/v1`. */
function hasVersion(apiVersion: string): boolean {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return version !== '' && !version.includes('/');
}

function isEvent({ kind, apiVersion }: api.OwnerReference): boolean {
  return kind === 'Event' && apiVersion === 'v1';
}

function ownerProblems(
  reference: api.OwnerReference,
): readonly (readonly [key: string | undefined, problem: string])[] {
  const problems: (readonly [string | undefined, string])[] = [];
  for (const key of ['kind', 'name', 'uid'] as const)
    if (!reference[key]) problems.push([key, `has no ${key}`]);
  if (!hasVersion(reference.apiVersion ?? ''))
    problems.push(['apiVersion', 'has no apiVersion with a version in it']);
  if (isEvent(reference)) problems.push([undefined, 'must not be an Event']);
  return problems;
}

/** ValidateManagedFields (apimachinery, 1.34). */
export const managedFieldsValid = {
  code: 'managed-fields-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['managedFields'],
  summary: 'metadata.managedFields that the API server did not write',
  explanation: `The API server keeps track in metadata.managedFields of who set which field. Manifests do not set it;
when it was saved along with an object, it has to be as the API server wrote it.`,
  check({ metadata, path }, report) {
    const list = metadata.managedFields;
    if (!list) return;
    for (const [index, entry] of list.entries()) {
      for (const [key, problem] of managedFieldsProblems(entry ?? {})) {
        report({
          field: [...path, 'managedFields', index, key],
          message: `${key} ${problem}`,
          hint: 'leave managedFields out',
        });
      }
    }
  },
} as const satisfies MetadataRule;

const MAX_MANAGER = 128;
const MAX_SUBRESOURCE = 256;

function managedFieldsProblems(
  entry: api.ManagedFieldsEntry,
): readonly (readonly [key: string, problem: string])[] {
  const { operation, fieldsType, manager, subresource } = entry;
  const problems: (readonly [string, string])[] = [];
  if (operation !== 'Apply' && operation !== 'Update') {
    problems.push(['operation', `${quoteValue(operation ?? '')} is neither "Apply" nor "Update"`]);
  }
  if (fieldsType && fieldsType !== 'FieldsV1')
    problems.push(['fieldsType', `${quoteValue(fieldsType)} is not "FieldsV1"`]);
  if (utf8Length(manager ?? '') > MAX_MANAGER)
    problems.push(['manager', `is longer than ${MAX_MANAGER} bytes`]);
  // Here, not above: V8 would make these sets of characters at every start.
  if (/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(manager ?? ''))
    problems.push(['manager', 'has characters that cannot be printed']);
  if (utf8Length(subresource ?? '') > MAX_SUBRESOURCE) {
    problems.push(['subresource', `is longer than ${MAX_SUBRESOURCE} bytes`]);
  }
  return problems;
}

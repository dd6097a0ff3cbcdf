import type * as api from '../../generated/shapes.js';
import type { MetadataRule } from '../../rule.ts';

/** validateOwnerReference (apimachinery, 1.34), which names the list, not the entry. */
export const ownerReferenceValid = {
  code: 'owner-reference-valid',
  category: 'api',
  severity: 'error',
  summary: 'an owner reference that lacks something',
  explanation: `An owner reference names the object that this one is deleted with: apiVersion, kind, name and uid are
all needed. Manifests rarely have owner references; they are left over from kubectl get -o yaml.`,
  check({ metadata, path }, report) {
    const list = metadata.ownerReferences;
    if (!list || list.every(isComplete)) return;
    for (const [index, reference] of list.entries()) {
      for (const [key, problem] of problemsOf(reference ?? {})) {
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

function problemsOf(
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

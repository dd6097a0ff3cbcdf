import type * as api from '../generated/shapes.js';
import type { MetadataRule } from '../rule.ts';

/** validateOwnerReference (apimachinery, 1.34), which names the list, not the entry. */
export const ownerReferenceValid: MetadataRule = {
  code: 'owner-reference-valid',
  severity: 'error',
  explanation: `An owner reference names the object that this one is deleted with: apiVersion, kind, name and uid are
all needed. Manifests rarely have owner references; they are left over from kubectl get -o yaml.`,
  failingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
  ownerReferences:
    - {apiVersion: apps/v1, kind: ReplicaSet, name: web}
spec:
  containers:
    - {name: web, image: nginx}
`,
  passingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
  ownerReferences:
    - {apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: 5c0a54c2}
spec:
  containers:
    - {name: web, image: nginx}
`,
  check({ metadata, path }, report) {
    for (const [index, reference] of (metadata.ownerReferences ?? []).entries()) {
      for (const [key, problem] of problemsOf(reference ?? {})) {
        const list = [...path, 'ownerReferences'];
        const field = key === undefined ? list : [...list, key];
        const place = key === undefined ? [...list, index] : [...list, index, key];
        report({ field, place, message: `owner reference ${problem}` });
      }
    }
  },
};

function problemsOf(
  reference: api.OwnerReference,
): readonly (readonly [key: string | undefined, problem: string])[] {
  const { apiVersion, kind } = reference;
  const problems: (readonly [string | undefined, string])[] = [];
  for (const key of ['kind', 'name', 'uid'] as const)
    if (!reference[key]) problems.push([key, `has no ${key}`]);
  // What is not group/version has no version.
  if (!apiVersion || apiVersion.endsWith('/') || apiVersion.split('/').length > 2) {
    problems.push(['apiVersion', 'has no apiVersion with a version in it']);
  }
  if (apiVersion === 'v1' && kind === 'Event') problems.push([undefined, 'must not be an Event']);
  return problems;
}

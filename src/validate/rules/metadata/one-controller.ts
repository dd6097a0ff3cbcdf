import type { MetadataRule } from '../../rule.ts';

/** ValidateOwnerReferences (apimachinery, 1.34). */
export const oneController: MetadataRule = {
  code: 'one-controller',
  severity: 'error',
  explanation: `Of the owners of an object one manages it: the reference with controller: true. Two would undo each
other's work.`,
  failingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
  ownerReferences:
    - {apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: "1", controller: true}
    - {apiVersion: batch/v1, kind: Job, name: web, uid: "2", controller: true}
spec:
  containers:
    - {name: web, image: nginx}
`,
  passingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
  ownerReferences:
    - {apiVersion: apps/v1, kind: ReplicaSet, name: web, uid: "1", controller: true}
    - {apiVersion: batch/v1, kind: Job, name: web, uid: "2", controller: false}
spec:
  containers:
    - {name: web, image: nginx}
`,
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
};

import type { MetadataRule } from '../../rule.ts';

/** ValidateOwnerReferences (apimachinery, 1.34). */
export const oneController = {
  code: 'one-controller',
  category: 'api',
  severity: 'error',
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

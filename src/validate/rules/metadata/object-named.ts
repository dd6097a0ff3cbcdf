import type { MetadataRule } from '../../rule.ts';

/** ValidateObjectMeta (apimachinery, 1.34). */
export const objectNamed = {
  code: 'object-named',
  category: 'api',
  severity: 'error',
  summary: 'an object without a name',
  explanation: `Every object is stored under its name: without one the API server has nowhere to put it. With
metadata.generateName it makes a name up, which kubectl create allows and kubectl apply does not.`,
  check({ kind, metadata, path }, report) {
    if (metadata.name || metadata.generateName) return;
    report({
      field: [...path, 'name'],
      message: `a ${kind} needs a name`,
      hint: 'set metadata.name',
    });
  },
} as const satisfies MetadataRule;

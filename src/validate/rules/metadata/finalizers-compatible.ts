import type { MetadataRule } from '../../rule.ts';

/** ValidateFinalizers (apimachinery, 1.34). */
export const finalizersCompatible = {
  code: 'finalizers-compatible',
  category: 'api',
  severity: 'error',
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

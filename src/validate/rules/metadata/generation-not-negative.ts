import type { MetadataRule } from '../../rule.ts';

/** ValidateObjectMeta (apimachinery, 1.34). */
export const generationNotNegative = {
  code: 'generation-not-negative',
  category: 'api',
  severity: 'error',
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

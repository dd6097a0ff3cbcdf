import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const STANDARD = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** ValidateFinalizers (apimachinery) names the list; validateKubeFinalizerName (core, 1.34) names the entry. */
export const finalizerValid = {
  code: 'finalizer-valid',
  category: 'api',
  severity: 'error',
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

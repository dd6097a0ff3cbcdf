import { reportRepeated } from '../../../checks/repeated.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from '../../../formats/dns.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const SOURCES = ['resourceClaimName', 'resourceClaimTemplateName'] as const;

/** validatePodResourceClaims (1.34). */
export const podResourceClaimsValid = {
  code: 'pod-resource-claims-valid',
  category: 'api',
  severity: 'error',
  summary: 'a resource claim of a pod without a source, or with two',
  explanation: `A resource claim of a pod has a name of its own, a DNS label, and refers to a ResourceClaim or to a
ResourceClaimTemplate, not to both.`,
  check({ spec, path }, report) {
    const claims = spec.resourceClaims ?? [];
    for (const [index, claim] of claims.entries()) {
      const field = [...path, 'resourceClaims', index];
      const nameProblem = dnsLabelProblem(claim?.name ?? '');
      if (nameProblem !== undefined) {
        report({
          field: [...field, 'name'],
          message: `name ${quoteValue(claim?.name ?? '')} ${nameProblem}`,
        });
      }
      const given = SOURCES.filter((key) => typeof claim?.[key] === 'string');
      if (given.length !== 1)
        report({ field, message: `a resource claim names ${given.length} sources, not one` });
      for (const key of given) {
        const problem = dnsSubdomainProblem(claim?.[key] ?? '');
        if (problem !== undefined)
          report({ field: [...field, key], message: `${key} ${quoteValue(claim?.[key] ?? '')} ${problem}` });
      }
    }
    reportRepeated(claims, {
      keyOf: (claim) => claim?.name ?? '',
      toFinding: (claim, index) => ({
        field: [...path, 'resourceClaims', index, 'name'],
        message: `resource claim ${quoteValue(claim?.name ?? '')} is listed twice`,
      }),
      report,
    });
  },
} as const satisfies PodRule;

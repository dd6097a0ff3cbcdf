import type { FieldPath } from '../../../../model/field-path.ts';
import { checkResources } from '../../../checks/check-resources.ts';
import { containersOf } from '../../../checks/pod-containers.ts';
import { resourceNameProblem } from '../../../checks/resource-names.ts';
import { qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateContainerResourceRequirements (1.34); a missing request is the limit. */
export const containerResourcesValid = {
  code: 'container-resources-valid',
  category: 'api',
  severity: 'error',
  summary: 'limits or requests that are negative, unknown, or contradict each other',
  explanation: `Limits and requests are not negative, of resources that Kubernetes knows (cpu, memory, ephemeral-storage,
hugepages-*, or a name with a prefix), and no request is greater than its limit.`,
  check(pod, report) {
    const known = new Set((pod.spec.resourceClaims ?? []).map((claim) => claim?.name ?? ''));
    for (const { container, path } of containersOf(pod)) {
      if (!container.resources) continue;
      const field = [...path, 'resources'];
      checkResources(container.resources, { field, nameProblem: quotedNameProblem }, report);
      checkClaims(container.resources.claims ?? [], { field: [...field, 'claims'], known }, report);
    }
    const { overhead } = pod.spec;
    if (!overhead) return;
    checkResources(
      { limits: overhead },
      { field: [...pod.path, 'overhead'], nameProblem: quotedNameProblem },
      report,
    );
  },
} as const satisfies PodRule;

function quotedNameProblem(name: string): string | undefined {
  const problem = resourceNameProblem(name);
  return problem === undefined ? undefined : `${quoteValue(name)} ${problem}`;
}

function checkClaims(
  claims: readonly (api.ResourceClaim | null)[],
  { field, known }: { readonly field: FieldPath; readonly known: ReadonlySet<string> },
  report: Report,
): void {
  const seen = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const name = claim?.name ?? '';
    const request = claim?.request ?? '';
    const place = [...field, index];
    if (name === '') report({ field: place, message: 'a resource claim needs a name' });
    else if (!known.has(name))
      report({ field: place, message: `the pod has no resourceClaim ${quoteValue(name)}` });
    const problem = request === '' ? undefined : qualifiedNameProblem(request);
    if (problem !== undefined)
      report({ field: [...place, 'request'], message: `request ${quoteValue(request)} ${problem}` });
    const key = `${name}/${request}`;
    if (seen.has(key))
      report({ field: place, message: `resource claim ${quoteValue(name)} is listed twice` });
    seen.add(key);
  }
}

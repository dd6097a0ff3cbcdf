import type { FieldPath } from '../../../../model/field-path.ts';
import { checkResources } from '../../../checks/check-resources.ts';
import { isSidecar, type PlacedContainer } from '../../../checks/pod-containers.ts';
import { reportRepeated } from '../../../checks/repeated.ts';
import { resourceNameProblem } from '../../../checks/resource-names.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from '../../../formats/dns.ts';
import { qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import { parseQuantity } from '../../../formats/quantity.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateContainerResourceRequirements (1.34); a missing request is the limit. */
export const containerResourcesValid = {
  code: 'container-resources-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['resources', 'overhead'],
  summary: 'limits or requests that are negative, unknown, or contradict each other',
  explanation: `Limits and requests are not negative, of resources that Kubernetes knows (cpu, memory, ephemeral-storage,
hugepages-*, or a name with a prefix), and no request is greater than its limit.`,
  check(pod, report) {
    const known = new Set((pod.spec.resourceClaims ?? []).map((claim) => claim?.name ?? ''));
    for (const { container, path } of pod.containers) {
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

type Quantities = NonNullable<api.ResourceRequirements['limits']>;

/** validatePodResources (1.34, where PodLevelResources is on by default). */
export const podResourcesValid = {
  code: 'pod-resources-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['resources'],
  summary: 'resources of a whole pod that are odd, or less than its containers ask for',
  explanation: `Limits and requests of a whole pod are for cpu, memory and huge pages, hold no claims, and leave room for what
its containers ask for.`,
  check(pod, report) {
    const { resources } = pod.spec;
    if (!resources) return;
    const field = [...pod.path, 'resources'];
    if (resources.claims)
      report({ field: [...field, 'claims'], message: 'claims belong to containers, not to the pod' });
    checkResources(resources, { field, nameProblem: podResourceProblem }, report);
    const containers = pod.containers;
    for (const [name, wanted] of requestsOf(containers)) {
      const given =
        sizeOf(resources.requests ?? resources.limits ?? {}, name) ??
        sizeOf(resources.limits ?? {}, name) ??
        0n;
      if (wanted <= given) continue;
      report({
        field: [...field, 'requests', name],
        message: `the containers ask for more ${name} than the pod`,
      });
    }
    for (const [index, { container }] of containers.entries()) {
      for (const name of Object.keys(container.resources?.limits ?? {})) {
        const most = sizeOf(resources.limits ?? {}, name);
        if (most === undefined || (sizeOf(container.resources?.limits ?? {}, name) ?? 0n) <= most) continue;
        report({
          field: [...field, 'containers', index, name, 'limits'],
          place: [...(containers[index]?.path ?? []), 'resources', 'limits', name],
          message: `the limit of ${name} is greater than that of the pod`,
        });
      }
    }
  },
} as const satisfies PodRule;

function podResourceProblem(name: string): string | undefined {
  if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) return undefined;
  return `${quoteValue(name)} is none of cpu, memory, hugepages-…`;
}

/** What all containers that run at once ask for; a missing request is the limit. */
function requestsOf(containers: readonly PlacedContainer[]): ReadonlyMap<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const placed of containers) {
    if (placed.list === 'initContainers' && !isSidecar(placed)) continue;
    const { limits, requests } = placed.container.resources ?? {};
    const names = new Set([...Object.keys(limits ?? {}), ...Object.keys(requests ?? {})]);
    for (const name of names) {
      const size = sizeOf(requests ?? {}, name) ?? sizeOf(limits ?? {}, name) ?? 0n;
      if (podResourceProblem(name) === undefined) totals.set(name, (totals.get(name) ?? 0n) + size);
    }
  }
  return totals;
}

function sizeOf(quantities: Quantities, name: string): bigint | undefined {
  return Object.hasOwn(quantities, name) ? parseQuantity(quantities[name] ?? 0) : undefined;
}

const SOURCES = ['resourceClaimName', 'resourceClaimTemplateName'] as const;

/** validatePodResourceClaims (1.34). */
export const podResourceClaimsValid = {
  code: 'pod-resource-claims-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['resourceClaims'],
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

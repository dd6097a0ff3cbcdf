import { checkResources } from '../../../checks/check-resources.ts';
import { containersOf, isSidecar, type PlacedContainer } from '../../../checks/pod-containers.ts';
import { parseQuantity } from '../../../formats/quantity.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

type Quantities = NonNullable<api.ResourceRequirements['limits']>;

/** validatePodResources (1.34, where PodLevelResources is on by default). */
export const podResourcesValid = {
  code: 'pod-resources-valid',
  category: 'api',
  severity: 'error',
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
    const containers = containersOf(pod);
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

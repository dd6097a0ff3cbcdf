import type { FieldPath } from '../../model/field-path.ts';
import { qualifiedNameProblem } from '../formats/qualified-name.ts';
import { parseQuantity } from '../formats/quantity.ts';
import type * as api from '../generated/shapes.js';
import type { PodRule, Report } from '../rule.ts';
import { describeValue, quoteValue } from '../shape/describe-value.ts';
import { containersOf } from './pod-containers.ts';
import { isIntegerResource, isOvercommitAllowed, resourceNameProblem } from './resource-names.ts';

/** ValidateContainerResourceRequirements (1.34); a missing request is the limit. */
export const containerResourcesValid: PodRule = {
  code: 'container-resources-valid',
  severity: 'error',
  explanation: `Limits and requests are not negative, of resources that Kubernetes knows (cpu, memory, ephemeral-storage,
hugepages-*, or a name with a prefix), and no request is greater than its limit.`,
  failingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
spec:
  containers:
    - {name: web, image: nginx, resources: {limits: {memory: 64Mi}, requests: {memory: 128Mi}}}
`,
  passingExample: `apiVersion: v1
kind: Pod
metadata:
  name: web-1
spec:
  containers:
    - {name: web, image: nginx, resources: {limits: {memory: 128Mi}, requests: {memory: 128Mi}}}
`,
  check(pod, report) {
    const claims = new Set((pod.spec.resourceClaims ?? []).map((claim) => claim?.name ?? ''));
    for (const { container, path } of containersOf(pod)) {
      if (!container.resources) continue;
      const field = [...path, 'resources'];
      checkResources(container.resources, field, report);
      checkClaims(container.resources.claims ?? [], { field: [...field, 'claims'], claims }, report);
    }
    if (pod.spec.overhead) checkResources({ limits: pod.spec.overhead }, [...pod.path, 'overhead'], report);
  },
};

function checkResources(resources: api.ResourceRequirements, field: FieldPath, report: Report): void {
  const { limits, requests } = resources;
  for (const [key, list] of Object.entries({ limits, requests })) {
    for (const [name, quantity] of Object.entries(list ?? {})) {
      const path = [...field, key, name];
      const size = parseQuantity(quantity ?? 0) ?? 0n;
      const problem = resourceNameProblem(name);
      if (problem !== undefined)
        report({ field: path, at: 'key', message: `resource ${quoteValue(name)} ${problem}` });
      if (size < 0n) report({ field: path, message: `${describeValue(quantity)} is negative` });
      if (isIntegerResource(name) && size % 1_000_000_000n !== 0n) {
        report({ field: path, message: `${describeValue(quantity)} of ${name} is no whole number` });
      }
    }
  }
  const hasHugePages = [limits, requests].some((list) =>
    Object.keys(list ?? {}).some((name) => name.startsWith('hugepages-')),
  );
  const hasOthers = [limits, requests].some((list) =>
    Object.keys(list ?? {}).some((name) => name === 'cpu' || name === 'memory'),
  );
  if (hasHugePages && !hasOthers) report({ field, message: 'huge pages need cpu or memory beside them' });
  compareWithLimits(resources, field, report);
}

function compareWithLimits(
  { limits, requests }: api.ResourceRequirements,
  field: FieldPath,
  report: Report,
): void {
  for (const [name, quantity] of Object.entries(requests ?? {})) {
    const limit = limits && Object.hasOwn(limits, name) ? limits[name] : undefined;
    const path = [...field, 'requests'];
    const place = [...path, name];
    if (limit === undefined) {
      if (!isOvercommitAllowed(name))
        report({ field: [...field, 'limits'], message: `${name} needs a limit` });
      continue;
    }
    const wanted = parseQuantity(quantity ?? 0) ?? 0n;
    const most = parseQuantity(limit ?? 0) ?? 0n;
    if (wanted > most)
      report({ field: path, place, message: `request of ${name} is greater than its limit` });
    else if (wanted < most && !isOvercommitAllowed(name)) {
      report({ field: path, place, message: `request of ${name} is not its limit, which it has to be` });
    }
  }
}

function checkClaims(
  claims: readonly (api.ResourceClaim | null)[],
  { field, claims: known }: { readonly field: FieldPath; readonly claims: ReadonlySet<string> },
  report: Report,
): void {
  const seen = new Set<string>();
  for (const [index, claim] of claims.entries()) {
    const name = claim?.name ?? '';
    const request = claim?.request ?? '';
    if (name === '') report({ field: [...field, index], message: 'a resource claim needs a name' });
    else if (!known.has(name))
      report({ field: [...field, index], message: `the pod has no resourceClaim ${quoteValue(name)}` });
    const problem = request === '' ? undefined : qualifiedNameProblem(request);
    if (problem !== undefined)
      report({ field: [...field, index, 'request'], message: `request ${quoteValue(request)} ${problem}` });
    const key = `${name}/${request}`;
    if (seen.has(key))
      report({ field: [...field, index], message: `resource claim ${quoteValue(name)} is listed twice` });
    seen.add(key);
  }
}

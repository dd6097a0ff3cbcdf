import type { FieldPath } from '../../model/field-path.ts';
import { parseQuantity } from '../formats/quantity.ts';
import type * as api from '../generated/shapes.js';
import type { Report } from '../rule.ts';
import { describeValue } from '../shape/describe-value.ts';
import { isIntegerResource, isOvercommitAllowed } from './resource-names.ts';

const HUGE_PAGES = 'hugepages-';
const ONE = 1_000_000_000n;

interface ResourceCheck {
  readonly field: FieldPath;
  /** What is wrong with the name of a resource; undefined: nothing is. */
  readonly nameProblem: (name: string) => string | undefined;
}

/** validateResourceRequirements (1.34), of a container or of a whole pod. */
export function checkResources(
  resources: api.ResourceRequirements,
  { field, nameProblem }: ResourceCheck,
  report: Report,
): void {
  const { limits, requests } = resources;
  for (const [key, list] of Object.entries({ limits, requests })) {
    for (const [name, quantity] of Object.entries(list ?? {})) {
      const path = [...field, key, name];
      const problem = nameProblem(name);
      if (problem !== undefined) report({ field: path, at: 'key', message: `resource ${problem}` });
      const sizeProblem = quantityProblem(name, parseQuantity(quantity ?? 0) ?? 0n);
      if (sizeProblem !== undefined)
        report({ field: path, message: `${describeValue(quantity)} ${sizeProblem}` });
    }
  }
  const names = [limits, requests].flatMap((list) => Object.keys(list ?? {}));
  const hasHugePages = names.some((name) => name.startsWith(HUGE_PAGES));
  if (hasHugePages && !names.some((name) => name === 'cpu' || name === 'memory')) {
    report({ field, message: 'huge pages need cpu or memory beside them' });
  }
  compareWithLimits(resources, field, report);
}

function quantityProblem(name: string, size: bigint): string | undefined {
  if (size < 0n) return 'is negative';
  if (isIntegerResource(name) && size % ONE !== 0n) return `of ${name} is no whole number`;
  if (!name.startsWith(HUGE_PAGES)) return undefined;
  const pageSize = parseQuantity(name.slice(HUGE_PAGES.length)) ?? 0n;
  if (pageSize < ONE || pageSize % ONE !== 0n) return `is of ${name}, which is no size of pages`;
  return size % pageSize === 0n ? undefined : `of ${name} is no whole number of pages`;
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

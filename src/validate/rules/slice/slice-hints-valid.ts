import type { FieldPath } from '../../../model/field-path.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import { dnsSubdomainProblem } from '../../formats/dns.ts';
import { labelValueProblem } from '../../formats/qualified-name.ts';
import type { EndpointSliceRule, Report } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const MAX_HINTS = 8;

/** validateHints (pkg/apis/discovery/validation, 1.34): zones are label values, nodes are names of nodes. */
export const sliceHintsValid = {
  code: 'slice-hints-valid',
  category: 'api',
  severity: 'error',
  summary: 'topology hints that are too many, repeated, or no names of zones and nodes',
  skipsPlain: true,
  explanation: `Hints say which zones and nodes are to use an endpoint: at most 8 of each, every one once, zones written as
label values and nodes by the names of their Node objects.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const hints = endpoint?.hints;
      if (!hints) return;
      const path = ['endpoints', index, 'hints'];
      if (hints.forZones)
        checkHints(hints.forZones, { path: [...path, 'forZones'], problemOf: labelValueProblem }, report);
      if (hints.forNodes)
        checkHints(hints.forNodes, { path: [...path, 'forNodes'], problemOf: dnsSubdomainProblem }, report);
    });
  },
} as const satisfies EndpointSliceRule;

interface HintList {
  readonly path: FieldPath;
  readonly problemOf: (name: string) => string | undefined;
}

function checkHints(
  hints: readonly ({ readonly name?: string | null } | null)[],
  { path, problemOf }: HintList,
  report: Report,
): void {
  if (hints.length > MAX_HINTS) {
    report({ field: path, message: `${hints.length} hints, more than ${MAX_HINTS}` });
    return;
  }
  hints.forEach((hint, index) => {
    const name = hint?.name ?? '';
    const problem = problemOf(name);
    if (problem !== undefined)
      report({ field: [...path, index, 'name'], message: `hint ${quoteValue(name)} ${problem}` });
  });
  reportRepeated(hints, {
    // In quotes, so that an empty name counts as well.
    keyOf: (hint) => JSON.stringify(hint?.name ?? ''),
    toFinding: (hint, index) => ({
      field: [...path, index, 'name'],
      message: `hint ${quoteValue(hint?.name ?? '')} is listed twice`,
    }),
    report,
  });
}

import { ZONE_LABEL } from '../../../kubernetes/labels.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { labelValueProblem, qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { EndpointSliceRule, Report } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const MAX_LABELS = 16;

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). */
export const sliceTopologyValid = {
  code: 'slice-topology-valid',
  category: 'api',
  severity: 'error',
  summary: 'topology labels in a slice that no labels can be',
  skipsPlain: true,
  explanation: `deprecatedTopology is left over from the beta of EndpointSlices: at most 16 labels, which nothing reads any
more. The zone has a field of its own, endpoints[].zone, and must not stand here.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const topology = endpoint?.deprecatedTopology;
      if (topology) checkTopology(topology, ['endpoints', index, 'deprecatedTopology'], report);
    });
  },
} as const satisfies EndpointSliceRule;

function checkTopology(
  topology: { readonly [key: string]: string | null },
  field: FieldPath,
  report: Report,
): void {
  const count = Object.keys(topology).length;
  if (count > MAX_LABELS) report({ field, message: `${count} topology labels, more than ${MAX_LABELS}` });
  for (const [key, text] of Object.entries(topology)) {
    const place = [...field, key];
    const value = text ?? '';
    const keyProblem = qualifiedNameProblem(key);
    if (keyProblem !== undefined)
      report({ field, place, at: 'key', message: `key ${quoteValue(key)} ${keyProblem}` });
    const problem = labelValueProblem(value);
    if (problem !== undefined) report({ field, place, message: `value ${quoteValue(value)} ${problem}` });
    if (key === ZONE_LABEL)
      report({ field: place, at: 'key', message: `${ZONE_LABEL} is reserved`, hint: 'use the field zone' });
  }
}

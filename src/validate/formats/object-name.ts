import type { ObjectKind } from '../rule.ts';
import { dns1035LabelProblem, dnsLabelProblem, dnsSubdomainProblem } from './dns.ts';

/**
 * What is wrong with the name of an object of a kind; undefined: nothing is.
 * `relaxed`: Services have RFC 1123 labels instead of RFC 1035 labels.
 */
export function nameProblem(
  name: string,
  { kind, relaxed }: { readonly kind: ObjectKind; readonly relaxed: boolean },
): string | undefined {
  if (kind !== 'Service') return dnsSubdomainProblem(name);
  return relaxed ? dnsLabelProblem(name) : dns1035LabelProblem(name);
}

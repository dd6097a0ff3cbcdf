import { dnsLabelProblem, dnsSubdomainProblem } from './dns.ts';

/**
 * What is wrong with a domain name of at least two labels, which may end with a dot (IsFullyQualifiedDomainName,
 * apimachinery 1.34); undefined: nothing is. Names that look like addresses pass.
 */
export function fullyQualifiedNameProblem(text: string): string | undefined {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  const problem = dnsSubdomainProblem(name);
  if (problem !== undefined) return problem;
  const labels = name.split('.');
  if (labels.length < 2) return 'is no fully qualified name: it has no dot';
  return labels.some((label) => dnsLabelProblem(label) !== undefined)
    ? 'has a part longer than 63 characters'
    : undefined;
}

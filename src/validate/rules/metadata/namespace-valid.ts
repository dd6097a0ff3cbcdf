import { dnsLabelProblem } from '../../formats/dns.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateObjectMeta (apimachinery, 1.34). */
export const namespaceValid = {
  code: 'namespace-valid',
  category: 'api',
  severity: 'error',
  summary: 'a namespace that is no DNS label',
  explanation: `A namespace is part of the DNS names of its Services, so it is a DNS label (RFC 1123): lower case
letters, digits and '-', at most 63 characters. An object that names none lives in "default". Kinds without
namespace, such as Node, ignore it.`,
  check({ kind, metadata, path }, report) {
    const { namespace } = metadata;
    if (!namespace || kind === 'Node' || kind === 'ServiceCIDR') return;
    const problem = dnsLabelProblem(namespace);
    if (problem === undefined) return;
    report({ field: [...path, 'namespace'], message: `namespace ${quoteValue(namespace)} ${problem}` });
  },
} as const satisfies MetadataRule;

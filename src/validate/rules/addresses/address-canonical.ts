import type {
  EndpointSliceRule,
  EndpointsRule,
  NodeRule,
  ObjectRule,
  PodRule,
  RuleRecord,
  ServiceRule,
} from '../../rule.ts';
import {
  describeSpelling,
  endpointsSpellings,
  isWarnedOf,
  nodeSpellings,
  podSpellings,
  serviceSpellings,
  sliceSpellings,
  type VisitSpellings,
} from './spellings.ts';

const addressCanonical = {
  code: 'address-canonical',
  category: 'api',
  severity: 'warning',
  summary: 'an address in a spelling that the API server only tolerates',
  explanation: `The API server accepts odd spellings of addresses and warns: long forms of IPv6, and up to Kubernetes 1.35
also leading zeros (which others read as octal), IPv4-mapped IPv6, and bits set behind the prefix of a CIDR, which
address-strict refuses since. Up to 1.32 it looks at Services only. In rules svcgen always writes the canonical form.`,
} as const satisfies RuleRecord;

export const serviceAddressCanonical = {
  ...addressCanonical,
  check: checkOf(serviceSpellings, { sinceFirst: true }),
} as const satisfies ServiceRule;
export const endpointsAddressCanonical = {
  ...addressCanonical,
  check: checkOf(endpointsSpellings),
} as const satisfies EndpointsRule;
export const sliceAddressCanonical = {
  ...addressCanonical,
  skipsPlain: true,
  check: checkOf(sliceSpellings),
} as const satisfies EndpointSliceRule;
export const nodeAddressCanonical = {
  ...addressCanonical,
  check: checkOf(nodeSpellings),
} as const satisfies NodeRule;
export const podAddressCanonical = {
  ...addressCanonical,
  check: checkOf(podSpellings),
} as const satisfies PodRule;

/** `sinceFirst`: the API server has always warned of them. */
function checkOf<Subject>(
  visitSpellings: VisitSpellings<Subject>,
  { sinceFirst = false }: { readonly sinceFirst?: boolean } = {},
): ObjectRule<Subject>['check'] {
  return (subject, report, { options }) => {
    const facts = options.kubernetes.api;
    if (!sinceFirst && !facts.warnings.has('addresses-everywhere')) return;
    visitSpellings(subject, (spelling) => {
      if (isWarnedOf(spelling, facts)) report(describeSpelling(spelling));
    });
  };
}

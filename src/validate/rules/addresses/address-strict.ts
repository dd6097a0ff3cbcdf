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
  isRefused,
  nodeSpellings,
  podSpellings,
  serviceSpellings,
  sliceSpellings,
  type VisitSpellings,
} from './spellings.ts';

const addressStrict = {
  code: 'address-strict',
  category: 'api',
  severity: 'error',
  summary: 'an address that programs could read in two ways',
  explanation: `Since Kubernetes 1.36 the API server refuses addresses that not everybody understands alike: leading zeros
(010.0.0.1 is 10.0.0.1 to some and 8.0.0.1 to others), IPv4-mapped IPv6, and bits set behind the prefix of a CIDR, which
leave open whether the address or its network is meant. Before, it only warned: address-canonical.`,
} as const satisfies RuleRecord;

export const serviceAddressStrict = {
  ...addressStrict,
  check: checkOf(serviceSpellings),
} as const satisfies ServiceRule;
export const endpointsAddressStrict = {
  ...addressStrict,
  check: checkOf(endpointsSpellings),
} as const satisfies EndpointsRule;
export const sliceAddressStrict = {
  ...addressStrict,
  skipsPlain: true,
  check: checkOf(sliceSpellings),
} as const satisfies EndpointSliceRule;
export const nodeAddressStrict = {
  ...addressStrict,
  check: checkOf(nodeSpellings),
} as const satisfies NodeRule;
export const podAddressStrict = { ...addressStrict, check: checkOf(podSpellings) } as const satisfies PodRule;

function checkOf<Subject>(visitSpellings: VisitSpellings<Subject>): ObjectRule<Subject>['check'] {
  return (subject, report, { options }) => {
    const facts = options.kubernetes.api;
    if (!facts.strictAddresses) return;
    visitSpellings(subject, (spelling) => {
      if (!isRefused(spelling, facts)) return;
      const { errorField: field, field: place } = spelling;
      report(describeSpelling(field === undefined ? spelling : { ...spelling, field, place }));
    });
  };
}

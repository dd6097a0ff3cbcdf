import type { ObjectRule, RuleContext, RuleRecord } from '../../rule.ts';
import {
  describeSpelling,
  endpointsSpellings,
  isRefused,
  isWarnedOf,
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

const addressCanonical = {
  code: 'address-canonical',
  category: 'api',
  severity: 'warning',
  summary: 'an address in a spelling that the API server only tolerates',
  explanation: `The API server accepts odd spellings of addresses and warns: long forms of IPv6, and up to Kubernetes 1.35
also leading zeros (which others read as octal), IPv4-mapped IPv6, and bits set behind the prefix of a CIDR, which
address-strict refuses since. Up to 1.32 it looks at Services only. In rules svcgen always writes the canonical form.`,
} as const satisfies RuleRecord;

/** Rules about the addresses of a kind: those that are refused, and those that are only warned of. */
export const endpointsAddressRules = rulesOf(endpointsSpellings);
export const nodeAddressRules = rulesOf(nodeSpellings);
export const podAddressRules = rulesOf(podSpellings).map(
  (rule) => ({ ...rule, onlyWith: ['dnsConfig', 'hostAliases'] }) as const,
);
export const sliceAddressRules = rulesOf(sliceSpellings).map(
  (rule) => ({ ...rule, skipsPlain: true }) as const,
);
/** The API server has always warned of those of Services. */
export const serviceAddressRules = rulesOf(serviceSpellings, () => true).map(
  (rule) =>
    ({
      ...rule,
      onlyWith: [
        'clusterIP',
        'clusterIPs',
        'externalIPs',
        'loadBalancerIP',
        'loadBalancerSourceRanges',
        'annotations',
      ],
    }) as const,
);

function rulesOf<Subject>(
  visitSpellings: VisitSpellings<Subject>,
  warns = ({ options }: RuleContext) => options.kubernetes.api.warnings.has('addresses-everywhere'),
) {
  const checkStrict: ObjectRule<Subject>['check'] = (subject, report, { options }) => {
    const facts = options.kubernetes.api;
    if (!facts.strictAddresses) return;
    visitSpellings(subject, (spelling) => {
      if (!isRefused(spelling, facts)) return;
      const { errorField: field, field: place } = spelling;
      report(describeSpelling(field === undefined ? spelling : { ...spelling, field, place }));
    });
  };
  const checkCanonical: ObjectRule<Subject>['check'] = (subject, report, context) => {
    if (!warns(context)) return;
    visitSpellings(subject, (spelling) => {
      if (isWarnedOf(spelling, context.options.kubernetes.api)) report(describeSpelling(spelling));
    });
  };
  return [
    { ...addressStrict, check: checkStrict },
    { ...addressCanonical, check: checkCanonical },
  ] as const;
}

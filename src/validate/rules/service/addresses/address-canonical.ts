import type { FieldPath } from '../../../../model/field-path.ts';
import { visitAddresses } from '../../../checks/endpoints-address.ts';
import { canonicalCIDRSpelling, canonicalSpelling } from '../../../formats/address.ts';
import type { EndpointSliceRule, EndpointsRule, Finding, RuleRecord, ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** GetWarningsForIP and GetWarningsForCIDR (apimachinery, 1.34): accepted with a warning. */
const addressCanonical = {
  code: 'address-canonical',
  category: 'api',
  severity: 'warning',
  summary: 'an address in a spelling that the API server only tolerates',
  explanation: `The API server still accepts odd spellings of addresses (leading zeros, which others read as octal,
IPv4-mapped IPv6, long forms of IPv6, bits set behind the prefix of a CIDR), warns, and will refuse them one day. In
rules svcgen always writes the canonical form.`,
} as const satisfies RuleRecord;

export const serviceAddressCanonical = {
  ...addressCanonical,
  check(service, report) {
    const { type, clusterIP, clusterIPs, clusterAddresses, externalIPs, ingress } = service;
    clusterAddresses.forEach((address, index) => {
      if (address === undefined || address.isCanonical || type === 'ExternalName') return;
      const text = clusterIPs[index] ?? '';
      const field = index === 0 && text === clusterIP ? ['spec', 'clusterIP'] : ['spec', 'clusterIPs', index];
      report(oddSpelling(text, address.ip, field));
    });
    externalIPs.forEach((text, index) => {
      const canonical = canonicalSpelling(text);
      if (canonical !== undefined) report(oddSpelling(text, canonical, ['spec', 'externalIPs', index]));
    });
    service.loadBalancerSourceRanges.forEach((text, index) => {
      const canonical = canonicalCIDRSpelling(text.trim());
      if (canonical !== undefined)
        report(oddSpelling(text, canonical, ['spec', 'loadBalancerSourceRanges', index]));
    });
    ingress.forEach((entry, index) => {
      const text = entry?.ip ?? '';
      const canonical = canonicalSpelling(text);
      const field = ['status', 'loadBalancer', 'ingress', index, 'ip'];
      if (canonical !== undefined) report(oddSpelling(text, canonical, field));
    });
  },
} as const satisfies ServiceRule;

export const endpointsAddressCanonical = {
  ...addressCanonical,
  check(endpoints, report) {
    visitAddresses(endpoints, ({ ip }, pathOf) => {
      const canonical = canonicalSpelling(ip ?? '');
      if (canonical !== undefined) report(oddSpelling(ip ?? '', canonical, pathOf('ip')));
    });
  },
} as const satisfies EndpointsRule;

export const sliceAddressCanonical = {
  ...addressCanonical,
  skipsPlain: true,
  check({ slice: { addressType }, endpoints }, report) {
    if (addressType === 'FQDN') return;
    endpoints.forEach((endpoint, index) => {
      (endpoint?.addresses ?? []).forEach((text, entry) => {
        const canonical = canonicalSpelling(text ?? '');
        if (canonical === undefined) return;
        report(oddSpelling(text ?? '', canonical, ['endpoints', index, 'addresses', entry]));
      });
    });
  },
} as const satisfies EndpointSliceRule;

function oddSpelling(text: string, canonical: string, field: FieldPath): Finding {
  return {
    field,
    message: `${quoteValue(text)} is an odd spelling of ${canonical}`,
    hint: `write ${canonical}`,
  };
}

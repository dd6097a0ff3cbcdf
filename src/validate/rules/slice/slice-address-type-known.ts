import { suggestion } from '../../checks/suggestion.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateAddressType (pkg/apis/discovery/validation, 1.34). */
export const sliceAddressTypeKnown = {
  code: 'slice-address-type-known',
  category: 'api',
  severity: 'error',
  summary: 'a slice without addressType, or with one that does not exist',
  skipsPlain: true,
  explanation: `addressType says what the addresses of all endpoints in the slice are: IPv4, IPv6 or FQDN. It has no
default, and cannot be changed later.`,
  check({ slice: { addressType } }, report) {
    if (addressType === 'IPv4' || addressType === 'IPv6' || addressType === 'FQDN') return;
    const field = ['addressType'];
    if (!addressType)
      report({ field, message: 'a slice needs an addressType', hint: 'set it to IPv4, IPv6 or FQDN' });
    else {
      const message = `addressType ${quoteValue(addressType)} is none of IPv4, IPv6, FQDN`;
      report({ field, message, ...suggestion(addressType, ['IPv4', 'IPv6', 'FQDN']) });
    }
  },
} as const satisfies EndpointSliceRule;

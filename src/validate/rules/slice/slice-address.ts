import { parseIP } from '../../../model/ip.ts';
import { suggestion } from '../../checks/suggestion.ts';
import { MAX_ENDPOINTS } from '../../defaults/endpoint-slice.ts';
import { oddAddress, specialAddressName } from '../../formats/address.ts';
import { fullyQualifiedNameProblem } from '../../formats/dns.ts';
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

/**
 * validateEndpoints (pkg/apis/discovery/validation, 1.30 to 1.36). An IPv4-mapped address counts as IPv4. Since 1.33 IPv6 has
 * to be canonical.
 */
export const sliceAddressValid = {
  code: 'slice-address-valid',
  category: 'api',
  severity: 'error',
  summary: 'an address of another type than the slice has, or a special one',
  skipsPlain: true,
  explanation: `The addresses of a slice are all of its addressType: IPv4, IPv6, or domain names with a dot. Loopback and
link-local addresses, link-local multicast, 0.0.0.0 and :: are refused: on every node they would mean something
else. Since Kubernetes 1.33 IPv6 addresses are in their canonical form, and in no other.`,
  check({ slice: { addressType }, endpoints }, report, { options }) {
    const { canonicalAddresses } = options.kubernetes.api;
    endpoints.forEach((endpoint, index) => {
      const addresses = endpoint?.addresses ?? [];
      addresses.forEach((text, entry) => {
        const address = text ?? '';
        const problem =
          addressProblem(address, addressType ?? '') ??
          (canonicalAddresses && addressType === 'IPv6' ? spellingProblem(address) : undefined);
        if (problem === undefined) return;
        report({
          field: ['endpoints', index, 'addresses', entry],
          message: `${quoteValue(address)} ${problem}`,
          hint: HINTS.get(addressType ?? '') ?? 'write the name or address of the server',
        });
      });
    });
  },
} as const satisfies EndpointSliceRule;

const HINTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    IPv4: 'write the IPv4 address of the server; IPv6 addresses and names have slices of their own',
    IPv6: 'write the IPv6 address of the server; IPv4 addresses and names have slices of their own',
    FQDN: 'write the full name of the server, with a dot in it',
  }),
);

function addressProblem(address: string, addressType: string): string | undefined {
  if (addressType === 'FQDN') return fullyQualifiedNameProblem(address);
  if (addressType !== 'IPv4' && addressType !== 'IPv6') return undefined;
  const parsed = parseIP(address);
  if (parsed?.family !== addressType) return `is not an ${addressType} address, which addressType asks for`;
  const special = specialAddressName(parsed.ip);
  return special === undefined ? undefined : `is ${special}`;
}

function spellingProblem(address: string): string | undefined {
  const odd = oddAddress(address);
  return odd === undefined ? undefined : `is not in canonical form, which is ${odd.canonical}`;
}

const MAX_ADDRESSES = 100;

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). kube-proxy uses only the first address. */
export const sliceAddressesLimit = {
  code: 'slice-addresses-limit',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint without address, or with more than 100',
  skipsPlain: true,
  explanation: `An endpoint has at least one address and at most 100. They are addresses of the same thing: only the first
one is used. Different pods are different endpoints.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const count = endpoint?.addresses?.length ?? 0;
      if (count > 0 && count <= MAX_ADDRESSES) return;
      const message =
        count === 0 ? 'an endpoint needs an address' : `${count} addresses, more than ${MAX_ADDRESSES}`;
      const hint = 'make an endpoint of every server, with its address';
      report({ field: ['endpoints', index, 'addresses'], message, hint });
    });
  },
} as const satisfies EndpointSliceRule;

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). */
export const sliceEndpointsLimit = {
  code: 'slice-endpoints-limit',
  category: 'api',
  severity: 'error',
  summary: 'more than 1000 endpoints in a slice',
  skipsPlain: true,
  explanation: `A slice has at most 1000 endpoints (the controller makes slices of 100), so that a change of one endpoint
does not send all of them to every node. A Service may have many slices.`,
  check({ slice }, report) {
    const count = slice.endpoints?.length ?? 0;
    if (count <= MAX_ENDPOINTS) return;
    report({
      field: ['endpoints'],
      message: `${count} endpoints in one slice, more than ${MAX_ENDPOINTS}`,
      hint: 'split them over several slices',
    });
  },
} as const satisfies EndpointSliceRule;

/** Nothing upstream: kube-proxy passes over slices of type FQDN. */
export const sliceFQDN = {
  code: 'slice-fqdn',
  category: 'api',
  severity: 'warning',
  summary: 'a slice of domain names, which is left out',
  skipsPlain: true,
  explanation: `Nodes forward packets to addresses, not to names: kube-proxy passes over slices of type FQDN, and so does
svcgen. The API server warns that the type is deprecated. A Service of type ExternalName is an alias for a name.`,
  check({ slice: { addressType } }, report) {
    if (addressType !== 'FQDN') return;
    report({
      field: ['addressType'],
      message: 'a slice of type FQDN is deprecated, and left out of the rules',
    });
  },
} as const satisfies EndpointSliceRule;

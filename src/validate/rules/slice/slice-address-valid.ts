import { parseIP } from '../../../model/ip.ts';
import { oddAddress, specialAddressName } from '../../formats/address.ts';
import { fullyQualifiedNameProblem } from '../../formats/dns.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

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
          hint: HINTS[addressType ?? ''] ?? 'write the name or address of the server',
        });
      });
    });
  },
} as const satisfies EndpointSliceRule;

const HINTS: Readonly<Record<string, string>> = {
  IPv4: 'write the IPv4 address of the server; IPv6 addresses and names have slices of their own',
  IPv6: 'write the IPv6 address of the server; IPv4 addresses and names have slices of their own',
  FQDN: 'write the full name of the server, with a dot in it',
};

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

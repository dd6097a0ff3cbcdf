import { parseIP } from '../../../model/ip.ts';
import type { NodeRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** Nothing upstream: kubelets write node addresses. */
export const nodeAddressValid = {
  code: 'node-address-valid',
  category: 'node',
  severity: 'warning',
  summary: 'a node address that is no IP address, and passed over',
  explanation: `Node ports answer on the addresses of a node, those of type InternalIP and ExternalIP in status.addresses.
What is no IP address there is passed over; names have the types Hostname, InternalDNS and ExternalDNS.`,
  check({ status }, report) {
    for (const [index, entry] of (status?.addresses ?? []).entries()) {
      const { type, address } = entry ?? {};
      if ((type !== 'InternalIP' && type !== 'ExternalIP') || parseIP(address ?? '') !== undefined) continue;
      report({
        field: ['status', 'addresses', index, 'address'],
        message: `${type} ${quoteValue(address ?? '')} is not an IP address, and passed over`,
      });
    }
  },
} as const satisfies NodeRule;

import { parseIP } from '../../../../model/ip.ts';
import { specialAddressName } from '../../../formats/address.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateService (1.34), whatever the type. */
export const externalIPValid = {
  code: 'external-ip-valid',
  category: 'api',
  severity: 'error',
  summary: 'an external IP that is no address, or that nodes need for themselves',
  explanation: `Every node takes traffic to spec.externalIPs as if it were its own, so they have to be plain addresses: no
CIDRs or names, and none that a node needs for itself (loopback, link-local, link-local multicast, 0.0.0.0, ::).`,
  check({ externalIPs }, report) {
    externalIPs.forEach((text, index) => {
      const field = ['spec', 'externalIPs', index];
      const ip = parseIP(text)?.ip;
      const special = ip === undefined ? undefined : specialAddressName(ip);
      if (ip === undefined) {
        const hint = 'write an address alone, like 192.0.2.10';
        report({ field, message: `${quoteValue(text)} is not an IP address`, hint });
      } else if (special !== undefined) {
        const hint = 'write the address at which clients outside the cluster reach the nodes';
        report({ field, message: `external IP ${quoteValue(text)} is ${special}`, hint });
      }
    });
  },
} as const satisfies ServiceRule;

import { parseIP } from '../../../model/ip.ts';
import { specialAddressName } from '../../formats/address.ts';
import { dnsSubdomainProblem } from '../../formats/dns.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateService (1.34), whatever the type. */
export const externalIPValid = {
  code: 'external-ip-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['externalIPs'],
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

/** ValidateService (1.34): a trailing dot may mark it as fully qualified. */
export const externalNameValid = {
  code: 'external-name-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['type'],
  summary: 'an ExternalName that is missing or no DNS name',
  explanation: `A Service of type ExternalName is an alias (a CNAME record) for spec.externalName, which has to be a DNS
name: no URL, no port, no upper case. For an address outside the cluster, write a Service without selector and an
EndpointSlice.`,
  check({ type, externalName }, report) {
    if (type !== 'ExternalName') return;
    const field = ['spec', 'externalName'];
    const name = externalName.endsWith('.') ? externalName.slice(0, -1) : externalName;
    if (name === '') {
      report({ field, message: 'a Service of type ExternalName needs an externalName' });
      return;
    }
    const problem = dnsSubdomainProblem(name);
    if (problem === undefined) return;
    const host = HOST_OF_URL.exec(externalName)?.[1];
    report({
      field,
      message: `externalName ${quoteValue(externalName)} ${problem}`,
      ...(host === undefined ? {} : { hint: `write the name alone: ${host}` }),
    });
  },
} as const satisfies ServiceRule;

const HOST_OF_URL = /^(?:[a-z]+:\/\/)?([a-z0-9.-]{1,253})(?:[:/].*)?$/;

/** ValidateService (1.34). */
export const externalNameWithoutAddresses = {
  code: 'external-name-without-addresses',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
  summary: 'an ExternalName with addresses or IP families',
  explanation: `A Service of type ExternalName is a DNS alias and has no addresses of its own: clusterIP, clusterIPs,
ipFamilies and ipFamilyPolicy must be left out.`,
  check({ type, clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy }, report) {
    if (type !== 'ExternalName') return;
    const refuse = (key: string, place = key) =>
      report({
        field: ['spec', key],
        place: ['spec', place],
        message: `${place} on a Service of type ExternalName`,
        hint: `leave ${place} out`,
      });
    if (clusterIPs.length > 0) refuse('clusterIPs', clusterIP === '' ? 'clusterIPs' : 'clusterIP');
    if (ipFamilies.length > 0) refuse('ipFamilies');
    if (ipFamilyPolicy !== undefined) refuse('ipFamilyPolicy');
  },
} as const satisfies ServiceRule;

import { parseIP } from '../../../../model/ip.ts';
import { dnsSearchProblem, dnsSubdomainProblem } from '../../../formats/dns.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;
const MAX_SEARCH_CHARACTERS = 2048;

/** validatePodDNSConfig (1.34); search domains are relaxed since 1.33. */
export const podDNSConfigValid = {
  code: 'pod-dns-config-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['dnsConfig', 'dnsPolicy'],
  summary: 'a dnsConfig without servers, or with odd ones',
  explanation: `dnsConfig has at most 3 name servers, which are IP addresses, and at most 32 search domains of 2048 characters
together. With dnsPolicy None it has to name a server.`,
  check({ spec: { dnsConfig, dnsPolicy }, path }, report, { options }) {
    const { relaxedSearchDomains } = options.kubernetes.api;
    const field = [...path, 'dnsConfig'];
    const nameservers = dnsConfig?.nameservers ?? [];
    const searches = (dnsConfig?.searches ?? []).map((search) => search ?? '');
    if (dnsPolicy === 'None' && nameservers.length === 0) {
      report({
        field: dnsConfig ? [...field, 'nameservers'] : field,
        message: 'dnsPolicy None needs a name server',
      });
    }
    if (nameservers.length > MAX_NAMESERVERS)
      report({ field: [...field, 'nameservers'], message: `more than ${MAX_NAMESERVERS} name servers` });
    for (const [index, server] of nameservers.entries()) {
      if (parseIP(server ?? '') !== undefined) continue;
      report({
        field: [...field, 'nameservers', index],
        message: `${quoteValue(server ?? '')} is not an IP address`,
      });
    }
    if (searches.length > MAX_SEARCHES || searches.join(' ').length > MAX_SEARCH_CHARACTERS) {
      const message = `more than ${MAX_SEARCHES} search domains, or ${MAX_SEARCH_CHARACTERS} characters of them`;
      report({ field: [...field, 'searches'], message });
    }
    for (const [index, search] of searches.entries()) {
      const domain = search.replace(/\.$/, '');
      const problem = relaxedSearchDomains ? relaxedProblem(domain) : dnsSubdomainProblem(domain);
      if (problem !== undefined)
        report({
          field: [...field, 'searches', index],
          message: `search domain ${quoteValue(search)} ${problem}`,
        });
    }
    for (const [index, option] of (dnsConfig?.options ?? []).entries()) {
      if (!option?.name)
        report({ field: [...field, 'options', index], message: 'a DNS option needs a name' });
    }
  },
} as const satisfies PodRule;

/** The root, `.`, is a search domain as well: nothing is left of it without its dot. */
function relaxedProblem(domain: string): string | undefined {
  return domain === '' ? undefined : dnsSearchProblem(domain);
}

/** ValidateHostAliases (1.34). */
export const podHostAliasesValid = {
  code: 'pod-host-aliases-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['hostAliases'],
  summary: 'a host alias without an IP address, or with an odd name',
  explanation: `hostAliases become lines of /etc/hosts: an IP address and the names for it.`,
  check({ spec, path }, report) {
    for (const [index, alias] of (spec.hostAliases ?? []).entries()) {
      const field = [...path, 'hostAliases', index];
      const ip = alias?.ip ?? '';
      if (parseIP(ip) === undefined)
        report({ field: [...field, 'ip'], message: `${quoteValue(ip)} is not an IP address` });
      for (const [at, hostname] of (alias?.hostnames ?? []).entries()) {
        const problem = dnsSubdomainProblem(hostname ?? '');
        if (problem === undefined) continue;
        report({
          field: [...field, 'hostnames', at],
          message: `host name ${quoteValue(hostname ?? '')} ${problem}`,
        });
      }
    }
  },
} as const satisfies PodRule;

import { parseIP } from '../../../../model/ip.ts';
import { dnsSubdomainProblem } from '../../../formats/dns.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateHostAliases (1.34). */
export const podHostAliasesValid = {
  code: 'pod-host-aliases-valid',
  category: 'api',
  severity: 'error',
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

import { dnsSubdomainProblem } from '../../../formats/dns.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateService (1.34): a trailing dot may mark it as fully qualified. */
export const externalNameValid = {
  code: 'external-name-valid',
  category: 'api',
  severity: 'error',
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

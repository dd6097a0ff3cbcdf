import { labelHint } from '../../../checks/label-hint.ts';
import { dnsLabelProblem } from '../../../formats/dns.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** validateServicePort (1.34): a DNS label, not the 15 characters of container port names. */
export const servicePortNameValid = {
  code: 'service-port-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a port name that is no DNS label',
  explanation: `The name of a Service's port is part of its SRV record in DNS (_http._tcp.web.shop.svc.cluster.local),
so it is a DNS label: lower case letters, digits and '-', at most 63 characters. kube-proxy also writes it into the
comments of its rules.`,
  check({ ports }, report) {
    ports.forEach(({ name }, index) => {
      const problem = name === '' ? undefined : dnsLabelProblem(name);
      if (problem === undefined) return;
      report({
        field: ['spec', 'ports', index, 'name'],
        message: `port name ${quoteValue(name)} ${problem}`,
        ...labelHint(name),
      });
    });
  },
} as const satisfies ServiceRule;

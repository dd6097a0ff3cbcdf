import type { EndpointSliceRule } from '../../rule.ts';

/** Nothing upstream: kube-proxy logs such ports, and crashes on some of them. */
export const slicePortWithoutNumber = {
  code: 'slice-port-without-number',
  category: 'node',
  severity: 'warning',
  summary: 'a port of a slice without a number, which is left out',
  skipsPlain: true,
  explanation: `A slice port without a number means "all ports", which some gateways understand and no node can program:
svcgen leaves it out of the rules.`,
  check({ ports }, report) {
    ports.forEach((entry, index) => {
      if (entry?.port !== undefined && entry.port !== null) return;
      report({
        field: ['ports', index, 'port'],
        message: 'a port without a number is left out of the rules',
      });
    });
  },
} as const satisfies EndpointSliceRule;

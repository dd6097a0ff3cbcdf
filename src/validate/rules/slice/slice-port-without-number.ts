import type { EndpointSliceRule } from '../../rule.ts';

/** Nothing upstream: kube-proxy logs such ports, and crashes on some of them. */
export const slicePortWithoutNumber: EndpointSliceRule = {
  code: 'slice-port-without-number',
  severity: 'warning',
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
};

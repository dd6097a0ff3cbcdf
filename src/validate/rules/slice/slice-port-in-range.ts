import { isPortNumber } from '../../formats/port.ts';
import type { EndpointSliceRule } from '../../rule.ts';

/** Nothing upstream: the API server takes any number, and kube-proxy writes it into its rules. */
export const slicePortInRange = {
  code: 'slice-port-in-range',
  category: 'node',
  severity: 'error',
  summary: 'a port of a slice outside 1-65535',
  skipsPlain: true,
  explanation: `The API server does not check the port numbers of slices, but a node can only send packets to ports from 1
to 65535: iptables-restore would refuse the rule, and with it all others.`,
  check({ ports }, report) {
    ports.forEach((entry, index) => {
      const port = entry?.port;
      if (port === undefined || port === null || isPortNumber(port)) return;
      report({ field: ['ports', index, 'port'], message: `port ${port} is outside 1-65535` });
    });
  },
} as const satisfies EndpointSliceRule;

import type { CodeDescription } from './code-description.ts';

export const resolveCodes = {
  'node-name-given': {
    category: 'input',
    summary:
      'the traffic of a Service depends on the node (Local policy or topology hints), and none is named',
  },
  'node-name-known': {
    category: 'input',
    summary:
      'the node that is named appears nowhere in the input, and the traffic of a Service depends on it',
  },
  'node-zone-known': {
    category: 'input',
    summary: 'zone hints of endpoints count only with the Node object, which says in which zone the node is',
  },
  'node-pod-cidr-known': {
    category: 'input',
    summary: 'detect-local mode NodeCIDR needs the podCIDRs of the Node object',
  },
  'node-address-known': {
    category: 'input',
    summary: 'NodePorts are limited to some of the node addresses, and no address of the node is known',
  },
  'node-port-addresses-match': {
    category: 'input',
    summary: 'no address of the node lies in the CIDRs that NodePorts are limited to',
  },
} as const satisfies Record<string, CodeDescription>;

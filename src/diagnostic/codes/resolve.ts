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
    summary:
      'NodePorts need the addresses of the node (in ipvs mode, or limited to some of them), and none is known',
  },
  'node-port-addresses-match': {
    category: 'input',
    summary: 'no address of the node, in one family, is one that NodePorts can answer on',
  },
  'cluster-ip-given': {
    category: 'input',
    summary: 'a Service has no clusterIP, and allocation is turned off',
  },
  'node-port-given': {
    category: 'input',
    summary: 'a port has no nodePort, and allocation is turned off',
  },
  'health-check-node-port-given': {
    category: 'input',
    summary: 'a Service has no healthCheckNodePort, and allocation is turned off',
  },
  'service-range-has-room': {
    category: 'api',
    summary: 'the service range has no free address for a Service without clusterIP',
  },
  'service-family-has-range': {
    category: 'api',
    summary: 'a Service asks for an IP family that the cluster has no service range of',
  },
  'node-port-range-has-room': {
    category: 'api',
    summary: 'the nodePort range has no free port for a Service that needs one',
  },
  'locked-value-usable': {
    category: 'input',
    summary: 'a locked address or port is taken by an explicit one, or lies outside the range: it moves',
  },
  'lock-file-valid': {
    category: 'input',
    summary: 'the lock file is not one that svcgen wrote',
  },
  'pod-range-has-room': {
    category: 'input',
    summary: 'the pod range has no free address for a pod that is made from a template',
  },
  'synthesized-pods-limit': {
    category: 'input',
    summary: 'templates ask for more pods than a cluster can have',
  },
  'host-network-address-known': {
    category: 'input',
    summary: 'a pod of the host network has the address of its node, which is not known',
  },
} as const satisfies Record<string, CodeDescription>;

import type { CodeDescription } from './code-description.ts';

/** Rules about several objects, or about what becomes of one among the others. */
export const crossCodes = {
  'object-unique': { category: 'cross', summary: 'two objects of one kind, namespace and name' },
  'cluster-ip-not-taken': { category: 'cross', summary: 'a clusterIP that another Service has' },
  'node-port-not-taken': { category: 'cross', summary: 'a nodePort that another Service has' },
  'health-check-node-port-not-taken': {
    category: 'cross',
    summary: 'a healthCheckNodePort that another Service has, for that or as a nodePort',
  },
  'external-ip-not-taken': {
    category: 'cross',
    summary: 'an external IP, port and protocol that lead to another Service already',
  },
  'load-balancer-ip-not-taken': {
    category: 'cross',
    summary: 'a load-balancer address, port and protocol that lead to another Service already',
  },
  'endpoint-not-cluster-ip': {
    category: 'cross',
    summary: 'an endpoint that is the clusterIP of a Service, not the address of a server',
  },
  'endpoints-have-service': {
    category: 'cross',
    summary: 'Endpoints or an EndpointSlice of a Service that does not exist',
  },
  'endpoints-without-selector': {
    category: 'cross',
    summary: 'Endpoints written by hand, of a Service whose selector makes a controller overwrite them',
  },
  'endpoint-ports-match': {
    category: 'cross',
    summary: 'a Service port that no endpoint port has the name and protocol of',
  },
  'endpoints-within-capacity': {
    category: 'cross',
    summary: 'more than 1000 addresses in one Endpoints object',
  },
  'selector-matches-pods': {
    category: 'cross',
    summary: 'a selector that matches no pod and no pod template',
  },
  'target-port-defined': {
    category: 'cross',
    summary: 'a named targetPort that no pod which the selector matches defines',
  },
  'target-port-defined-everywhere': {
    category: 'cross',
    summary: 'a named targetPort that only some of the pods define',
  },
  'target-port-protocol': {
    category: 'cross',
    summary: 'a named targetPort that pods define for another protocol',
  },
  'local-policy-has-endpoints': {
    category: 'cross',
    summary: 'a Local traffic policy, but no endpoint on any node',
  },
  'load-balancer-has-address': {
    category: 'cross',
    summary: 'a load balancer without an address in its status',
  },
  'external-name-not-ip': { category: 'cross', summary: 'an externalName that is an IP address' },
  'headless-no-node-port': { category: 'cross', summary: 'a nodePort of a Service that nodes leave out' },
} as const satisfies Record<string, CodeDescription>;

import type { CodeDescription } from './code-description.ts';

/** Rules about several objects, or about what becomes of one among the others. */
export const crossCodes = {
  'object-unique': { category: 'cross', summary: 'an object is defined once' },
  'cluster-ip-not-taken': { category: 'cross', summary: 'a clusterIP belongs to one Service' },
  'node-port-not-taken': { category: 'cross', summary: 'a nodePort belongs to one Service' },
  'health-check-node-port-not-taken': {
    category: 'cross',
    summary: 'a healthCheckNodePort belongs to one Service, and is no nodePort of another',
  },
  'external-ip-not-taken': {
    category: 'cross',
    summary: 'an external IP with a port and protocol leads to one Service',
  },
  'load-balancer-ip-not-taken': {
    category: 'cross',
    summary: 'a load-balancer address with a port and protocol leads to one Service',
  },
  'endpoint-not-cluster-ip': {
    category: 'cross',
    summary: 'endpoints are addresses of servers, not clusterIPs of Services',
  },
  'endpoints-have-service': {
    category: 'cross',
    summary: 'Endpoints and EndpointSlices belong to a Service that exists',
  },
  'endpoints-without-selector': {
    category: 'cross',
    summary: 'Endpoints written by hand belong to a Service without selector',
  },
  'endpoint-ports-match': {
    category: 'cross',
    summary: 'every port of a Service is served by a port of the same name and protocol of its endpoints',
  },
  'endpoints-within-capacity': {
    category: 'cross',
    summary: 'an Endpoints object holds at most 1000 addresses',
  },
  'selector-matches-pods': {
    category: 'cross',
    summary: 'the selector of a Service matches a pod, or the template of one',
  },
  'target-port-defined': {
    category: 'cross',
    summary: 'a named targetPort is a container port of the pods that the selector matches',
  },
  'target-port-defined-everywhere': {
    category: 'cross',
    summary: 'a named targetPort is a container port of all pods that the selector matches',
  },
  'target-port-protocol': {
    category: 'cross',
    summary: 'a named targetPort has the protocol of the Service port',
  },
  'local-policy-has-endpoints': {
    category: 'cross',
    summary: 'a Service with a Local traffic policy has an endpoint on some node',
  },
  'load-balancer-has-address': {
    category: 'cross',
    summary: 'a LoadBalancer Service has an address in its status',
  },
  'external-name-not-ip': { category: 'cross', summary: 'an externalName is a name, not an IP address' },
  'headless-no-node-port': { category: 'cross', summary: 'a Service that nodes leave out has no nodePort' },
} as const satisfies Record<string, CodeDescription>;

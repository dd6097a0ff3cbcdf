import type { CodeDescription } from './code-description.ts';

/** Of the renderers that answer for clients: env, endpoints, dns. */
export const renderCodes = {
  'namespace-known': {
    category: 'input',
    summary: 'no object in the input is in the namespace that is named',
  },
  'pod-known': { category: 'input', summary: 'the pod that is named is not in the input' },
  'endpoints-not-given': {
    category: 'input',
    summary: 'a Service has EndpointSlices or Endpoints in the input, so none are made of its pods',
  },
  'env-names-distinct': {
    category: 'cross',
    summary: 'two Services of a namespace make the same environment variable, so which one wins is chance',
  },
  'env-name-for-shells': {
    category: 'node',
    summary: 'the name of a Service makes environment variables that no shell can hold',
  },
  'dns-name-length': {
    category: 'node',
    summary: 'a Service, its ports or its endpoints make names that are too long for DNS',
  },
  'dns-names-distinct': {
    category: 'cross',
    summary: 'the host name of an endpoint is the name that DNS gives the address of another',
  },
  'external-name-ends': {
    category: 'cross',
    summary: 'following the externalName of a Service leads back to that Service',
  },
  'external-name-is-name': {
    category: 'node',
    summary: 'an externalName looks like an IP address, and DNS takes it for a name',
  },
  'host-aliases-distinct': {
    category: 'cross',
    summary: 'two names would have the same short form in a hosts file',
  },
} as const satisfies Record<string, CodeDescription>;

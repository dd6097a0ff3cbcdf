import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What the renderers that answer clients report: env and dns. */
export const renderCodes = {
  'namespace-known': {
    category: 'input',
    severity: 'error',
    summary: 'no object in the input is in the namespace that is named',
    explanation: `Variables are those of a pod in one namespace. When nothing in the input is in it, the name is a
slip, or files are missing; the variables of no Service at all would hide that.`,
  },
  'pod-known': {
    category: 'input',
    severity: 'error',
    summary: 'the pod that is named is not in the input',
    explanation: `With --pod the settings of that pod count (enableServiceLinks), so it has to be in the input.`,
  },
  'env-names-distinct': {
    category: 'cross',
    severity: 'warning',
    summary: 'two Services of a namespace make the same environment variable, so which one wins is chance',
    explanation: `Names of Services become names of variables: upper case, with _ for -. Two Services can so make
the same variable, and which of them a kubelet lets win is not defined. svcgen prints the value of the one that the
message names.`,
  },
  'env-name-for-shells': {
    category: 'node',
    severity: 'warning',
    summary: 'the name of a Service makes environment variables that no shell can hold',
    explanation: `With --relaxed-service-names a Service may be called 9lives, and so would its variables begin with
a digit, which no shell allows. They are left out of output for shells; the other forms have them.`,
  },
  'dns-name-length': {
    category: 'node',
    severity: 'warning',
    summary: 'a Service, its ports or its endpoints make names that are too long for DNS',
    explanation: `A label of DNS has at most 63 characters and a whole name 253. Records of longer names are left
out, as no client could ask for them. A long --cluster-domain, or a port name of 63 characters, which gets _ in
front, brings it about.`,
  },
  'dns-names-distinct': {
    category: 'cross',
    severity: 'warning',
    summary: 'the host name of an endpoint is the name that DNS gives the address of another',
    explanation: `An endpoint of a headless Service without a hostname is called after its address, 10-244-1-5. When
another endpoint has just that as its hostname, the name has the addresses of both.`,
  },
  'external-name-ends': {
    category: 'cross',
    severity: 'warning',
    summary: 'following the externalName of a Service leads back to that Service',
    explanation: `An ExternalName is an alias. When following aliases leads back to where it began, the name never
resolves, and clients wait in vain.`,
  },
  'external-name-is-name': {
    category: 'node',
    severity: 'warning',
    summary: 'an externalName looks like an IP address, and DNS takes it for a name',
    explanation: `The API server takes 192.0.2.7 as an externalName, but DNS answers with an alias to a host of that
name, which nobody has. For an address, a Service without selector and an EndpointSlice with the address do what was
meant.`,
  },
  'host-aliases-distinct': {
    category: 'cross',
    severity: 'warning',
    summary: 'two names would have the same short form in a hosts file',
    explanation: `A hosts file has short names beside full ones. Where two Services or endpoints would share a short
name, it is left out, and the full names are there.`,
  },
} as const satisfies CodeDescriptions;

/** A code of rendering. */
export type RenderCode = keyof typeof renderCodes;

import type { renderCodes } from '../../../diagnostic/codes/render.ts';
import type { CodeExplanation } from './code-explanation.ts';

/** Codes of the commands that answer for clients: env, endpoints, dns. */
export const renderExplanations: Readonly<Record<keyof typeof renderCodes, CodeExplanation>> = {
  'namespace-known': {
    severity: 'error',
    explanation: `Variables are those of a pod in one namespace. When nothing in the input is in it, the name is a slip, or
files are missing; the variables of no Service at all would hide that.`,
  },
  'pod-known': {
    severity: 'error',
    explanation: `With --pod the settings of that pod count (enableServiceLinks), so it has to be in the input.`,
  },
  'endpoints-not-given': {
    severity: 'warning',
    explanation: `svcgen endpoints makes what the controllers would make of pods. A Service that has EndpointSlices or Endpoints
in the input already keeps those, as the cluster does, and none are made for it.`,
  },
  'env-names-distinct': {
    severity: 'warning',
    explanation: `Names of Services become names of variables: upper case, with _ for -. Two Services can so make the same
variable, and which of them a kubelet lets win is not defined. svcgen prints the value of the one that the message names.`,
  },
  'env-name-for-shells': {
    severity: 'warning',
    explanation: `With --relaxed-service-names a Service may be called 9lives, and so would its variables begin with a digit,
which no shell allows. They are left out of output for shells; the other forms have them.`,
  },
  'dns-name-length': {
    severity: 'warning',
    explanation: `A label of DNS has at most 63 characters and a whole name 253. Records of longer names are left out, as no
client could ask for them. A long --cluster-domain, or a port name of 63 characters, which gets _ in front, brings it about.`,
  },
  'dns-names-distinct': {
    severity: 'warning',
    explanation: `An endpoint of a headless Service without a hostname is called after its address, 10-244-1-5. When another
endpoint has just that as its hostname, the name has the addresses of both.`,
  },
  'external-name-ends': {
    severity: 'warning',
    explanation: `An ExternalName is an alias. When following aliases leads back to where it began, the name never resolves,
and clients wait in vain.`,
  },
  'external-name-is-name': {
    severity: 'warning',
    explanation: `The API server takes 192.0.2.7 as an externalName, but DNS answers with an alias to a host of that name, which
nobody has. For an address, a Service without selector and an EndpointSlice with the address do what was meant.`,
  },
  'host-aliases-distinct': {
    severity: 'warning',
    explanation: `A hosts file has short names beside full ones. Where two Services or endpoints would share a short name, it
is left out, and the full names are there.`,
  },
};

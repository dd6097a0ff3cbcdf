import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What validation reports before any rule runs: values that the API server could not decode, and objects it would not know. */
export const decoderCodes = {
  'unknown-field': {
    category: 'api',
    severity: 'warning',
    summary: 'a field that the API server does not know, and drops',
    explanation: `The API server drops fields that it does not know, mostly slips in spelling or indentation, so
what they were to say is lost in silence. --strict makes them errors, as kubectl does by default.`,
  },
  'field-dropped': {
    category: 'api',
    severity: 'info',
    summary: 'a field that the API server clears, because its feature gate is off by default',
    explanation: `A field of a feature that is still in the making: the API server knows it, and clears it without a
word unless its feature gate is switched on. svcgen looks at the object as if the field were not there.`,
  },
  'field-type': {
    category: 'api',
    severity: 'error',
    summary: 'a value of another type than its field has',
    explanation: `Every field has a type: text, number, true or false, list or map. YAML makes numbers and truth
values of text that looks like them, so a label 1.10 or yes has to be quoted; and "80" in quotes is no number.`,
  },
  'integer-size': {
    category: 'api',
    severity: 'error',
    summary: 'an integer that does not fit 32 (or 64) bits',
    explanation: `Most numbers of the API are 32 bit integers: greater ones cannot be read at all.`,
  },
  'timestamp-format': {
    category: 'api',
    severity: 'error',
    summary: 'a time that is not spelled as RFC 3339 wants',
    explanation: `Times are spelled as RFC 3339 wants: date, T, time, and Z or an offset.`,
  },
  'quantity-format': {
    category: 'api',
    severity: 'error',
    summary: 'an amount of a resource that is no number with a known suffix',
    explanation: `Amounts of cpu, memory and other resources are numbers with an optional suffix: n, u, m, k, M, G,
T, P, E for powers of 1000, Ki, Mi, Gi, Ti, Pi, Ei for powers of 1024, or an exponent.`,
  },
  'api-version-served': {
    category: 'api',
    severity: 'warning',
    summary: 'an API version that clusters no longer serve',
    explanation: `An API version that clusters no longer serve: kubectl apply fails, and svcgen does not read the
object.`,
  },
  'kind-in-api-version': {
    category: 'api',
    severity: 'error',
    summary: 'a kind that does not exist in its API version',
    explanation: `A Service is of API version v1, a Deployment of apps/v1, an EndpointSlice of discovery.k8s.io/v1:
elsewhere in Kubernetes' own API groups there is no such kind, and one that its API version does not have (Svc) is
none either. (Kinds of other groups, such as a Service of serving.knative.dev, are other things, and passed over.)`,
  },
  'silenced-object-left-out': {
    category: 'api',
    severity: 'warning',
    summary: 'an object is left out because of errors that are silenced',
    explanation: `An error that is silenced, by --disable or the annotation svcgen/ignore, is an error all the same:
its object cannot be programmed, so it is left out, and this says so.`,
  },
} as const satisfies CodeDescriptions;

/** What validation reports about kube-proxy's settings. */
export const configurationCodes = {
  'proxy-config-values': {
    category: 'input',
    severity: 'error',
    summary: 'fields of the KubeProxyConfiguration have values that kube-proxy takes',
    explanation: `A field of the KubeProxyConfiguration has a value that kube-proxy itself would refuse at its
start, such as a mode that does not exist, a clusterCIDR that is no CIDR or a negative period. The message names what
is allowed.`,
  },
} as const satisfies CodeDescriptions;

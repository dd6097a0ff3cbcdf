import type { RuleDocumentation } from '../rule.ts';

/**
 * What src/validate/shape and src/validate/validate.ts find out before any rule runs: documentation only.
 * The severity of `unknown-field` is the one without --strict.
 */
export const shapeRules: readonly RuleDocumentation[] = Object.freeze([
  {
    code: 'unknown-field',
    severity: 'warning',
    explanation: `The API server drops fields that it does not know, mostly slips in spelling or indentation, so what they
were to say is lost in silence. --strict makes them errors, as kubectl does by default.`,
  },
  {
    code: 'field-type',
    severity: 'error',
    explanation: `Every field has a type: text, number, true or false, list or map. YAML makes numbers and truth values of text
that looks like them, so a label 1.10 or yes has to be quoted; and "80" in quotes is no number.`,
  },
  {
    code: 'integer-size',
    severity: 'error',
    explanation: `Most numbers of the API are 32 bit integers: greater ones cannot be read at all.`,
  },
  {
    code: 'timestamp-format',
    severity: 'error',
    explanation: `Times are spelled as RFC 3339 wants: date, T, time, and Z or an offset.`,
  },
  {
    code: 'quantity-format',
    severity: 'error',
    explanation: `Amounts of cpu, memory and other resources are numbers with an optional suffix: n, u, m, k, M, G, T, P, E for
powers of 1000, Ki, Mi, Gi, Ti, Pi, Ei for powers of 1024, or an exponent.`,
  },
  {
    code: 'api-version-served',
    severity: 'warning',
    explanation: `An API version that clusters no longer serve: kubectl apply fails, and svcgen does not read the object.`,
  },
  {
    code: 'kind-in-api-version',
    severity: 'error',
    explanation: `A Service is of API version v1, a Deployment of apps/v1, an EndpointSlice of discovery.k8s.io/v1: elsewhere
in Kubernetes' own API groups there is no such kind, and one that its API version does not have (Svc) is none either. (Kinds of other groups, such as
a Service of serving.knative.dev, are other things, and passed over.)`,
  },
  {
    code: 'silenced-object-left-out',
    severity: 'warning',
    explanation: `An error that is silenced, by --disable or the annotation svcgen/ignore, is an error all the same: its object
cannot be programmed, so it is left out, and this says so.`,
  },
]);

import { suggestion } from '../../checks/suggestion.ts';
import { labelValueProblem, qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];

/** ValidateService (1.34). An empty type means ClusterIP. */
export const serviceTypeKnown = {
  code: 'service-type-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['type'],
  summary: 'a type of Service that does not exist',
  explanation: `spec.type is ClusterIP, NodePort, LoadBalancer or ExternalName, spelled exactly so; left out or empty it
is ClusterIP. A headless Service has no type of its own: it is a ClusterIP with clusterIP: None.`,
  check({ type }, report) {
    if (TYPES.includes(type)) return;
    report({
      field: ['spec', 'type'],
      message: `type ${quoteValue(type)} is none of ${TYPES.join(', ')}`,
      ...suggestion(type, TYPES),
    });
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34): a selector is a map of labels. */
export const selectorValid = {
  code: 'selector-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['selector'],
  summary: 'a selector whose keys or values no labels can have',
  explanation: `A Service's selector is compared with the labels of pods, so its keys and values are written as labels
are: at most 63 letters, digits, '-', '_' and '.'.`,
  check({ selector }, report) {
    const field = ['spec', 'selector'];
    for (const key in selector) {
      const keyProblem = qualifiedNameProblem(key);
      const place = [...field, key];
      if (keyProblem !== undefined) {
        report({ field, place, at: 'key', message: `selector key ${quoteValue(key)} ${keyProblem}` });
      }
      const value = selector[key] ?? '';
      const problem = labelValueProblem(value);
      if (problem !== undefined)
        report({ field, place, message: `selector value ${quoteValue(value)} ${problem}` });
    }
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34). */
export const sessionAffinityKnown = {
  code: 'session-affinity-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['sessionAffinity'],
  summary: 'a sessionAffinity other than ClientIP and None',
  explanation: `spec.sessionAffinity is ClientIP (connections of one client go to one endpoint) or None. There is no
affinity by cookie: a Service does not look into HTTP.`,
  check({ sessionAffinity }, report) {
    if (sessionAffinity === 'None' || sessionAffinity === 'ClientIP') return;
    report({
      field: ['spec', 'sessionAffinity'],
      message: `sessionAffinity ${quoteValue(sessionAffinity)} is neither ClientIP nor None`,
      ...suggestion(sessionAffinity, ['ClientIP', 'None']),
    });
  },
} as const satisfies ServiceRule;

const MAX_SECONDS = 86400;

/** validateAffinityTimeout (1.34). */
export const sessionAffinityTimeout = {
  code: 'session-affinity-timeout',
  category: 'api',
  severity: 'error',
  onlyWith: ['sessionAffinity'],
  summary: 'an affinity timeout outside 1-86400 seconds',
  explanation: `How long a client stays with its endpoint is at least a second and at most a day (86400 seconds); left out
it is three hours. With sessionAffinity None the setting is ignored.`,
  check({ sessionAffinitySeconds: seconds }, report) {
    if (seconds === undefined || (seconds > 0 && seconds <= MAX_SECONDS)) return;
    report({
      field: ['spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'],
      message: `timeoutSeconds ${seconds} is outside 1-${MAX_SECONDS}`,
    });
  },
} as const satisfies ServiceRule;

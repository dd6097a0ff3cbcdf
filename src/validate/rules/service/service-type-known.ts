import { suggestion } from '../../checks/suggestion.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'];

/** ValidateService (1.34). An empty type means ClusterIP. */
export const serviceTypeKnown = {
  code: 'service-type-known',
  category: 'api',
  severity: 'error',
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

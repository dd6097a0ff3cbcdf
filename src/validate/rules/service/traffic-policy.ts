import { TOPOLOGY_HINTS_ANNOTATION, TOPOLOGY_MODE_ANNOTATION } from '../../../kubernetes/labels.ts';
import { suggestion } from '../../checks/suggestion.ts';
import { isExternallyAccessible } from '../../defaults/service.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateServiceExternalTrafficPolicy (1.34). An empty policy means Cluster. */
export const externalTrafficPolicyKnown = {
  code: 'external-traffic-policy-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['externalTrafficPolicy'],
  summary: 'an externalTrafficPolicy other than Cluster and Local',
  explanation: `externalTrafficPolicy is Cluster (any endpoint may answer, the client's address is masqueraded) or Local
(only endpoints on the node that the traffic came to, and they see the client's address).`,
  check({ type, externalIPs, externalTrafficPolicy: policy }, report) {
    if (!isExternallyAccessible(type, externalIPs) || policy === 'Cluster' || policy === 'Local') return;
    report({
      field: ['spec', 'externalTrafficPolicy'],
      message: `externalTrafficPolicy ${quoteValue(policy)} is neither Cluster nor Local`,
      ...suggestion(policy, ['Cluster', 'Local']),
    });
  },
} as const satisfies ServiceRule;

/** validateServiceExternalTrafficPolicy (1.34). */
export const externalTrafficPolicyType = {
  code: 'external-traffic-policy-type',
  category: 'api',
  severity: 'error',
  onlyWith: ['externalTrafficPolicy'],
  summary: 'externalTrafficPolicy on a Service that nobody outside reaches',
  explanation: `externalTrafficPolicy is about traffic from outside the cluster. A Service that nobody outside reaches (type
ClusterIP without externalIPs, or ExternalName) must not set it, not even to Cluster.`,
  check({ type, externalIPs, externalTrafficPolicy }, report) {
    if (externalTrafficPolicy === '' || isExternallyAccessible(type, externalIPs)) return;
    report({
      field: ['spec', 'externalTrafficPolicy'],
      message: `externalTrafficPolicy on a Service that nobody outside the cluster reaches`,
      hint: 'leave externalTrafficPolicy out',
    });
  },
} as const satisfies ServiceRule;

/** validateServiceInternalTrafficFieldsValue (1.34); the empty string is no policy either. */
export const internalTrafficPolicyKnown = {
  code: 'internal-traffic-policy-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['internalTrafficPolicy'],
  summary: 'an internalTrafficPolicy other than Cluster and Local',
  explanation: `internalTrafficPolicy is Cluster (any endpoint may answer traffic from within the cluster) or Local (only
endpoints on the client's node); left out it is Cluster.`,
  check({ internalTrafficPolicy: policy }, report) {
    if (policy === undefined || policy === 'Cluster' || policy === 'Local') return;
    report({
      field: ['spec', 'internalTrafficPolicy'],
      message: `internalTrafficPolicy ${quoteValue(policy)} is neither Cluster nor Local`,
      ...suggestion(policy, ['Cluster', 'Local']),
    });
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34). */
export const topologyAnnotationsMatch = {
  code: 'topology-annotations-match',
  category: 'api',
  severity: 'error',
  onlyWith: ['annotations'],
  summary: 'two annotations of topology hints that differ',
  explanation: `service.kubernetes.io/topology-mode is the newer name of service.kubernetes.io/topology-aware-hints: when
both are set they have to say the same.`,
  check({ metadata: { annotations } }, report) {
    if (
      !annotations ||
      !Object.hasOwn(annotations, TOPOLOGY_MODE_ANNOTATION) ||
      !Object.hasOwn(annotations, TOPOLOGY_HINTS_ANNOTATION)
    )
      return;
    if ((annotations[TOPOLOGY_MODE_ANNOTATION] ?? '') === (annotations[TOPOLOGY_HINTS_ANNOTATION] ?? ''))
      return;
    report({
      field: ['metadata', 'annotations', TOPOLOGY_MODE_ANNOTATION],
      message: `annotations ${TOPOLOGY_MODE_ANNOTATION} and ${TOPOLOGY_HINTS_ANNOTATION} differ`,
      hint: `keep only ${TOPOLOGY_MODE_ANNOTATION}`,
    });
  },
} as const satisfies ServiceRule;

/** validateServiceTrafficDistribution (1.31 to 1.36); gate PreferSameTrafficDistribution, on by default since 1.34. */
export const trafficDistributionKnown = {
  code: 'traffic-distribution-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['trafficDistribution'],
  summary: 'a trafficDistribution that does not exist',
  explanation: `trafficDistribution is PreferSameZone (or PreferClose, its older name) or PreferSameNode: hints for the
EndpointSlice controller, which fall back to all endpoints when none is near. Up to Kubernetes 1.33 there is only
PreferClose.`,
  check({ trafficDistribution: distribution }, report, { options }) {
    const known = options.kubernetes.api.trafficDistributions;
    if (distribution === undefined || known.includes(distribution)) return;
    report({
      field: ['spec', 'trafficDistribution'],
      message: `trafficDistribution ${quoteValue(distribution)} is none of ${known.join(', ')}`,
      ...suggestion(distribution, known),
    });
  },
} as const satisfies ServiceRule;

import { TOPOLOGY_HINTS_ANNOTATION, TOPOLOGY_MODE_ANNOTATION } from '../../../kubernetes/labels.ts';
import { isHeadless } from '../../../kubernetes/services.ts';
import type { DefaultedService } from '../../defaults/service.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** GetWarningsForService (pkg/api/service/warnings.go, 1.30 to 1.36), as all of this file. */
export const topologyAnnotationCurrent = {
  code: 'topology-annotation-current',
  category: 'api',
  severity: 'warning',
  onlyWith: ['annotations'],
  summary: 'an annotation for topology hints that is deprecated',
  explanation: `service.kubernetes.io/topology-aware-hints is the older name of service.kubernetes.io/topology-mode, and the
API server warns of it. From Kubernetes 1.31 on, spec.trafficDistribution says the same in a field.`,
  check({ metadata: { annotations } }, report) {
    if (!annotations || !Object.hasOwn(annotations, TOPOLOGY_HINTS_ANNOTATION)) return;
    report({
      field: ['metadata', 'annotations', TOPOLOGY_HINTS_ANNOTATION],
      at: 'key',
      message: `annotation ${TOPOLOGY_HINTS_ANNOTATION} is deprecated`,
      hint: `use ${TOPOLOGY_MODE_ANNOTATION}`,
    });
  },
} as const satisfies ServiceRule;

export const externalNameType = {
  code: 'external-name-type',
  category: 'api',
  severity: 'warning',
  onlyWith: ['externalName'],
  summary: 'an externalName on a Service of another type',
  explanation: `Only Services of type ExternalName are aliases in DNS. On another type externalName does nothing, and the API
server warns of it.`,
  check({ type, externalName }, report) {
    if (type === 'ExternalName' || externalName === '') return;
    report({
      field: ['spec', 'externalName'],
      message: `externalName ${quoteValue(externalName)} is ignored on a Service of type ${type}`,
      hint: 'leave it out, or use type ExternalName',
    });
  },
} as const satisfies ServiceRule;

export const externalNameNoExternalIPs = {
  code: 'external-name-no-external-ips',
  category: 'api',
  severity: 'warning',
  onlyWith: ['externalIPs'],
  summary: 'externalIPs of a Service that is only a name',
  explanation: `A Service of type ExternalName is a CNAME record: nodes make no rules for it, so its externalIPs answer nowhere.
The API server warns of them.`,
  check({ type, externalIPs }, report) {
    if (type !== 'ExternalName' || externalIPs.length === 0) return;
    report({
      field: ['spec', 'externalIPs'],
      message: 'externalIPs are ignored on a Service of type ExternalName',
      hint: 'leave them out',
    });
  },
} as const satisfies ServiceRule;

/** Since 1.34. */
export const headlessNoExternalIPs = {
  code: 'headless-no-external-ips',
  category: 'api',
  severity: 'warning',
  onlyWith: ['externalIPs'],
  summary: 'externalIPs of a headless Service',
  explanation: `Nodes make no rules for a headless Service (clusterIP None), so its externalIPs answer nowhere. From Kubernetes
1.34 on the API server warns of them.`,
  check: (service, report, { options }) => {
    if (!isHeadlessClusterIP(service) || service.externalIPs.length === 0) return;
    if (!options.kubernetes.api.warnings.has('headless-fields')) return;
    report({
      field: ['spec', 'externalIPs'],
      message: 'externalIPs are ignored on a headless Service',
      hint: 'leave them out, or leave clusterIP: None out',
    });
  },
} as const satisfies ServiceRule;

/** Since 1.34. */
export const headlessNoLoadBalancerIP = {
  code: 'headless-no-load-balancer-ip',
  category: 'api',
  severity: 'warning',
  onlyWith: ['loadBalancerIP'],
  summary: 'a loadBalancerIP of a headless Service',
  explanation: `A headless Service (clusterIP None) has no load balancer, so its loadBalancerIP does nothing. From Kubernetes
1.34 on the API server warns of it.`,
  check: (service, report, { options }) => {
    if (!isHeadlessClusterIP(service) || service.loadBalancerIP === '') return;
    if (!options.kubernetes.api.warnings.has('headless-fields')) return;
    report({
      field: ['spec', 'loadBalancerIP'],
      message: `loadBalancerIP ${quoteValue(service.loadBalancerIP)} is ignored on a headless Service`,
      hint: 'leave it out',
    });
  },
} as const satisfies ServiceRule;

/** Since 1.34, which names spec.SessionAffinity. */
export const headlessNoSessionAffinity = {
  code: 'headless-no-session-affinity',
  category: 'api',
  severity: 'warning',
  onlyWith: ['sessionAffinity'],
  summary: 'sessionAffinity of a headless Service',
  explanation: `Clients of a headless Service (clusterIP None) connect to its pods themselves: nobody is there to keep them at
one of them. From Kubernetes 1.34 on the API server warns of it.`,
  check: (service, report, { options }) => {
    if (!isHeadlessClusterIP(service) || service.sessionAffinity === 'None') return;
    if (!options.kubernetes.api.warnings.has('headless-fields')) return;
    report({
      field: ['spec', 'sessionAffinity'],
      message: `sessionAffinity ${quoteValue(service.sessionAffinity)} is ignored on a headless Service`,
      hint: 'leave it out',
    });
  },
} as const satisfies ServiceRule;

/** Since 1.35. */
export const trafficDistributionCurrent = {
  code: 'traffic-distribution-current',
  category: 'api',
  severity: 'warning',
  onlyWith: ['trafficDistribution'],
  summary: 'a trafficDistribution whose name is deprecated',
  explanation: `PreferClose is the older name of PreferSameZone, which says what is meant. From Kubernetes 1.35 on the API
server warns of it. PreferSameZone is there since 1.34.`,
  check({ trafficDistribution }, report, { options }) {
    if (trafficDistribution !== 'PreferClose' || !options.kubernetes.api.warnings.has('prefer-close')) return;
    report({
      field: ['spec', 'trafficDistribution'],
      message: 'trafficDistribution "PreferClose" is deprecated',
      hint: 'write PreferSameZone',
    });
  },
} as const satisfies ServiceRule;

function isHeadlessClusterIP({ type, clusterIPs }: DefaultedService): boolean {
  return type === 'ClusterIP' && isHeadless({ clusterIPs });
}

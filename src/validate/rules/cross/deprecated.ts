import { isHeadless } from '../../../kubernetes/services.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterRule } from './cluster-rule.ts';

/** Lifecycle of v1 Endpoints (KEP-4974, 1.33): the API server says it with every request. */
export const endpointsKindCurrent = {
  code: 'endpoints-kind-current',
  category: 'api',
  severity: 'info',
  summary: 'Endpoints, a kind that is deprecated',
  explanation: `From Kubernetes 1.33 on the API server calls v1 Endpoints deprecated in every answer: EndpointSlices have taken
their place. They are served all the same, and nodes read them by way of slices. svcgen says it once, for all of them.`,
  *check({ endpoints }, { options }) {
    const [first] = endpoints;
    if (first === undefined || !options.kubernetes.api.warnings.has('endpoints-kind')) return;
    yield {
      kind: 'Endpoints',
      object: first,
      field: ['kind'],
      message: `v1 Endpoints is deprecated since Kubernetes 1.33${amongOthers(endpoints.length)}`,
      hint: 'write a discovery.k8s.io/v1 EndpointSlice: "svcgen endpoints" makes them',
    };
  },
} as const satisfies ClusterRule;

/** GetWarningsForService (pkg/api/service/warnings.go, 1.36); gate AllowServiceExternalIPs. */
export const externalIPsCurrent = {
  code: 'external-ips-current',
  category: 'api',
  severity: 'info',
  summary: 'externalIPs, a field that is deprecated',
  explanation: `externalIPs let whoever may write Services take traffic to any address, so clusters may refuse or ignore them.
From Kubernetes 1.36 on the API server calls them deprecated with every Service. svcgen says it once, for all of them.`,
  *check({ services }, { options }) {
    if (!options.kubernetes.api.warnings.has('external-ips')) return;
    const users = services.filter(
      (service) => service.externalIPs.length > 0 && service.type !== 'ExternalName' && !isHeadless(service),
    );
    const [first] = users;
    if (first === undefined) return;
    yield {
      kind: 'Service',
      object: first,
      field: ['spec', 'externalIPs'],
      message: `externalIPs of ${labelOf('Service', first)} are deprecated, and may do nothing in some clusters${amongOthers(users.length)}`,
      hint: 'use type LoadBalancer, or a Gateway',
    };
  },
} as const satisfies ClusterRule;

function amongOthers(count: number): string {
  return count === 1 ? '' : ` (${count} objects)`;
}

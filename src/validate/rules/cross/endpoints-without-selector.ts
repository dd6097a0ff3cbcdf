import { ENDPOINTS_MANAGED_BY_LABEL, LAST_CHANGE_ANNOTATION } from '../../../kubernetes/labels.ts';
import { hasSelector } from '../../../kubernetes/services.ts';
import type { Endpoints } from '../../../model/cluster.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterRule } from './cluster-rule.ts';

/** The endpoints controller (pkg/controller/endpoint, 1.34) writes the Endpoints of every Service with a selector. */
export const endpointsWithoutSelector = {
  code: 'endpoints-without-selector',
  category: 'cross',
  severity: 'warning',
  summary: 'Endpoints written by hand, of a Service whose selector makes a controller overwrite them',
  explanation: `When a Service has a selector, a controller writes its Endpoints from the pods that match, again and again.
Endpoints written by hand for such a Service are overwritten in a cluster soon after they are applied. Endpoints that
the controller made itself, as in the output of kubectl get, are fine: their addresses refer to pods.`,
  *check(_, { view }) {
    for (const { service, endpoints } of view.services) {
      if (endpoints === undefined || !hasSelector(service) || isManaged(endpoints)) continue;
      const field = findHandWritten(endpoints);
      if (field === undefined) continue;
      yield {
        kind: 'Endpoints',
        object: endpoints,
        field,
        message: `these addresses are overwritten: ${labelOf('Service', service)} has a selector`,
        hint: 'remove the selector from the Service, or the Endpoints from the manifests',
        related: [{ kind: 'Service', object: service, field: ['spec', 'selector'], message: 'the selector' }],
      };
    }
  },
} as const satisfies ClusterRule;

function isManaged({ labels, annotations }: Endpoints): boolean {
  return (
    Object.hasOwn(labels, ENDPOINTS_MANAGED_BY_LABEL) || Object.hasOwn(annotations, LAST_CHANGE_ANNOTATION)
  );
}

/** The first address that does not refer to a pod: the controller makes no such. */
function findHandWritten({ subsets }: Endpoints): FieldPath | undefined {
  for (const [index, subset] of subsets.entries()) {
    for (const list of ['addresses', 'notReadyAddresses'] as const) {
      const at = subset[list].findIndex(({ targetRef }) => targetRef?.kind !== 'Pod');
      if (at >= 0) return ['subsets', index, list, at, 'ip'];
    }
  }
  return undefined;
}

import { labelOf } from '../../diagnose.ts';
import { quoteValue } from '../../shape/describe-value.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { targetPortField } from './view/named-target-ports.ts';
import { kindOf, podPathOf } from './view/pod-selection.ts';

/** FindPort (pkg/api/v1/pod, 1.34) looks for the name among the container ports of each pod. */
export const targetPortDefinedEverywhere = {
  code: 'target-port-defined-everywhere',
  category: 'cross',
  severity: 'warning',
  summary: 'a named targetPort that only some of the pods define',
  explanation: `A targetPort that is a name stands for the container port of that name, pod by pod. Pods that the selector
matches but that have no such port get no connections. Most often the selector is too wide and matches pods of another
workload as well.`,
  *check(_, { view }) {
    for (const { service, index, targetPort, pods } of view.namedTargetPorts) {
      const { definers, candidates, lacking } = pods;
      if (definers === 0 || lacking === undefined) continue;
      yield {
        kind: 'Service',
        object: service,
        field: targetPortField(index),
        message: `targetPort ${quoteValue(targetPort)} is a container port of only ${definers} of the ${candidates.length} pods and pod templates that the selector matches`,
        hint: `give the others a container port of that name, or narrow the selector`,
        related: [
          {
            kind: kindOf(lacking),
            object: lacking,
            field: [...podPathOf(lacking), 'spec', 'containers', 0, 'ports'],
            message: `${labelOf(kindOf(lacking), lacking)} has no such port`,
          },
        ],
      };
    }
  },
} as const satisfies ClusterRule;

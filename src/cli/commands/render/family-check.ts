import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { clusterIPIn } from '../../../kubernetes/services.ts';
import type { Cluster } from '../../../model/cluster.ts';
import { otherFamily } from '../../../model/ip.ts';
import type { NodeStates } from '../../../model/node-state.ts';
import { inputProblem } from '../../input/input-problem.ts';

/** A warning when one family is rendered, none of the Services has it, and some have the other one. */
export function checkFamily({ services }: Cluster, states: NodeStates): readonly Diagnostic[] {
  const [state, ...others] = states.values();
  if (state === undefined || others.length > 0 || state.servicePorts.length > 0) return [];
  const other = otherFamily(state.family);
  const count = services.filter((service) => clusterIPIn(service, other) !== undefined).length;
  if (count === 0) return [];
  return [
    inputProblem({
      code: 'family-has-services',
      severity: 'warning',
      message: `no Service has ${state.family} addresses, so these rules serve nothing`,
      hint: `--family ${other.toLowerCase()} is for the ${count} with ${other} addresses, --script for both families`,
    }),
  ];
}

import { nodeResolver, type ResolvedNode, resolveFamilies } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { clusterIPIn } from '../kubernetes/services.ts';
import type { Cluster, IPFamily } from '../model/cluster.ts';
import { otherFamily } from '../model/ip.ts';
import type { NodeStates } from '../model/node-state.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';
import { inputProblem } from './problem.ts';

/** What one node serves, with a warning when that is nothing because of the family. */
export function resolveNode(
  cluster: Cluster,
  config: ProxyConfig,
  families: readonly IPFamily[],
): ResolvedNode {
  return withFamilyCheck(cluster, resolveFamilies(cluster, config, families));
}

/** The same for one node after the other, by name. What they have in common is made once. */
export function resolverOfNodes(
  cluster: Cluster,
  config: ProxyConfig,
  families: readonly IPFamily[],
): (nodeName: string) => ResolvedNode {
  const resolve = nodeResolver(cluster, config, families);
  return (nodeName) => withFamilyCheck(cluster, resolve(nodeName));
}

function withFamilyCheck(cluster: Cluster, { states, diagnostics }: ResolvedNode): ResolvedNode {
  return { states, diagnostics: [...diagnostics, ...checkFamily(cluster, states)] };
}

/** A warning when one family is rendered, none of the Services has it, and some have the other one. */
function checkFamily({ services }: Cluster, states: NodeStates): readonly Diagnostic[] {
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

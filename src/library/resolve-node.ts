import { type NodeResolver, nodeResolver, type ResolvedNode, resolveFamilies } from '../compile.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import type { Cluster, IPFamily } from '../model/cluster.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';
import { checkRules } from './check-serving.ts';

/** What one node serves, with a warning when that is nothing. */
export function resolveNode(
  cluster: Cluster,
  config: ProxyConfig,
  families: readonly IPFamily[],
): ResolvedNode {
  return withServingCheck(cluster, resolveFamilies(cluster, config, families));
}

/** The same for one node after the other, by name. What they have in common is made once. */
export function resolverOfNodes(
  cluster: Cluster,
  config: ProxyConfig,
  families: readonly IPFamily[],
): NodeResolver {
  const { resolve, alike } = nodeResolver(cluster, config, families);
  return { resolve: (nodeName) => withServingCheck(cluster, resolve(nodeName)), alike };
}

function withServingCheck(cluster: Cluster, { states, diagnostics }: ResolvedNode): ResolvedNode {
  if (hasErrors(diagnostics)) return { states, diagnostics };
  return { states, diagnostics: [...diagnostics, ...checkRules(cluster, states)] };
}

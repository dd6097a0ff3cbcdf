import { nodeResolver, type ResolvedNode, resolveFamilies } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { indexByLabels, selectByLabels } from '../kubernetes/selectors.ts';
import { clusterIPIn, hasSelector } from '../kubernetes/services.ts';
import { type Cluster, type IPFamily, objectKey } from '../model/cluster.ts';
import { otherFamily } from '../model/ip.ts';
import type { NodeStates } from '../model/node-state.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';
import { servedServices } from '../resolve/proxy/served-services.ts';
import { inputProblem } from './problem.ts';

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
): (nodeName: string) => ResolvedNode {
  const resolve = nodeResolver(cluster, config, families);
  return (nodeName) => withServingCheck(cluster, resolve(nodeName));
}

function withServingCheck(cluster: Cluster, { states, diagnostics }: ResolvedNode): ResolvedNode {
  if (hasErrors(diagnostics)) return { states, diagnostics };
  return { states, diagnostics: [...diagnostics, ...checkServing(cluster, states)] };
}

/**
 * A warning when rules serve nothing: it is hardly ever meant, and takes all Services off a node. One is enough, so the
 * first cause counts.
 */
function checkServing(cluster: Cluster, states: NodeStates): readonly Diagnostic[] {
  const { services } = cluster;
  if (services.length === 0) return [noServices()];
  const servicePorts = [...states.values()].flatMap((state) => state.servicePorts);
  if (servicePorts.length === 0) return checkFamily(cluster, states);
  const isRefused = servicePorts.every(
    ({ pools, internal }) => pools.length === 0 && internal.kind === 'reject',
  );
  return isRefused ? [noEndpoints(cluster)] : [];
}

function noServices(): Diagnostic {
  return inputProblem({
    code: 'services-given',
    severity: 'warning',
    message: 'there is no Service in the input, so these rules serve nothing',
    hint: 'what Helm, kustomize and others make Services of has to be rendered first',
  });
}

function noEndpoints(cluster: Cluster): Diagnostic {
  const isServedElsewhere = servedServices(cluster).length > 0;
  return inputProblem({
    code: 'endpoints-given',
    severity: 'warning',
    message: isServedElsewhere
      ? 'no port of a Service has endpoints here, so these rules refuse all connections'
      : 'no Service has endpoints, so these rules refuse all connections',
    hint: isServedElsewhere
      ? 'endpoints count for ports of their name, and for addresses of their IP family'
      : hintOfPods(cluster),
  });
}

const SLICES = '"kubectl get endpointslices -A -o yaml" prints the endpoints of a cluster';

/** Who would make the pods, or which Pod lacks an address. */
function hintOfPods({ services, workloads, pods }: Cluster): string {
  const selecting = services.filter(hasSelector);
  const templates = indexByLabels(selecting, workloads, ({ template }) => template.labels);
  const bare = indexByLabels(selecting, pods, ({ labels }) => labels);
  for (const service of selecting) {
    const [workload] = selectByLabels(templates, service).filter(({ replicas }) => replicas > 0);
    const [pod] = selectByLabels(bare, service);
    const served = `Service ${objectKey(service)}`;
    if (pod !== undefined)
      return `Pod ${objectKey(pod)}, for one, is selected by ${served}, but it has no address or is not ready; ${SLICES}`;
    if (workload !== undefined)
      return `pods of ${served}, for one, are made by ${workload.kind} ${objectKey(workload)}: --synthesize-pods makes them here, too; ${SLICES}`;
  }
  return SLICES;
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

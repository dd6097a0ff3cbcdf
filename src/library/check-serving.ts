import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { indexByLabels, selectByLabels } from '../kubernetes/selectors.ts';
import { clusterIPIn, hasSelector } from '../kubernetes/services.ts';
import { type Cluster, objectKey } from '../model/cluster.ts';
import { otherFamily } from '../model/ip.ts';
import type { NodeStates, ServicePort } from '../model/node-state.ts';
import { servedServices } from '../resolve/proxy/served-services.ts';
import { inputProblem } from './problem.ts';

/** What comes of it, in words, where there is nothing to serve. */
export interface ServingWords {
  /** "there is no Service in the input, so …" */
  readonly withoutServices: string;
  /** "no Service has endpoints, so …"; undefined: that changes nothing. */
  readonly withoutEndpoints: string | undefined;
}

/** A warning where the input has no Service, or no Service has endpoints: it is hardly ever meant, and hard to see. */
export function checkServing(cluster: Cluster, words: ServingWords): readonly Diagnostic[] {
  const { withoutServices, withoutEndpoints } = words;
  if (cluster.services.length === 0) return [noServices(withoutServices)];
  const wantsEndpoints = cluster.services.some(({ type }) => type !== 'ExternalName');
  if (withoutEndpoints === undefined || !wantsEndpoints || servedServices(cluster).length > 0) return [];
  return [noEndpoints(`no Service has endpoints, so ${withoutEndpoints}`, hintOfPods(cluster))];
}

/**
 * The same of the rules of a node, which also serve nothing where no Service has anything of their IP family: loading them takes
 * all Services off a node. One warning is enough, so the first cause counts.
 */
export function checkRules(cluster: Cluster, states: NodeStates): readonly Diagnostic[] {
  if (cluster.services.length === 0) return [noServices('these rules serve nothing')];
  const served = [...states.values()];
  if (served.every(({ servicePorts }) => servicePorts.length === 0)) return checkFamily(cluster, states);
  const isRefused = ({ pools, internal }: ServicePort) => pools.length === 0 && internal.kind === 'reject';
  if (!served.every(({ servicePorts }) => servicePorts.every(isRefused))) return [];
  const refuses = 'these rules refuse all connections';
  const found = checkServing(cluster, { withoutServices: refuses, withoutEndpoints: refuses });
  if (found.length > 0) return found;
  const hint = 'endpoints count for ports of their name, and for addresses of their IP family';
  return [noEndpoints(`no port of a Service has endpoints here, so ${refuses}`, hint)];
}

function noServices(consequence: string): Diagnostic {
  return inputProblem({
    code: 'services-given',
    severity: 'warning',
    message: `there is no Service in the input, so ${consequence}`,
    hint: 'what Helm, kustomize and others make Services of has to be rendered first',
  });
}

function noEndpoints(message: string, hint: string): Diagnostic {
  return inputProblem({ code: 'endpoints-given', severity: 'warning', message, hint });
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

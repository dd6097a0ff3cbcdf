import { formatSelector, hasLabels, nearestByLabels } from '../../../kubernetes/selectors.ts';
import { hasSelector } from '../../../kubernetes/services.ts';
import type { Service } from '../../../model/cluster.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterContext, ClusterRule } from './cluster-rule.ts';
import { findMovable } from './view/movable.ts';
import { type Candidate, kindOf, labelsOf } from './view/pod-selection.ts';
import type { ServiceView } from './view/service-index.ts';

/** How many pods and templates a hint is looked for in: there may be as many selectors that match nothing. */
const MAX_LOOKED_AT = 100;

/** A Service without pods is no mistake to the API server; nodes refuse its connections. */
export const selectorMatchesPods = {
  code: 'selector-matches-pods',
  category: 'cross',
  severity: 'warning',
  summary: 'a selector that matches no pod and no pod template',
  explanation: `A Service sends connections to the pods of its namespace that carry every label of its selector. If neither
a Pod nor the pod template of a workload (Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob)
in the input does, connections are refused. Only namespaces of which the input holds pods or templates are checked, and
Services without endpoints of their own. Templates of kinds that svcgen does not read count too (Argo's Rollout), and so do
labels that controllers add, and the pods of the control plane that kubeadm runs. Where the input has the custom resource whose
operator seems to make the pods, or where a kustomization may put pods of another namespace beside the Service, the hint says so and this is an
info. So it is for a Service of a folder, in namespace default, if there are neither pods beside it nor any with nearly such labels.
Silence it on such a Service: svcgen/ignore: selector-matches-pods.`,
  *check(cluster, { view, options }) {
    if (view.pods.isEmpty) return;
    const movable = findMovable(cluster, options.unfinished);
    const hasPodsBeside = podsBesideTest(view.pods.candidatesIn('default'), options);
    const everywhere = [...cluster.workloads, ...cluster.pods].slice(0, MAX_LOOKED_AT);
    for (const owner of view.services) {
      const { service } = owner;
      if (!hasSelector(service) || view.pods.selectedBy(service).length > 0) continue;
      const candidates = view.pods.candidatesIn(service.namespace);
      if (candidates.length === 0 || hasEndpoints(owner) || view.unknownPods.mayMatch(service)) continue;
      const maker = view.unknownPods.makerOf(service);
      const moved = movable.podsFor(service);
      const hint = explainMiss(service, {
        candidates: candidates.slice(0, MAX_LOOKED_AT),
        everywhere,
        maker,
        moved,
      });
      const isExplained = maker !== undefined || moved !== undefined;
      yield {
        kind: 'Service',
        object: service,
        field: ['spec', 'selector'],
        message: `selector ${formatSelector(service.selector)} matches no pod and no pod template in namespace ${service.namespace}`,
        ...(isExplained || (hint === undefined && !hasPodsBeside(service))
          ? ({ severity: 'info' } as const)
          : {}),
        hint:
          hint ??
          'use the labels of the pods; if an operator makes them, silence this with the annotation svcgen/ignore',
      };
    }
  },
} as const satisfies ClusterRule;

/**
 * Whether there are pods in the folder of a Service. What says no namespace is in "default", the examples of all of a repository's folders
 * alike, so that pods of another folder say nothing of the Service.
 */
function podsBesideTest(
  inDefault: readonly Candidate[],
  { folders, alternatives }: ClusterContext['options'],
): (service: Service) => boolean {
  const folderOf = ({ locate }: Service | Candidate) => folders.get(locate([]).file);
  let withPods: ReadonlySet<string | undefined> | undefined;
  return (service) => {
    if (!alternatives || service.namespace !== 'default' || folderOf(service) === undefined) return true;
    withPods ??= new Set(inDefault.map(folderOf));
    return withPods.has(folderOf(service));
  };
}

/** Someone has found its endpoints already. */
function hasEndpoints({ slices, endpoints }: ServiceView): boolean {
  if (slices.some((slice) => slice.endpoints.length > 0)) return true;
  return endpoints?.subsets.some(({ addresses }) => addresses.length > 0) ?? false;
}

/** Whose pods may be meant. */
interface Suspects {
  readonly candidates: readonly Candidate[];
  readonly everywhere: readonly Candidate[];
  /** The custom resource whose operator may make them. */
  readonly maker: string | undefined;
  /** What a kustomization may put into the namespace of the Service. */
  readonly moved: Candidate | undefined;
}

function explainMiss(
  { selector, namespace }: Service,
  { candidates, everywhere, maker, moved }: Suspects,
): string | undefined {
  if (moved !== undefined) {
    return `${labelOf(kindOf(moved), moved)} matches, if a kustomization puts both into one namespace: kubectl kustomize FOLDER | svcgen validate -`;
  }
  const elsewhere = everywhere.find((candidate) => hasLabels(labelsOf(candidate), selector));
  if (elsewhere !== undefined) {
    return `${labelOf(kindOf(elsewhere), elsewhere)} matches, but selectors do not reach beyond namespace ${namespace}`;
  }
  if (maker !== undefined)
    return `an operator may make the pods of ${maker}: silence this with the annotation svcgen/ignore: selector-matches-pods`;
  const nearest = nearestByLabels(selector, candidates, labelsOf);
  if (nearest === undefined) return undefined;
  return `${labelOf(kindOf(nearest.item), nearest.item)} comes nearest, but ${nearest.difference}`;
}

import { didYouMean } from '../../../diagnostic/did-you-mean.ts';
import { hasSelector } from '../../../kubernetes/services.ts';
import type { Service, StringMap } from '../../../model/cluster.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterRule } from './cluster-rule.ts';
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
labels that controllers add. Where the input has the custom resource whose operator seems to make the pods, the hint names it and this is an info.
Silence it on such a Service: svcgen/ignore: selector-matches-pods.`,
  *check(cluster, { view }) {
    if (view.pods.isEmpty) return;
    const everywhere = [...cluster.workloads, ...cluster.pods].slice(0, MAX_LOOKED_AT);
    for (const owner of view.services) {
      const { service } = owner;
      if (!hasSelector(service) || view.pods.selectedBy(service).length > 0) continue;
      const candidates = view.pods.candidatesIn(service.namespace);
      if (candidates.length === 0 || hasEndpoints(owner) || view.unknownPods.mayMatch(service)) continue;
      const maker = view.unknownPods.makerOf(service);
      const hint = explainMiss(service, {
        candidates: candidates.slice(0, MAX_LOOKED_AT),
        everywhere,
        maker,
      });
      yield {
        kind: 'Service',
        object: service,
        field: ['spec', 'selector'],
        message: `selector ${formatSelector(service.selector)} matches no pod and no pod template in namespace ${service.namespace}`,
        ...(maker === undefined ? {} : ({ severity: 'info' } as const)),
        hint:
          hint ??
          'use the labels of the pods; if an operator makes them, silence this with the annotation svcgen/ignore',
      };
    }
  },
} as const satisfies ClusterRule;

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
}

function explainMiss(
  { selector, namespace }: Service,
  { candidates, everywhere, maker }: Suspects,
): string | undefined {
  const elsewhere = everywhere.find(
    (candidate) => countMatches(selector, candidate) === Object.keys(selector).length,
  );
  if (elsewhere !== undefined) {
    return `${labelOf(kindOf(elsewhere), elsewhere)} matches, but selectors do not reach beyond namespace ${namespace}`;
  }
  if (maker !== undefined)
    return `an operator may make the pods of ${maker}: silence this with the annotation svcgen/ignore: selector-matches-pods`;
  const nearest = findNearest(selector, candidates);
  if (nearest === undefined) return undefined;
  const labels = labelsOf(nearest);
  const differing = Object.keys(selector).filter((key) => labels[key] !== selector[key]);
  const present = differing.filter((key) => Object.hasOwn(labels, key)).map((key) => `${key}=${labels[key]}`);
  const missing = differing.filter((key) => !Object.hasOwn(labels, key));
  const parts = [
    ...(present.length > 0 ? [`has ${present.join(', ')}`] : []),
    ...(missing.length > 0 ? [`has no label ${missing.join(', ')}`] : []),
  ];
  return `${labelOf(kindOf(nearest), nearest)} comes nearest, but ${parts.join(' and ')}`;
}

/**
 * The candidate with the most labels as wanted, if these are half of them; else one whose label has nearly the value that is wanted. Having some
 * other value of a label that everybody has makes nobody near.
 */
function findNearest(selector: StringMap, candidates: readonly Candidate[]): Candidate | undefined {
  let nearest: Candidate | undefined;
  let best = 0;
  for (const candidate of candidates) {
    const matches = countMatches(selector, candidate);
    if (matches <= best) continue;
    nearest = candidate;
    best = matches;
  }
  const isNear = best * 2 >= Object.keys(selector).length;
  return (
    (isNear ? nearest : undefined) ??
    candidates.find((candidate) => isNearMiss(selector, labelsOf(candidate)))
  );
}

function isNearMiss(selector: StringMap, labels: StringMap): boolean {
  return Object.entries(selector).some(
    ([key, value]) =>
      Object.hasOwn(labels, key) &&
      labels[key] !== value &&
      didYouMean(value, [labels[key] ?? '']) !== undefined,
  );
}

function countMatches(selector: StringMap, candidate: Candidate): number {
  const labels = labelsOf(candidate);
  return Object.keys(selector).filter((key) => Object.hasOwn(labels, key) && labels[key] === selector[key])
    .length;
}

function formatSelector(selector: StringMap): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

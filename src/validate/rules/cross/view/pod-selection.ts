import { LABELS_ADDED_TO_PODS } from '../../../../kubernetes/labels.ts';
import {
  hasLabels,
  indexByLabels,
  type LabelIndex,
  selectByLabels,
} from '../../../../kubernetes/selectors.ts';
import { hasSelector } from '../../../../kubernetes/services.ts';
import type { Cluster, ContainerPort, Pod, Service, StringMap, Workload } from '../../../../model/cluster.ts';
import type { FieldPath } from '../../../../model/field-path.ts';
import type { ObjectKind } from '../../../rule.ts';
import type { ServiceView } from './service-index.ts';

/** What a selector can match: a Pod, or the pod template of a workload. */
export type Candidate = Pod | Workload;

/** Which pods and templates the Services of a cluster select. */
export interface PodSelection {
  /** The input says nothing about pods. */
  readonly isEmpty: boolean;
  /** All of a namespace; none when the input says nothing about its pods. */
  readonly candidatesIn: (namespace: string) => readonly Candidate[];
  /** Those that a Service's selector matches; the same list for the same selector. Empty without selector. */
  readonly selectedBy: (service: Service) => readonly Candidate[];
}

const NONE: readonly Candidate[] = [];

/** Takes time linear in Services, pods and what is selected. */
export function selectCandidates(cluster: Cluster, services: readonly ServiceView[]): PodSelection {
  const all = [...cluster.workloads, ...cluster.pods];
  if (all.length === 0) return { isEmpty: true, candidatesIn: () => NONE, selectedBy: () => NONE };
  const byNamespace = groupByNamespace(all);
  const selecting = services
    .map(({ service }) => service)
    .filter((service) => hasSelector(service) && byNamespace.has(service.namespace));
  const index = indexByLabels(selecting, all, labelsOf);
  const known = new Map<string, readonly Candidate[]>();
  const selected = new Map<Service, readonly Candidate[]>();
  for (const service of selecting) {
    const key = JSON.stringify([service.namespace, ...Object.entries(service.selector).sort(byKey)]);
    const candidates =
      known.get(key) ?? findCandidates(service, index, byNamespace.get(service.namespace) ?? NONE);
    known.set(key, candidates);
    selected.set(service, candidates);
  }
  return {
    isEmpty: false,
    candidatesIn: (namespace) => byNamespace.get(namespace) ?? NONE,
    selectedBy: (service) => selected.get(service) ?? NONE,
  };
}

export function labelsOf(candidate: Candidate): StringMap {
  return isWorkload(candidate) ? candidate.template.labels : candidate.labels;
}

export function containerPortsOf(candidate: Candidate): readonly ContainerPort[] {
  return isWorkload(candidate) ? candidate.template.containerPorts : candidate.containerPorts;
}

export function kindOf(candidate: Candidate): ObjectKind {
  return isWorkload(candidate) ? candidate.kind : 'Pod';
}

/** Where the pod's own metadata and spec stand in its object. */
export function podPathOf(candidate: Candidate): FieldPath {
  if (!isWorkload(candidate)) return [];
  return candidate.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
}

export function isWorkload(candidate: Candidate): candidate is Workload {
  return 'template' in candidate;
}

function groupByNamespace(candidates: readonly Candidate[]): ReadonlyMap<string, readonly Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = groups.get(candidate.namespace);
    if (group === undefined) groups.set(candidate.namespace, [candidate]);
    else group.push(candidate);
  }
  return groups;
}

function findCandidates(
  { namespace, selector }: Service,
  index: LabelIndex<Candidate>,
  all: readonly Candidate[],
): readonly Candidate[] {
  const pairs = Object.entries(selector);
  const authored = pairs.filter(([key]) => !LABELS_ADDED_TO_PODS.has(key));
  if (authored.length === pairs.length) return selectByLabels(index, { namespace, selector });
  const candidates =
    authored.length === 0
      ? all
      : selectByLabels(index, { namespace, selector: Object.fromEntries(authored) });
  return candidates.filter((candidate) => isWorkload(candidate) || hasLabels(labelsOf(candidate), selector));
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

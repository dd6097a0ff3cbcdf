import type { Cluster, ContainerPort, Pod, Service, StringMap, Workload } from '../../../model/cluster.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import type { ObjectKind } from '../../rule.ts';
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

/** Candidates with a label's value, by namespace, label and value; only pairs that some selector asks for. */
type LabelIndex = Map<string, Map<string, Map<string, Candidate[]>>>;

/** Takes time linear in Services, pods and what is selected. */
export function selectPods(cluster: Cluster, services: readonly ServiceView[]): PodSelection {
  const all = [...cluster.workloads, ...cluster.pods];
  if (all.length === 0) return { isEmpty: true, candidatesIn: () => NONE, selectedBy: () => NONE };
  const byNamespace = groupByNamespace(all);
  const selecting = services
    .map(({ service }) => service)
    .filter((service) => hasSelector(service) && byNamespace.has(service.namespace));
  const index = indexLabels(selecting, byNamespace);
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

/** Whether a selector decides about its endpoints: that of an ExternalName has no effect. */
export function hasSelector({ selector, type }: Service): boolean {
  if (type === 'ExternalName') return false;
  for (const _ in selector) return true;
  return false;
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

function indexLabels(
  services: readonly Service[],
  byNamespace: ReadonlyMap<string, readonly Candidate[]>,
): LabelIndex {
  const index: LabelIndex = new Map();
  for (const { namespace, selector } of services) {
    for (const [key, value] of Object.entries(selector)) {
      const values = inner(inner(index, namespace), key);
      if (!values.has(value)) values.set(value, []);
    }
  }
  for (const [namespace, keys] of index) {
    for (const candidate of byNamespace.get(namespace) ?? NONE) {
      const labels = labelsOf(candidate);
      for (const key of Object.keys(labels))
        keys
          .get(key)
          ?.get(labels[key] ?? '')
          ?.push(candidate);
    }
  }
  return index;
}

function inner<Key, InnerKey, Value>(outer: Map<Key, Map<InnerKey, Value>>, key: Key): Map<InnerKey, Value> {
  let map = outer.get(key);
  if (map === undefined) {
    map = new Map();
    outer.set(key, map);
  }
  return map;
}

/** Labels that controllers add to the pods they make, so that no template has them. */
const ADDED_BY_CONTROLLERS: ReadonlySet<string> = new Set([
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-revision-hash',
  'pod-template-hash',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'job-name',
]);

function findCandidates(
  service: Service,
  index: LabelIndex,
  all: readonly Candidate[],
): readonly Candidate[] {
  const pairs = Object.entries(service.selector);
  const authored = pairs.filter(([key]) => !ADDED_BY_CONTROLLERS.has(key));
  if (authored.length === pairs.length) return withLabels(service.namespace, pairs, index);
  const candidates = authored.length === 0 ? all : withLabels(service.namespace, authored, index);
  return candidates.filter((candidate) => isWorkload(candidate) || hasLabels(candidate, pairs));
}

type LabelPairs = readonly (readonly [string, string])[];

/** Looks through the candidates of the rarest of the labels only. */
function withLabels(namespace: string, pairs: LabelPairs, index: LabelIndex): readonly Candidate[] {
  let rarest: readonly Candidate[] | undefined;
  for (const [key, value] of pairs) {
    const candidates = index.get(namespace)?.get(key)?.get(value) ?? NONE;
    if (rarest === undefined || candidates.length < rarest.length) rarest = candidates;
  }
  if (rarest === undefined || pairs.length === 1) return rarest ?? NONE;
  return rarest.filter((candidate) => hasLabels(candidate, pairs));
}

function hasLabels(candidate: Candidate, pairs: LabelPairs): boolean {
  const labels = labelsOf(candidate);
  return pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

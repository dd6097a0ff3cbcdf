import {
  POD_INDEX_LABEL,
  POD_TEMPLATE_HASH_LABEL,
  STATEFUL_POD_NAME_LABEL,
} from '../../kubernetes/labels.ts';
import { indexByLabels, type Selecting, selectByLabels } from '../../kubernetes/selectors.ts';
import {
  type Cluster,
  type Node,
  objectKey,
  type Pod,
  type StringMap,
  type Workload,
} from '../../model/cluster.ts';
import type { Locator } from '../../model/source.ts';
import { hashName } from '../allocation/name-hash.ts';

/**
 * The workloads whose pods the input lacks, sorted by namespace, name and kind. Not among them are
 * - those with a Pod in their namespace that carries all labels of the template: it is theirs, or stands for them;
 * - CronJobs, which have pods only now and then;
 * - ReplicaSets that a Deployment in the input has made.
 */
export function absentWorkloads(cluster: Cluster): readonly Workload[] {
  const candidates = cluster.workloads.filter(({ kind }) => kind !== 'CronJob');
  const index = indexByLabels(candidates.map(templateSelector), cluster.pods, ({ labels }) => labels);
  const deployments = new Set(candidates.filter(({ kind }) => kind === 'Deployment').map(objectKey));
  return candidates
    .filter((workload) => selectByLabels(index, templateSelector(workload)).length === 0)
    .filter((workload) => !deployments.has(deploymentOf(workload) ?? ''))
    .sort(byKey);
}

function templateSelector({ namespace, template }: Workload): Selecting {
  return { namespace, selector: template.labels };
}

/** The Deployment that a ReplicaSet is of, by its name; undefined: of none. */
function deploymentOf({ kind, namespace, name, template }: Workload): string | undefined {
  const hash = template.labels[POD_TEMPLATE_HASH_LABEL];
  if (kind !== 'ReplicaSet' || hash === undefined || !name.endsWith(`-${hash}`)) return undefined;
  return objectKey({ namespace, name: name.slice(0, -hash.length - 1) });
}

function byKey(a: Workload, b: Workload): number {
  return compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.kind, b.kind);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What Kubernetes makes random parts of names of: no vowels, so that no words come out. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;

/** Longer names would not leave room for what is put behind them. */
const MAX_BASE = 240;

/** One pod of a workload. */
export interface PodSlot {
  readonly workload: Workload;
  /** Finds fields of the pod in the template. */
  readonly locate: Locator;
  readonly index: number;
  readonly nodeName: string | undefined;
}

/** Makes the places of a pod's fields those of the template that it is made from. */
export function templateLocator(workload: Workload): Locator {
  return (path, at) => workload.locate(['spec', 'template', ...path], at);
}

/**
 * The name of a pod: `web-0` in a StatefulSet, `web-` and five characters else, which a DaemonSet takes from the node
 * and others from the number of the pod.
 * @param isTaken tells of `namespace/name` whether another pod has it
 */
export function podName({ workload, index, nodeName }: PodSlot, isTaken: (key: string) => boolean): string {
  const { kind, namespace, name } = workload;
  const base = name.slice(0, MAX_BASE);
  if (kind === 'StatefulSet') return `${base}-${index}`;
  const seed = `${kind}/${namespace}/${name}/${kind === 'DaemonSet' ? (nodeName ?? '') : index}`;
  let candidate = `${base}-${suffixOf(seed)}`;
  for (let attempt = 1; isTaken(`${namespace}/${candidate}`); attempt += 1) {
    candidate = `${base}-${suffixOf(`${seed}/${attempt}`)}`;
  }
  return candidate;
}

/** A running, ready pod. */
export function templatePod(slot: PodSlot, name: string, podIPs: readonly string[]): Pod {
  const { workload, locate, index, nodeName } = slot;
  const { kind, namespace, template } = workload;
  const isOrdinal = kind === 'StatefulSet';
  return {
    namespace,
    name,
    labels: isOrdinal ? ordinalLabels(template.labels, name, index) : template.labels,
    annotations: {},
    locate,
    uid: undefined,
    phase: 'Running',
    podIPs,
    isReady: true,
    isTerminating: false,
    nodeName,
    hostname: isOrdinal ? name : template.hostname,
    subdomain: template.subdomain,
    hostNetwork: template.hostNetwork,
    enableServiceLinks: template.enableServiceLinks,
    containerPorts: template.containerPorts,
  };
}

/** Services for single pods of a StatefulSet select these. */
function ordinalLabels(labels: StringMap, name: string, index: number): StringMap {
  return {
    ...labels,
    [STATEFUL_POD_NAME_LABEL]: name,
    [POD_INDEX_LABEL]: String(index),
  };
}

function suffixOf(seed: string): string {
  let rest = hashName(seed);
  let suffix = '';
  while (suffix.length < SUFFIX_LENGTH) {
    suffix += ALPHABET.charAt(rest % ALPHABET.length);
    rest = Math.floor(rest / ALPHABET.length);
  }
  return suffix;
}

/** Where the pods of a workload are: one entry for each pod, the name of its node; undefined: no node is known. */
type PodPlaces = readonly (string | undefined)[];

/**
 * Spreads the pods of a workload over nodes: one a node for a DaemonSet, else in turn, beginning at a node that the
 * name of the workload decides, so that other workloads do not matter. Without Nodes in the input they are all on the
 * node that rules are made for. A template that names its node is obeyed. Taints and node selectors are not looked at.
 * @param nodes sorted
 */
export function podPlaces(
  workload: Workload,
  nodes: readonly Node[],
  fallback: string | undefined,
): PodPlaces {
  const { nodeName } = workload.template;
  if (workload.kind === 'DaemonSet') return daemonPlaces(nodes, nodeName, fallback);
  const first = nodes.length === 0 ? 0 : hashName(objectKey(workload)) % nodes.length;
  return Array.from(
    { length: workload.replicas },
    (_, index) => nodeName ?? nodes[(first + index) % nodes.length]?.name ?? fallback,
  );
}

/** How many pods a workload has. */
export function podCount({ kind, replicas, template }: Workload, nodes: readonly Node[]): number {
  if (kind !== 'DaemonSet') return Math.max(0, replicas);
  return template.nodeName === undefined ? Math.max(1, nodes.length) : 1;
}

function daemonPlaces(
  nodes: readonly Node[],
  nodeName: string | undefined,
  fallback: string | undefined,
): PodPlaces {
  if (nodeName !== undefined) return [nodeName];
  return nodes.length === 0 ? [fallback] : nodes.map(({ name }) => name);
}

import { POD_INDEX_LABEL, STATEFUL_POD_NAME_LABEL } from '../../kubernetes/labels.ts';
import type { Pod, StringMap, Workload } from '../../model/cluster.ts';
import type { Locator } from '../../model/source.ts';
import { hashName } from '../name-hash.ts';

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

import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { type Cluster, objectKey, type Pod, type Workload } from '../../model/cluster.ts';
import { absentWorkloads } from './absent-workloads.ts';
import { allocatePodIPs, type PodAddresses, podAddresses, primaryAddresses } from './pod-addresses.ts';
import { podPlaces } from './pod-places.ts';
import { podCountErrors, podProblems } from './pod-problems.ts';
import { type PodSlot, podName, templateLocator, templatePod } from './template-pod.ts';

export interface SynthesizeOptions {
  /** `--pod-cidr`; undefined: not given. Of each family the first counts. */
  readonly podCIDRs: readonly string[] | undefined;
  /** The node that rules are made for: where pods are when the input has no Nodes. */
  readonly nodeName: string | undefined;
  /** What is known of that node's addresses without its Node object. */
  readonly nodeIPs: readonly string[];
}

export interface SynthesizeResult {
  readonly cluster: Cluster;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Adds running, ready pods made from the templates of workloads whose pods the input lacks, with addresses, names and
 * nodes that depend on the names of the workloads alone.
 */
export function synthesizePods(cluster: Cluster, options: SynthesizeOptions): SynthesizeResult {
  const workloads = absentWorkloads(cluster);
  if (workloads.length === 0) return { cluster, diagnostics: [] };
  const tooMany = podCountErrors(cluster, workloads);
  if (tooMany.length > 0) return { cluster, diagnostics: tooMany };
  const run = startRun(cluster, options);
  const made = workloads.flatMap((workload) => podsOf(workload, run));
  const pods = [...cluster.pods, ...made].sort(byKey);
  return { cluster: { ...cluster, pods }, diagnostics: podProblems(run) };
}

/** What the pods of one run share. */
interface Run {
  readonly cluster: Cluster;
  readonly options: SynthesizeOptions;
  readonly addresses: PodAddresses;
  /** `namespace/name` of every pod. */
  readonly names: Set<string>;
  /** By name of node; of undefined: of the node without a name. */
  readonly hostAddresses: ReadonlyMap<string | undefined, readonly string[]>;
  /** Workloads that got too few addresses, and the CIDR that is full. */
  readonly unserved: Map<Workload, string>;
  /** Workloads of the host network of nodes whose addresses are not known. */
  readonly homeless: Set<Workload>;
}

function startRun(cluster: Cluster, options: SynthesizeOptions): Run {
  const { nodeName, nodeIPs } = options;
  const hostAddresses = new Map<string | undefined, readonly string[]>();
  hostAddresses.set(nodeName, primaryAddresses(nodeIPs));
  for (const { name, addresses } of cluster.nodes) {
    const known = name === nodeName ? [...nodeIPs, ...addresses] : addresses;
    hostAddresses.set(name, primaryAddresses(known));
  }
  return {
    cluster,
    options,
    addresses: podAddresses(cluster, options.podCIDRs),
    names: new Set(cluster.pods.map(objectKey)),
    hostAddresses,
    unserved: new Map(),
    homeless: new Set(),
  };
}

function podsOf(workload: Workload, run: Run): readonly Pod[] {
  const locate = templateLocator(workload);
  const pods: Pod[] = [];
  for (const [index, nodeName] of podPlaces(workload, run.cluster.nodes, run.options.nodeName).entries()) {
    const slot: PodSlot = { workload, locate, index, nodeName };
    const name = podName(slot, (key) => run.names.has(key));
    const key = objectKey({ namespace: workload.namespace, name });
    if (run.names.has(key)) continue;
    const podIPs = workload.template.hostNetwork ? hostIPs(slot, run) : ownIPs(slot, key, run);
    if (podIPs.length === 0) continue;
    run.names.add(key);
    pods.push(templatePod(slot, name, podIPs));
  }
  return pods;
}

function hostIPs({ workload, nodeName }: PodSlot, { hostAddresses, homeless }: Run): readonly string[] {
  const addresses = hostAddresses.get(nodeName) ?? [];
  if (addresses.length === 0) homeless.add(workload);
  return addresses;
}

function ownIPs({ workload, nodeName }: PodSlot, key: string, run: Run): readonly string[] {
  if (run.unserved.has(workload)) return [];
  const found = allocatePodIPs(run.addresses, { key, nodeName });
  if (found.kind === 'addresses') return found.ips;
  run.unserved.set(workload, found.range.cidr);
  return [];
}

function byKey(a: Pod, b: Pod): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

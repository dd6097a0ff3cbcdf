import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, listNames } from '../../diagnostic/report.ts';
import { type Cluster, objectKey, type Pod, type Workload } from '../../model/cluster.ts';
import type { ResolveCode } from '../codes.ts';
import { allocatePodIPs, type PodAddresses, podAddresses, primaryAddresses } from './pod-addresses.ts';
import {
  absentWorkloads,
  type PodSlot,
  podCount,
  podName,
  podPlaces,
  templateLocator,
  templatePod,
  workloadKey,
} from './workloads.ts';

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

/** The pods that a cluster can have, by Kubernetes' own account of its limits. */
const MAX_PODS = 150_000;

/** Workloads that did not get all of their pods. */
interface UnmadePods {
  /** They got too few addresses; with the CIDR that is full. */
  readonly unserved: ReadonlyMap<Workload, string>;
  /** They are of the host network of nodes whose addresses are not known. */
  readonly homeless: ReadonlySet<Workload>;
}

/** An error when templates ask for more pods than a cluster can have: nothing is made then. */
function podCountErrors(cluster: Cluster, workloads: readonly Workload[]): readonly Diagnostic[] {
  let total = 0;
  for (const workload of workloads) {
    total += podCount(workload, cluster.nodes);
    if (total > MAX_PODS) return [tooManyPods(workload, total)];
  }
  return [];
}

function tooManyPods(workload: Workload, total: number): Diagnostic {
  return aboutField<ResolveCode>(workload.kind, workload, ['spec', 'replicas'], {
    code: 'synthesized-pods-limit',
    severity: 'error',
    message: `with these, ${total} pods are to be made from templates, more than the ${MAX_PODS} of the largest cluster`,
    hint: 'lower the number of replicas, or leave --synthesize-pods out',
  });
}

/** Which pods could not be made, and why. */
function podProblems({ unserved, homeless }: UnmadePods): readonly Diagnostic[] {
  const full = [...new Set(unserved.values())].flatMap((cidr) =>
    noRoom(
      cidr,
      [...unserved.keys()].filter((workload) => unserved.get(workload) === cidr),
    ),
  );
  return [...full, ...noHostAddress([...homeless])];
}

function noRoom(cidr: string, workloads: readonly Workload[]): readonly Diagnostic[] {
  const [first] = workloads;
  if (first === undefined) return [];
  return [
    aboutField<ResolveCode>(first.kind, first, ['spec', 'replicas'], {
      code: 'pod-range-has-room',
      severity: 'error',
      message: `${cidr} is full: no address is left for pods of ${listNames(workloads.map(workloadKey))}`,
      hint: 'give a larger --pod-cidr',
    }),
  ];
}

function noHostAddress(workloads: readonly Workload[]): readonly Diagnostic[] {
  const [first] = workloads;
  if (first === undefined) return [];
  return [
    aboutField<ResolveCode>(first.kind, first, ['spec', 'template', 'spec', 'hostNetwork'], {
      code: 'host-network-address-known',
      severity: 'warning',
      message: `pods of the host network have the address of their node, which is not known: left out are those of ${listNames(workloads.map(workloadKey))}`,
      hint: 'add the Node objects to the input, or --node with --node-ip',
    }),
  ];
}

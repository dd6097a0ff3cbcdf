import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, listNames } from '../../diagnostic/report.ts';
import { type Cluster, objectKey, type Pod, type Workload } from '../../model/cluster.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { hashName } from '../allocation/name-hash.ts';
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
 * nodes that depend on the names of the workloads alone. Pods of the input that no cluster has seen yet run, too.
 */
export function synthesizePods(cluster: Cluster, options: SynthesizeOptions): SynthesizeResult {
  const workloads = absentWorkloads(cluster);
  if (workloads.length === 0 && !cluster.pods.some(isNew)) return { cluster, diagnostics: [] };
  const tooMany = podCountErrors(cluster, workloads);
  if (tooMany.length > 0) return { cluster, diagnostics: tooMany };
  const run = startRun(cluster, options);
  const given = cluster.pods.map((pod) => (isNew(pod) ? started(pod, run) : pod));
  const made = workloads.flatMap((workload) => podsOf(workload, run));
  const pods = [...given, ...made].sort(byKey);
  return { cluster: { ...cluster, pods }, diagnostics: podProblems(run) };
}

/** A Pod as somebody wrote it: the API server gives each one a phase. */
function isNew({ phase, podIPs, isTerminating }: Pod): boolean {
  return phase === '' && podIPs.length === 0 && !isTerminating;
}

/** The same pod when it runs: on its node, or where a pod of a workload of its name would be. */
function started(pod: Pod, run: Run): Pod {
  const { nodes } = run.cluster;
  const place = nodes[hashName(objectKey(pod)) % Math.max(1, nodes.length)]?.name ?? run.options.nodeName;
  const nodeName = pod.nodeName ?? place;
  const owner = { ...pod, kind: 'Pod' } as const;
  const podIPs = pod.hostNetwork
    ? hostIPs(owner, nodeName, run)
    : ownIPs(owner, { key: objectKey(pod), nodeName }, run);
  return podIPs.length === 0 ? pod : { ...pod, nodeName, podIPs, phase: 'Running', isReady: true };
}

/** What a pod is made of: a template, or the Pod itself. */
type PodOwner = Workload | (Pod & { readonly kind: 'Pod' });

/** What the pods of one run share. */
interface Run {
  readonly cluster: Cluster;
  readonly options: SynthesizeOptions;
  readonly addresses: PodAddresses;
  /** `namespace/name` of every pod. */
  readonly names: Set<string>;
  /** By name of node; of undefined: of the node without a name. */
  readonly hostAddresses: ReadonlyMap<string | undefined, readonly string[]>;
  /** Owners of pods that got too few addresses, and the CIDR that is full. */
  readonly unserved: Map<PodOwner, string>;
  /** Those of the host network of nodes whose addresses are not known. */
  readonly homeless: Set<PodOwner>;
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
    const podIPs = workload.template.hostNetwork
      ? hostIPs(workload, nodeName, run)
      : ownIPs(workload, { key, nodeName }, run);
    if (podIPs.length === 0) continue;
    run.names.add(key);
    pods.push(templatePod(slot, name, podIPs));
  }
  return pods;
}

function hostIPs(
  owner: PodOwner,
  nodeName: string | undefined,
  { hostAddresses, homeless }: Run,
): readonly string[] {
  const addresses = hostAddresses.get(nodeName) ?? [];
  if (addresses.length === 0) homeless.add(owner);
  return addresses;
}

function ownIPs(
  owner: PodOwner,
  place: { readonly key: string; readonly nodeName: string | undefined },
  run: Run,
): readonly string[] {
  if (run.unserved.has(owner)) return [];
  const found = allocatePodIPs(run.addresses, place);
  if (found.kind === 'addresses') return found.ips;
  run.unserved.set(owner, found.range.cidr);
  return [];
}

function byKey(a: Pod, b: Pod): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/** The pods that a cluster can have, by Kubernetes' own account of its limits. */
const MAX_PODS = 150_000;

/** Owners that did not get all of their pods. */
interface UnmadePods {
  /** They got too few addresses; with the CIDR that is full. */
  readonly unserved: ReadonlyMap<PodOwner, string>;
  /** They are of the host network of nodes whose addresses are not known. */
  readonly homeless: ReadonlySet<PodOwner>;
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
      [...unserved.keys()].filter((owner) => unserved.get(owner) === cidr),
    ),
  );
  return [...full, ...noHostAddress([...homeless])];
}

function noRoom(cidr: string, owners: readonly PodOwner[]): readonly Diagnostic[] {
  const [first] = owners;
  if (first === undefined) return [];
  return [
    aboutField<ResolveCode>(
      first.kind,
      first,
      first.kind === 'Pod' ? ['metadata', 'name'] : ['spec', 'replicas'],
      {
        code: 'pod-range-has-room',
        severity: 'error',
        message: `${cidr} is full: no address is left for pods of ${listNames(owners.map(ownerKey))}`,
        hint: 'give a larger --pod-cidr',
      },
    ),
  ];
}

function noHostAddress(owners: readonly PodOwner[]): readonly Diagnostic[] {
  const [first] = owners;
  if (first === undefined) return [];
  return [
    aboutField<ResolveCode>(first.kind, first, [...podPath(first), 'hostNetwork'], {
      code: 'host-network-address-known',
      severity: 'warning',
      message: `pods of the host network have the address of their node, which is not known: left out are those of ${listNames(owners.map(ownerKey))}`,
      hint: 'add the Node objects to the input, or --node with --node-ip',
    }),
  ];
}

function podPath({ kind }: PodOwner): FieldPath {
  return kind === 'Pod' ? ['spec'] : ['spec', 'template', 'spec'];
}

function ownerKey(owner: PodOwner): string {
  return `${owner.kind} ${objectKey(owner)}`;
}

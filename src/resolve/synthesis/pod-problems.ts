import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, listNames } from '../../diagnostic/report.ts';
import type { Cluster, Workload } from '../../model/cluster.ts';
import type { ResolveCode } from '../codes.ts';
import { workloadKey } from './absent-workloads.ts';
import { podCount } from './pod-places.ts';

/** The pods that a cluster can have, by Kubernetes' own account of its limits. */
const MAX_PODS = 150_000;

/** Workloads that did not get all of their pods. */
export interface UnmadePods {
  /** They got too few addresses; with the CIDR that is full. */
  readonly unserved: ReadonlyMap<Workload, string>;
  /** They are of the host network of nodes whose addresses are not known. */
  readonly homeless: ReadonlySet<Workload>;
}

/** An error when templates ask for more pods than a cluster can have: nothing is made then. */
export function podCountErrors(cluster: Cluster, workloads: readonly Workload[]): readonly Diagnostic[] {
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
export function podProblems({ unserved, homeless }: UnmadePods): readonly Diagnostic[] {
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

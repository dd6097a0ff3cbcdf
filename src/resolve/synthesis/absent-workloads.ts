import { POD_TEMPLATE_HASH_LABEL } from '../../kubernetes/labels.ts';
import { indexByLabels, type Selecting, selectByLabels } from '../../kubernetes/selectors.ts';
import { type Cluster, objectKey, type Workload } from '../../model/cluster.ts';

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

/** The workload with its kind: `Deployment default/web`. */
export function workloadKey(workload: Workload): string {
  return `${workload.kind} ${objectKey(workload)}`;
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

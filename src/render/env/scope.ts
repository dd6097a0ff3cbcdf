import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../diagnostic/report.ts';
import type { Cluster, ObjectMeta, Service } from '../../model/cluster.ts';

/** For whom variables are made. */
export interface EnvTarget {
  readonly namespace: string;
  /** Name of a pod in that namespace; undefined: any pod that has service links. */
  readonly pod?: string;
}

/** Which Services a pod gets variables of, by name. */
export interface EnvScope {
  readonly services: readonly Service[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The Services that the kubelet tells a pod of (`getServiceEnvVarMap`, 1.34): those of its namespace, unless it has
 * `enableServiceLinks: false`, and always `kubernetes` of `default`, which a Service of that name in the pod's own
 * namespace hides. Sorted by name.
 */
export function envScope(cluster: Cluster, target: EnvTarget): EnvScope {
  const { namespace } = target;
  const pod = cluster.pods.find((each) => each.namespace === namespace && each.name === target.pod);
  const problem =
    unknownNamespace(cluster, namespace) ?? (pod === undefined ? unknownPod(cluster, target) : undefined);
  if (problem !== undefined) return { services: [], diagnostics: [problem] };
  const services = new Map<string, Service>();
  for (const service of cluster.services) {
    if (service.namespace === 'default' && service.name === 'kubernetes') services.set(service.name, service);
  }
  if (pod?.enableServiceLinks !== false) {
    for (const service of cluster.services) {
      if (service.namespace === namespace && hasClusterIP(service)) services.set(service.name, service);
    }
  }
  return { services: [...services.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), diagnostics: [] };
}

function hasClusterIP({ clusterIPs }: Service): boolean {
  return clusterIPs.length > 0 && clusterIPs[0] !== 'None';
}

function unknownNamespace(cluster: Cluster, namespace: string): Diagnostic | undefined {
  const lists: readonly (readonly ObjectMeta[])[] = [
    cluster.services,
    cluster.pods,
    cluster.endpoints,
    cluster.endpointSlices,
    cluster.workloads,
  ];
  const seen = new Set(lists.flatMap((list) => list.map((object) => object.namespace)));
  if (seen.has(namespace)) return undefined;
  return aboutRun({
    code: 'namespace-known',
    severity: 'error',
    message: `no object in the input is in namespace "${namespace}"`,
    hint:
      seen.size === 0
        ? 'the input holds no Services: give the files or folders that do'
        : `--namespace takes one of ${listNames([...seen].sort())}`,
  });
}

function unknownPod(cluster: Cluster, { namespace, pod }: EnvTarget): Diagnostic | undefined {
  if (pod === undefined) return undefined;
  const names = cluster.pods.filter((each) => each.namespace === namespace).map(({ name }) => name);
  return aboutRun({
    code: 'pod-known',
    severity: 'error',
    message: `there is no pod "${pod}" in namespace "${namespace}"`,
    hint:
      names.length === 0
        ? 'the input holds no pods of that namespace: leave out --pod for the variables that any pod gets'
        : `--pod takes one of ${listNames(names)}`,
  });
}

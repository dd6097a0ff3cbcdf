import { listNames } from '../../diagnostic/report.ts';
import { type Cluster, type NetworkPolicy, objectKey } from '../../model/cluster.ts';
import type { Findings } from './findings.ts';

/**
 * Says that policies were not looked at: a network plugin enforces them, or nobody does.
 * @param namespaces those of the pods in question; undefined: any
 */
export function policyNotes(
  policies: readonly NetworkPolicy[],
  namespaces?: ReadonlySet<string>,
): readonly string[] {
  const concerned = policies.filter(
    ({ namespace }) => namespace === '' || namespaces === undefined || namespaces.has(namespace),
  );
  const [first] = concerned;
  if (first === undefined) return [];
  if (concerned.length === 1)
    return [
      `${first.kind} ${objectKey(first)} is not looked at: a network plugin enforces it, not these rules`,
    ];
  const names = listNames(concerned.map(objectKey));
  return [`network policies are not looked at (${names}): a network plugin enforces them, not these rules`];
}

/** Policies of the namespaces that the connection is between: of the Service, and of the Pod that connects. */
export function policiesAbout(
  cluster: Cluster | undefined,
  { connection, target }: Pick<Findings, 'connection' | 'target'>,
): readonly string[] {
  if (cluster === undefined) return [];
  const client = cluster.pods.find(({ podIPs }) => podIPs.includes(connection.source));
  const ends = [target?.servicePort.name, client].flatMap((end) => end?.namespace ?? []);
  return policyNotes(cluster.networkPolicies, new Set(ends));
}

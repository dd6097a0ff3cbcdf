import type { Service, StringMap } from '../../../../model/cluster.ts';
import { isJsonObject, type JsonValue } from '../../../../model/json.ts';
import type { Manifest } from '../../../../model/manifest.ts';

/**
 * Pods that the input tells of, but that are not in the cluster: of kinds that svcgen does not read but that have a pod
 * template as all workloads do (Argo's Rollout), and of objects that have errors.
 */
export interface UnknownPods {
  /** Whether a Service may select some of them. */
  readonly mayMatch: (service: Service) => boolean;
}

/** Labels of templates by namespace, and by each `key=value` of theirs. */
type TemplateIndex = ReadonlyMap<string, ReadonlyMap<string, readonly StringMap[]>>;

/** `withheld`: objects that have errors, as diagnostics name them. */
export function findUnknownPods(unread: readonly Manifest[], withheld: ReadonlySet<string>): UnknownPods {
  const index = indexTemplates(unread);
  const namespaces = namespacesWithBrokenPods(withheld);
  return {
    mayMatch: ({ namespace, selector }) => {
      if (namespaces.has(namespace)) return true;
      const pairs = Object.entries(selector);
      const [first] = pairs;
      if (first === undefined) return false;
      const templates = index.get(namespace)?.get(`${first[0]}=${first[1]}`) ?? [];
      return templates.some((labels) => pairs.every(([key, value]) => labels[key] === value));
    },
  };
}

function indexTemplates(unread: readonly Manifest[]): TemplateIndex {
  const index = new Map<string, Map<string, StringMap[]>>();
  for (const { value, namespace } of unread) {
    const labels = templateLabels(value.spec);
    if (labels === undefined) continue;
    const key = namespace || 'default';
    const ofNamespace = index.get(key) ?? new Map<string, StringMap[]>();
    index.set(key, ofNamespace);
    for (const pair of Object.entries(labels)) {
      const text = pair.join('=');
      const templates = ofNamespace.get(text);
      if (templates === undefined) ofNamespace.set(text, [labels]);
      else templates.push(labels);
    }
  }
  return index;
}

/** `spec.template.metadata.labels`, as far as they are text. */
function templateLabels(spec: JsonValue | undefined): StringMap | undefined {
  if (!isJsonObject(spec) || !isJsonObject(spec.template)) return undefined;
  const { metadata } = spec.template;
  if (!isJsonObject(metadata) || !isJsonObject(metadata.labels)) return undefined;
  const labels = Object.entries(metadata.labels).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return Object.fromEntries(labels);
}

const POD_KINDS = new Set([
  'Pod',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
]);

function namespacesWithBrokenPods(withheld: ReadonlySet<string>): ReadonlySet<string> {
  const namespaces = new Set<string>();
  for (const label of withheld) {
    const space = label.indexOf(' ');
    if (POD_KINDS.has(label.slice(0, space))) namespaces.add(label.slice(space + 1, label.indexOf('/')));
  }
  return namespaces;
}

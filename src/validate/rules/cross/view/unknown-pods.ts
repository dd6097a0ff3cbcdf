import { POD_KINDS } from '../../../../kubernetes/kinds.ts';
import { CONTROL_PLANE_LABELS } from '../../../../kubernetes/labels.ts';
import { hasLabels } from '../../../../kubernetes/selectors.ts';
import type { Service, StringMap } from '../../../../model/cluster.ts';
import { isJsonObject, type JsonValue } from '../../../../model/json.ts';
import type { Manifest } from '../../../../model/manifest.ts';

/**
 * Pods that are there although the input does not hold them: those of the control plane, of kinds that svcgen does not read but that have a pod
 * template as all workloads do (Argo's Rollout) or Deployments that are made of them (a ClusterServiceVersion), and of
 * objects that have errors.
 */
export interface UnknownPods {
  /** Whether a Service may select some of them. */
  readonly mayMatch: (service: Service) => boolean;
  /** The custom resource whose operator most likely makes them: `Kafka shop/orders`; undefined: none looks like it. */
  readonly makerOf: (service: Service) => string | undefined;
  /** The custom resource whose operator, or the release whose chart, may make a Service of that name. */
  readonly makerOfService: (namespace: string, name: string) => string | undefined;
}

/** Labels of templates by namespace (`ANYWHERE` aside), and by each `key=value` of theirs. */
type TemplateIndex = ReadonlyMap<string, ReadonlyMap<string, readonly StringMap[]>>;

/** `withheld`: objects that have errors, as diagnostics name them. */
export function findUnknownPods(unread: readonly Manifest[], withheld: ReadonlySet<string>): UnknownPods {
  const index = indexTemplates(unread);
  const namespaces = namespacesWithBrokenPods(withheld);
  let resources: ReadonlyMap<string, readonly CustomResource[]> | undefined;
  const resourcesIn = (namespace: string) => {
    resources ??= customResources(unread);
    return resources.get(namespace) ?? [];
  };
  return {
    makerOf: (service) => likelyMaker(resourcesIn(service.namespace), service),
    makerOfService: (namespace, name) =>
      resourcesIn(namespace).find((each) => mayOwnService(each, name))?.label,
    mayMatch: ({ namespace, selector }) => {
      if (namespaces.has(namespace)) return true;
      if (namespace === 'kube-system' && CONTROL_PLANE_LABELS.some((labels) => hasLabels(labels, selector)))
        return true;
      const pairs = Object.entries(selector);
      const [first] = pairs;
      if (first === undefined) return false;
      return [namespace, ANYWHERE].some((each) => {
        const templates = index.get(each)?.get(`${first[0]}=${first[1]}`) ?? [];
        return templates.some((labels) => pairs.every(([key, value]) => labels[key] === value));
      });
    },
  };
}

/**
 * The namespace of what OLM installs: whoever subscribes chooses it, and what a bundle has in `metadata.namespace` is a
 * filler (operator-framework/api, ClusterServiceVersion v1alpha1).
 */
const ANYWHERE = '*';

function indexTemplates(unread: readonly Manifest[]): TemplateIndex {
  const index = new Map<string, Map<string, StringMap[]>>();
  for (const { value, namespace } of unread) {
    addTemplate(index, namespace || 'default', templateLabels(value.spec));
    for (const spec of olmDeployments(value.spec)) addTemplate(index, ANYWHERE, templateLabels(spec));
  }
  return index;
}

function addTemplate(
  index: Map<string, Map<string, StringMap[]>>,
  namespace: string,
  labels: StringMap | undefined,
): void {
  if (labels === undefined) return;
  const ofNamespace = index.get(namespace) ?? new Map<string, StringMap[]>();
  index.set(namespace, ofNamespace);
  for (const pair of Object.entries(labels)) {
    const text = pair.join('=');
    const templates = ofNamespace.get(text);
    if (templates === undefined) ofNamespace.set(text, [labels]);
    else templates.push(labels);
  }
}

/** `spec.install.spec.deployments[].spec` of a ClusterServiceVersion. */
function olmDeployments(spec: JsonValue | undefined): readonly JsonValue[] {
  if (!isJsonObject(spec) || !isJsonObject(spec.install) || !isJsonObject(spec.install.spec)) return [];
  const { deployments } = spec.install.spec;
  if (!Array.isArray(deployments)) return [];
  return deployments.flatMap((each) => (isJsonObject(each) ? (each.spec ?? []) : []));
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

/** A group of a kind that somebody has added to Kubernetes: `kafka.strimzi.io`, and none of its own (`apps`, `*.k8s.io`). */
const CUSTOM_GROUP = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/[^/]+$/;

/** How many custom resources of a namespace are looked at for one Service. */
const MAX_LOOKED_AT = 1000;

/** Its name and something else: many kinds that make no pods are called like what they are for (ServiceMonitor). */
const LIKELY = 3;

/**
 * Operators label the pods that they make with the name of the resource, its kind, or under a prefix of their own:
 * `strimzi.io/cluster: orders` are pods of a Kafka (kafka.strimzi.io) called orders.
 */
function likelyMaker(resources: readonly CustomResource[], { selector }: Service): string | undefined {
  let likely: string | undefined;
  let best = LIKELY - 1;
  for (const resource of resources) {
    const likeness = likenessOf(resource, Object.entries(selector));
    if (likeness <= best) continue;
    best = likeness;
    likely = resource.label;
  }
  return likely;
}

interface CustomResource {
  readonly group: string;
  /** In lower case. */
  readonly kind: string;
  readonly name: string;
  /** `Kafka shop/orders` */
  readonly label: string;
}

/** By namespace. */
function customResources(unread: readonly Manifest[]): ReadonlyMap<string, readonly CustomResource[]> {
  const found = new Map<string, CustomResource[]>();
  for (const { apiVersion, kind, namespace: given, name } of unread) {
    const group = CUSTOM_GROUP.exec(apiVersion)?.[1];
    if (group === undefined || group.endsWith('.k8s.io')) continue;
    const namespace = given || 'default';
    const ofNamespace = found.get(namespace) ?? [];
    found.set(namespace, ofNamespace);
    if (ofNamespace.length >= MAX_LOOKED_AT) continue;
    ofNamespace.push({ group, kind: kind.toLowerCase(), name, label: `${kind} ${namespace}/${name}` });
  }
  return found;
}

/** Labels by key and value: `prometheus: main` are pods of a Prometheus called main. */
function likenessOf(resource: CustomResource, labels: readonly [string, string][]): number {
  const { group, kind, name } = resource;
  const isNamed = labels.some(([, value]) => value === name);
  const isOfKind = labels.some(([key, value]) =>
    [value, key.slice(key.indexOf('/') + 1)].some((word) => word.toLowerCase() === kind),
  );
  const isTheirs = labels.some(([key]) => {
    const [prefix = '', ...names] = key.split('/');
    return names.length > 0 && `.${group}`.endsWith(`.${prefix}`);
  });
  return (isNamed ? 2 : 0) + (isOfKind ? 2 : 0) + (isTheirs || isRelease(resource) ? 1 : 0);
}

/** `Kibana shop/logs` has `logs-kb-http`; charts call the Service after the release. */
function mayOwnService(resource: CustomResource, name: string): boolean {
  return name.startsWith(`${resource.name}-`) || (isRelease(resource) && name === resource.name);
}

/** Flux's HelmRelease and the HelmChart of k3s: what a chart makes has the release's name in its labels and names. */
function isRelease({ group, kind }: CustomResource): boolean {
  return group.startsWith('helm.') && (kind === 'helmrelease' || kind === 'helmchart');
}

function namespacesWithBrokenPods(withheld: ReadonlySet<string>): ReadonlySet<string> {
  const namespaces = new Set<string>();
  for (const label of withheld) {
    const space = label.indexOf(' ');
    if (POD_KINDS.has(label.slice(0, space))) namespaces.add(label.slice(space + 1, label.indexOf('/')));
  }
  return namespaces;
}

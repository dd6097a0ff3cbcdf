import type { Severity } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { listNames } from '../diagnostic/report.ts';
import type { NetworkPolicy } from '../model/cluster.ts';
import type { KubernetesVersion } from '../model/kubernetes-version.ts';
import type { Manifest } from '../model/manifest.ts';
import { kindReaders } from './kind-readers.ts';
import type { Finding } from './rule.ts';
import { quoteValue } from './shape/describe-value.ts';

/** What is to be said of an object that no reader reads; undefined: nothing, it is simply of another kind. */
export interface UnreadFinding {
  readonly code: 'api-version-served' | 'kind-in-api-version';
  readonly severity: Severity;
  readonly finding: Finding;
}

/** Read too, though it is no object of a cluster. */
const PROXY_CONFIGURATION = 'kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration';

/** API versions that clusters have served once, by kind. */
const RETIRED: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    EndpointSlice: ['discovery.k8s.io/v1alpha1', 'discovery.k8s.io/v1beta1'],
    Deployment: ['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2'],
    DaemonSet: ['extensions/v1beta1', 'apps/v1beta2'],
    ReplicaSet: ['extensions/v1beta1', 'apps/v1beta2'],
    StatefulSet: ['apps/v1beta1', 'apps/v1beta2'],
    CronJob: ['batch/v2alpha1', 'batch/v1beta1'],
  }),
);

/**
 * What else there is in the API versions that hold what we read (1.30 to 1.37): anything beside that does not exist, and may
 * be a Service misspelt. `Config` is how kubectl calls its settings, `Policy` what schedulers read before 1.23. OpenShift has had
 * kinds in v1 before it had groups (openshift/api, 3.x).
 */
const PASSED_OVER: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    v1: [
      'Binding',
      'BuildConfig',
      'ComponentStatus',
      'Config',
      'ConfigMap',
      'DeploymentConfig',
      'Event',
      'ImageStream',
      'LimitRange',
      'Namespace',
      'PersistentVolume',
      'PersistentVolumeClaim',
      'PodTemplate',
      'Policy',
      'ResourceQuota',
      'Route',
      'Secret',
      'ServiceAccount',
      'Status',
      'Template',
    ],
    'apps/v1': ['ControllerRevision'],
    'batch/v1': [],
    'discovery.k8s.io/v1': [],
    'networking.k8s.io/v1': ['IPAddress', 'Ingress', 'IngressClass', 'NetworkPolicy'],
  }),
);

/** Groups that only Kubernetes itself defines kinds in, which includes all without a dot: nothing else is there. */
const OWN_GROUP = /^(?:[^.]+|[a-z.]+\.k8s\.io)$/;

/**
 * Tells kinds that svcgen passes over because they are none of its business (a ConfigMap, a Knative Service) from
 * those that miss what was meant: retired API versions, wrong ones, and misspelt kinds.
 */
export function judgeUnread({ apiVersion, kind }: Manifest): UnreadFinding | undefined {
  const served = servedVersions().get(kind);
  if (served !== undefined && RETIRED.get(kind)?.includes(apiVersion) === true) {
    const message = `${apiVersion} is no longer served, so this ${kind} is passed over`;
    const finding = { field: ['apiVersion'], message, hint: `write apiVersion: ${served}` };
    return { code: 'api-version-served', severity: 'warning', finding };
  }
  if (!isOwnGroup(apiVersion)) return undefined;
  return served === undefined ? judgeKind(apiVersion, kind) : judgeVersion(apiVersion, kind, served);
}

/**
 * A ServiceCIDR in an API version that this version of Kubernetes does not serve. It is read all the same: what it says of the
 * cluster's ranges is meant.
 */
export function judgeUnserved(
  { apiVersion, kind }: Manifest,
  { name, api }: KubernetesVersion,
): UnreadFinding | undefined {
  if (kind !== 'ServiceCIDR' || api.serviceCIDRVersions.includes(apiVersion)) return undefined;
  const message = `Kubernetes ${name} does not serve ${apiVersion}, so this ${kind} could not be made there; its ranges count here`;
  const served = api.serviceCIDRVersions.join(' or ');
  const finding = { field: ['apiVersion'], message, hint: `write apiVersion: ${served}` };
  return { code: 'api-version-served', severity: 'warning', finding };
}

function judgeVersion(apiVersion: string, kind: string, served: string): UnreadFinding {
  const message = `there is no ${kind} in API version ${quoteValue(apiVersion)}`;
  const finding = { field: ['apiVersion'], message, hint: `write apiVersion: ${served}` };
  return { code: 'kind-in-api-version', severity: 'error', finding };
}

/** Of API versions that hold nothing we read, only slips count: they have many kinds. */
function judgeKind(apiVersion: string, kind: string): UnreadFinding | undefined {
  const others = PASSED_OVER.get(apiVersion);
  if (others?.includes(kind)) return undefined;
  const read = [...servedVersions()].filter(([, version]) => version === apiVersion).map(([name]) => name);
  const here = [...read, ...(others ?? [])];
  const meant = didYouMean(kind, here);
  if (meant === undefined && others === undefined) return undefined;
  const message = `there is no kind ${quoteValue(kind)} in API version ${apiVersion}`;
  const hint = meant === undefined ? `there are ${listNames(here.sort())}` : `did you mean ${meant}?`;
  return { code: 'kind-in-api-version', severity: 'error', finding: { field: ['kind'], message, hint } };
}

/** Of Kubernetes, its working group (`AdminNetworkPolicy`), Calico, Cilium, Antrea: all are called like that. */
const NETWORK_POLICY = /NetworkPolicy$/;

/** Kinds that are in a namespace even if they name none; others may be about the whole cluster. */
const NAMESPACED_POLICIES: ReadonlySet<string> = new Set(['NetworkPolicy', 'CiliumNetworkPolicy']);

/** Finds what is said about who may talk to whom, whatever network plugin would enforce it. */
export function networkPoliciesOf(unread: readonly Manifest[]): readonly NetworkPolicy[] {
  return unread.flatMap(({ kind, namespace, name }) => {
    if (!NETWORK_POLICY.test(kind)) return [];
    const home = namespace === '' && NAMESPACED_POLICIES.has(kind) ? 'default' : namespace;
    return [{ kind, namespace: home, name }];
  });
}

/** By kind, the API version that we read. */
function servedVersions(): ReadonlyMap<string, string> {
  return new Map(
    [...kindReaders.keys(), PROXY_CONFIGURATION].map((name) => {
      const [apiVersion = '', kind = ''] = name.split(' ');
      return [kind, apiVersion];
    }),
  );
}

function isOwnGroup(apiVersion: string): boolean {
  const [group = '', ...versions] = apiVersion.split('/');
  return versions.length !== 1 || OWN_GROUP.test(group);
}

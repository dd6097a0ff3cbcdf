/** Labels and annotations by which Kubernetes' own components know each other's objects (1.34). */

/** On an EndpointSlice: its Service. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/** On an EndpointSlice: who writes it. */
export const SLICE_MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
export const ENDPOINT_SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';
export const MIRRORING_CONTROLLER = 'endpointslicemirroring-controller.k8s.io';

/** On Endpoints: who writes them. */
export const ENDPOINTS_MANAGED_BY_LABEL = 'endpoints.kubernetes.io/managed-by';
export const ENDPOINTS_CONTROLLER = 'endpoint-controller';
/** On Endpoints: when the controller last saw a change. */
export const LAST_CHANGE_ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time';
/** On Endpoints that components of old use as a lock. */
export const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';

/** On a Service: kube-proxy leaves it alone. On slices and Endpoints: their Service has no cluster IP. */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';
/** On a Service: another proxy serves it. */
export const SERVICE_PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name';
/** On a Service: endpoints get hints for zones. */
export const TOPOLOGY_MODE_ANNOTATION = 'service.kubernetes.io/topology-mode';
/** The older name of the same, which wins. */
export const TOPOLOGY_HINTS_ANNOTATION = 'service.kubernetes.io/topology-aware-hints';
/** On a Service: the old way to limit who may use a load balancer; the spec field wins. */
export const SOURCE_RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** On a Node: its zone. */
export const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** On pods of a StatefulSet. */
export const STATEFUL_POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
export const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';
/** On pods of a ReplicaSet that a Deployment makes, and on the ReplicaSet. */
export const POD_TEMPLATE_HASH_LABEL = 'pod-template-hash';
/** On pods of a Job: both hold its name. */
export const JOB_NAME_LABELS: readonly string[] = ['batch.kubernetes.io/job-name', 'job-name'];

/** On what runs once while a release is installed, changed or tested: a hook of Helm, or of Argo CD. */
export const HOOK_ANNOTATIONS: readonly string[] = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

/** Of the pods in kube-system that kubeadm has the kubelet run, and that nobody applies (cmd/kubeadm/app/util/staticpod, 1.34). */
export const CONTROL_PLANE_LABELS: readonly Readonly<Record<string, string>>[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
].map((component) => ({ component, tier: 'control-plane' }));

/** Labels that controllers add to the pods they make, so that no template has them. */
export const LABELS_ADDED_TO_PODS: ReadonlySet<string> = new Set([
  STATEFUL_POD_NAME_LABEL,
  POD_INDEX_LABEL,
  'controller-revision-hash',
  POD_TEMPLATE_HASH_LABEL,
  'batch.kubernetes.io/job-completion-index',
  ...JOB_NAME_LABELS,
]);

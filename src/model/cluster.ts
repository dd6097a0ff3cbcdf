import type { Locator } from './source.ts';

export type IPFamily = 'IPv4' | 'IPv6';
export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export type TrafficPolicy = 'Cluster' | 'Local';
export type StringMap = Readonly<Record<string, string>>;

/**
 * What validation leaves for the later stages: every object is valid, defaulted as the API server does,
 * sorted by namespace and name, and every address is in canonical form.
 */
export interface Cluster {
  readonly services: readonly Service[];
  readonly endpoints: readonly Endpoints[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly workloads: readonly Workload[];
  readonly serviceCIDRs: readonly ServiceCIDR[];
  /** Known by name only: no rule of a node's proxy enforces them. */
  readonly networkPolicies: readonly NetworkPolicy[];
}

/** What every object has. `locate` finds its fields in the input, for diagnostics of later stages. */
export interface ObjectMeta {
  readonly namespace: string;
  readonly name: string;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  readonly locate: Locator;
}

export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';

/** core/v1 Service. */
export interface Service extends ObjectMeta {
  readonly type: ServiceType;
  /** `['None']`: headless. Empty: none given, to be allocated (or ExternalName, which has none). */
  readonly clusterIPs: readonly string[];
  /** The first of them as it is spelled, where that is not canonical: pods are told it like that. */
  readonly spelledClusterIP?: string;
  /** One for each clusterIP; where addresses are to be allocated, the families wanted ([]: the cluster's default). */
  readonly ipFamilies: readonly IPFamily[];
  readonly ipFamilyPolicy: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack' | undefined;
  readonly ports: readonly ServicePortSpec[];
  /** Empty: no selector. */
  readonly selector: StringMap;
  readonly externalIPs: readonly string[];
  readonly externalName: string | undefined;
  readonly externalTrafficPolicy: TrafficPolicy;
  readonly internalTrafficPolicy: TrafficPolicy;
  readonly publishNotReadyAddresses: boolean;
  /** Seconds of ClientIP session affinity; undefined: no affinity. */
  readonly sessionAffinitySeconds: number | undefined;
  /** Trimmed and canonical; of the spec field, else of the annotation. Empty: everybody may come. */
  readonly loadBalancerSourceRanges: readonly string[];
  readonly allocateLoadBalancerNodePorts: boolean;
  /** 0: none given. */
  readonly healthCheckNodePort: number;
  readonly trafficDistribution: string | undefined;
  /** `status.loadBalancer.ingress`, only entries with an address that a node can use as VIP, canonical. */
  readonly loadBalancerIngress: readonly LoadBalancerIngress[];
  /** What a lock file holds: ports of the node for the proxy of userspace mode, by `lockedProxyKey`. */
  readonly lockedProxyPorts?: Readonly<Record<string, number>>;
}

export interface LoadBalancerIngress {
  readonly ip: string;
  /** `Proxy`: the load balancer is the destination that packets carry; nodes make no rules for it (KEP-1860). */
  readonly ipMode: 'VIP' | 'Proxy';
}

/** An entry of a Service's `spec.ports`, defaulted. */
export interface ServicePortSpec {
  /** "" for the one unnamed port. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** A number, or the name of a container port. */
  readonly targetPort: number | string;
  /** 0: none given. */
  readonly nodePort: number;
  readonly appProtocol: string | undefined;
}

/** core/v1 Endpoints. */
export interface Endpoints extends ObjectMeta {
  readonly subsets: readonly EndpointSubset[];
}
export interface EndpointSubset {
  readonly addresses: readonly EndpointAddress[];
  readonly notReadyAddresses: readonly EndpointAddress[];
  readonly ports: readonly EndpointPort[];
}
export interface EndpointAddress {
  readonly ip: string;
  /** How the manifest spells it, where that is otherwise: names of rules are made of it up to 1.30. */
  readonly spelledIP?: string;
  readonly hostname: string | undefined;
  readonly nodeName: string | undefined;
  readonly targetRef: ObjectReference | undefined;
}
export interface EndpointPort {
  readonly name: string;
  readonly protocol: Protocol;
  /** undefined: a slice port without a number ("all ports"), which no node can program. */
  readonly port: number | undefined;
  readonly appProtocol: string | undefined;
}
export interface ObjectReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
}

/** discovery.k8s.io/v1 EndpointSlice. */
export interface EndpointSlice extends ObjectMeta {
  /** The label `kubernetes.io/service-name`; "" when it has none, so it belongs to no Service. */
  readonly serviceName: string;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly SliceEndpoint[];
}
/**
 * An endpoint of a slice: what nodes need of it. Absent conditions mean ready, serving, not terminating, as in
 * kube-proxy.
 */
export interface SliceEndpoint {
  readonly addresses: readonly string[];
  /** How the manifest spells the first one, where that is otherwise: names of rules are made of it up to 1.30. */
  readonly spelledIP?: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly hostname: string | undefined;
  readonly nodeName: string | undefined;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** A slice as controllers write it: with what no node needs, so that it is not kept of slices in the input. */
export interface ControllerSlice extends EndpointSlice {
  readonly endpoints: readonly ControllerEndpoint[];
}
export interface ControllerEndpoint extends SliceEndpoint {
  readonly zone: string | undefined;
  readonly targetRef: ObjectReference | undefined;
}

/** core/v1 Pod: what Services need of it. */
export interface Pod extends ObjectMeta, PodTemplate {
  readonly uid: string | undefined;
  readonly phase: string;
  readonly podIPs: readonly string[];
  readonly isReady: boolean;
  readonly isTerminating: boolean;
}
export interface ContainerPort {
  readonly name: string;
  readonly containerPort: number;
  readonly protocol: Protocol;
}

/** core/v1 Node. Its `namespace` is "". */
export interface Node extends ObjectMeta {
  /** Canonical; InternalIP before ExternalIP, else in the order given. Host names are left out. */
  readonly addresses: readonly string[];
  readonly podCIDRs: readonly string[];
  /** Label topology.kubernetes.io/zone. */
  readonly zone: string | undefined;
}

export type WorkloadKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'ReplicaSet'
  | 'ReplicationController'
  | 'Job'
  | 'CronJob';

/** An object with a template of pods. */
export interface Workload extends ObjectMeta {
  readonly kind: WorkloadKind;
  /** How many pods it wants; DaemonSets have one a node, whatever this says. */
  readonly replicas: number;
  readonly template: PodTemplate;
  /** Of a StatefulSet: the Service under which DNS knows its pods; undefined: it names none. */
  readonly serviceName?: string;
}
/** What a pod has of its template. */
export interface PodTemplate {
  readonly labels: StringMap;
  readonly nodeName: string | undefined;
  readonly hostname: string | undefined;
  readonly subdomain: string | undefined;
  readonly hostNetwork: boolean;
  readonly enableServiceLinks: boolean;
  /** Ports of the containers that run while the pod does: containers, and sidecars (init, restartPolicy Always). */
  readonly containerPorts: readonly ContainerPort[];
}

/** networking.k8s.io/v1 ServiceCIDR. Its `namespace` is "". */
export interface ServiceCIDR extends ObjectMeta {
  readonly cidrs: readonly string[];
}

/** networking.k8s.io/v1 NetworkPolicy, or one of the kinds that network plugins have beside it. */
export interface NetworkPolicy {
  readonly kind: string;
  /** "": it is about the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

/** `namespace/name`; the name alone for objects without a namespace. */
export function objectKey(object: { readonly namespace: string; readonly name: string }): string {
  return object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
}

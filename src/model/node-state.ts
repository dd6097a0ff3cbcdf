import type { IPFamily, Protocol } from './cluster.ts';
import { joinHostPort } from './ip.ts';
import type { IPVSSettings } from './ipvs-settings.ts';
import type { ProxyFacts } from './kubernetes-version.ts';
import type { UserspaceSettings } from './proxy-config.ts';

/**
 * What one node has to serve in one IP family, with every decision made: renderers choose spelling and layout,
 * never endpoints. Sorted by namespace and name of the Service, then ports in manifest order.
 */
export interface NodeState {
  readonly family: IPFamily;
  /** What kube-proxy does in the version that is wanted. */
  readonly proxy: ProxyFacts;
  readonly servicePorts: readonly ServicePort[];
  /** It has more than LARGE_CLUSTER_ENDPOINTS: rules of endpoints have no comments then. */
  readonly isLargeCluster: boolean;
  /** `--node`; undefined: not given. */
  readonly nodeName: string | undefined;
  /** The node's address in this family; undefined: not known. */
  readonly nodeIP: string | undefined;
  readonly localDetector: LocalDetector;
  /** Whose connections to clusterIPs are masqueraded, so that answers come back through this node. */
  readonly masqueraded: MasqueradedClients;
  readonly nodePortAddresses: NodePortMatch;
  /** Bit of the packet mark that asks for masquerading: 0-31. */
  readonly masqueradeBit: number;
  /** NodePorts may answer on loopback addresses, which others must be kept from then; false for IPv6. */
  readonly localhostNodePorts: boolean;
  /** Packets that conntrack finds INVALID are dropped. */
  readonly dropInvalid: boolean;
  /** What ServiceCIDR objects name, of this family: nobody else has addresses in there. */
  readonly serviceCIDRs: readonly string[];
  /** What load balancers may ask this node, in order of Services. */
  readonly healthChecks: readonly HealthCheck[];
  /** What ipvs mode needs beside that; undefined in other modes. */
  readonly ipvs: IPVSNode | undefined;
  /** What userspace mode needs beside that; undefined in other modes. */
  readonly userspace: UserspaceNode | undefined;
}

/** What only userspace mode has to know of a node. */
export interface UserspaceNode {
  readonly settings: UserspaceSettings;
  /** Ports of the node that its proxy listens on, by `proxyPortKey`. */
  readonly proxyPorts: ReadonlyMap<string, number>;
}

/** Names a set of endpoints that a service port can lead to. */
export function proxyPortKey(
  { name, protocol }: Pick<ServicePort, 'name' | 'protocol'>,
  scope: EndpointPool['scope'],
): string {
  return `${formatServicePortName(name)}/${protocol}/${scope}`;
}

/** Where the proxy of a node listens for connections to a set of endpoints; undefined: there is no proxy. */
export function proxyPortOf(
  { userspace }: Pick<NodeState, 'userspace'>,
  servicePort: Pick<ServicePort, 'name' | 'protocol'>,
  scope: EndpointPool['scope'],
): number | undefined {
  return userspace?.proxyPorts.get(proxyPortKey(servicePort, scope));
}

/** A question that load balancers ask nodes: whether they have endpoints of a Service, so that they get its traffic. */
export interface HealthCheck {
  readonly namespace: string;
  readonly name: string;
  /** The healthCheckNodePort. */
  readonly port: number;
  /** How many addresses of ready endpoints the node has, over all ports of the Service. */
  readonly localEndpoints: number;
}

/** What one node has to serve, for each family that was asked for. */
export type NodeStates = ReadonlyMap<IPFamily, NodeState>;

/**
 * Above this many endpoints in all, of all service ports, ready or not, kube-proxy's iptables mode leaves comments on
 * endpoint rules out (largeClusterEndpointsThreshold, iptables/proxier.go).
 */
export const LARGE_CLUSTER_ENDPOINTS = 1000;

/** What only ipvs mode has to know of a node. */
export interface IPVSNode {
  readonly settings: IPVSSettings;
  /** The node's own addresses in this family, without loopback ones: service addresses that need no dummy device. */
  readonly addresses: readonly string[];
  /** Those of them on which NodePorts have virtual servers. */
  readonly nodePortAddresses: readonly string[];
}

/** How traffic of this node's own pods is told from other traffic, in this family. */
export type LocalDetector = { readonly kind: 'none' } | PodDetector;

/** A way to tell it. */
export type PodDetector =
  | { readonly kind: 'cidr'; readonly cidr: string }
  | { readonly kind: 'interface'; readonly name: string }
  | { readonly kind: 'interface-prefix'; readonly prefix: string };

/** Clients of clusterIPs: all, all but this node's own pods, or (where those can't be told) none. */
export type MasqueradedClients =
  | { readonly kind: 'all' }
  | { readonly kind: 'foreign'; readonly detector: PodDetector }
  | { readonly kind: 'none' };

/** Where NodePorts answer: on every local address, loopback addresses included or not, or on these. */
export type NodePortMatch =
  | { readonly kind: 'local'; readonly loopback: boolean }
  /** Canonical, sorted. Empty: nowhere. */
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] };

/** Identity of a service port: kube-proxy's `ServicePortName` with its protocol. */
export interface ServicePortName {
  readonly namespace: string;
  readonly name: string;
  /** "" for an unnamed port. */
  readonly port: string;
}

/** A port of a Service in one family: kube-proxy's `ServicePort`. All addresses are of the family, canonical. */
export interface ServicePort {
  readonly name: ServicePortName;
  readonly protocol: Protocol;
  readonly clusterIP: string;
  readonly port: number;
  /** 0: none. */
  readonly nodePort: number;
  readonly externalIPs: readonly string[];
  readonly loadBalancerIPs: readonly string[];
  /** Who may use the load-balancer addresses; undefined: everybody, or it has none. */
  readonly admitted: AdmittedSources | undefined;
  /** 0: none. */
  readonly healthCheckNodePort: number;
  /** undefined: no session affinity. */
  readonly sessionAffinitySeconds: number | undefined;
  /** What clients of the clusterIP get. */
  readonly internal: Delivery;
  /** What clients of nodePort, externalIPs and load-balancer addresses get; undefined: it has none of these. */
  readonly external: ExternalDelivery | undefined;
  /** The pools that some delivery uses: the cluster's first, each once. */
  readonly pools: readonly EndpointPool[];
  /**
   * Every endpoint that some delivery of this port can choose, each once, in kube-proxy's order: the same objects as
   * in the pools.
   */
  readonly reachable: readonly Endpoint[];
  /**
   * Of a port of UDP: every endpoint that serves, in the whole cluster, whatever policies and hints say. Flows that it
   * has may go on. Empty for other protocols.
   */
  readonly serving: readonly Endpoint[];
  /** Where ipvs mode sends connections, which differs from the deliveries; undefined in other modes. */
  readonly ipvs: IPVSDeliveries | undefined;
}

/** Sources that load-balancer addresses are open to, when they are not open to everybody. */
export interface AdmittedSources {
  /** Canonical, of the family; at least one. */
  readonly ranges: readonly string[];
  /**
   * Addresses that the node itself comes from: a node that has the load balancer's address reaches it with that
   * address as source. Empty: the ranges do not hold the node.
   */
  readonly ofNode: readonly string[];
}

/** A virtual server can neither reject nor drop, nor tell its clients apart: it has real servers, or none. */
export interface IPVSDeliveries {
  /** For the clusterIP. */
  readonly internal: readonly Endpoint[];
  /** For nodePort, externalIPs and load-balancer addresses. */
  readonly external: readonly Endpoint[];
  /** Endpoints of this node, usable or not, or of all nodes when it is not known: those that may reach themselves. */
  readonly hairpin: readonly Endpoint[];
}

/** Where connections go. */
export type Delivery =
  | { readonly kind: 'endpoints'; readonly pool: EndpointPool }
  /** No usable endpoint anywhere. */
  | { readonly kind: 'reject' }
  /** There are endpoints, but the traffic policy lets none through on this node. */
  | { readonly kind: 'drop' };

export interface ExternalDelivery {
  /** Clients outside the cluster. */
  readonly fromOutside: Delivery;
  /** Pods and processes of this node, which a Local policy does not restrict. */
  readonly fromInside: Delivery;
  /** Some connection can reach an endpoint, if only one from inside. */
  readonly isServed: boolean;
  /** False: all of it is masqueraded. True (Local policy): only that of local processes. */
  readonly keepsClientIP: boolean;
}

/** Endpoints that share a policy on this node. Deliveries with the same scope share one pool object. */
export interface EndpointPool {
  readonly scope: 'cluster' | 'local';
  /** At least one; in kube-proxy's order: by `spelledHostPort` as text. */
  readonly endpoints: readonly Endpoint[];
}

/** One address and port that serves. */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
  /** `10.1.2.3:80` or `[fd00::1]:80`. */
  readonly hostPort: string;
  /** How names, comments and the order of endpoints spell `ip`, where a version of kube-proxy has it otherwise. */
  readonly spelledIP?: string;
  /** It runs on this node. */
  readonly isLocal: boolean;
}

/** Its `ip:port` as kube-proxy has it in names and comments. */
export function spelledHostPort({ spelledIP, port, hostPort }: Endpoint): string {
  return spelledIP === undefined ? hostPort : joinHostPort(spelledIP, port);
}

/** `namespace/name` or `namespace/name:port`, as kube-proxy's comments spell it. */
export function formatServicePortName({ namespace, name, port }: ServicePortName): string {
  return port === '' ? `${namespace}/${name}` : `${namespace}/${name}:${port}`;
}

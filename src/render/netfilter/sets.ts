import { invariant } from '../../diagnostic/invariant.ts';
import type { IPSetType } from '../../lang/ipvs/ruleset.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { IP_FAMILIES } from '../../model/ip.ts';

/** IPSET_MAXNAMELEN is 32, with the final NUL. */
const MAX_NAME_LENGTH = 31;

interface SetDefinition {
  readonly type: IPSetType;
  /** Comment of the rule that matches on it. */
  readonly comment: string;
  /** What it holds, for whoever reads about it. */
  readonly role: string;
  /**
   * What it tells of virtual servers of ours, by which they are known on a node: addresses with their ports, addresses,
   * or nodePorts of a protocol.
   */
  readonly servers?: 'places' | 'addresses' | 'TCP' | 'UDP';
}

/** All sets of ipvs mode, by their IPv4 names, and the only place that says what they are for: ipset.go of kube-proxy 1.34. */
export const SETS = {
  'KUBE-LOOP-BACK': {
    type: 'hash:ip,port,ip',
    comment: 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
    role: 'endpoints that may reach themselves',
  },
  'KUBE-CLUSTER-IP': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service cluster ip + port for masquerade purpose',
    role: 'ports of clusterIPs',
    servers: 'places',
  },
  'KUBE-EXTERNAL-IP': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service external ip + port for masquerade and filter purpose',
    role: 'ports of externalIPs',
    servers: 'places',
  },
  'KUBE-EXTERNAL-IP-LOCAL': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service external ip + port with externalTrafficPolicy=local',
    role: 'ports of externalIPs under a Local policy',
    servers: 'places',
  },
  'KUBE-LOAD-BALANCER': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service lb portal',
    role: 'ports of load balancers',
    servers: 'places',
  },
  'KUBE-LOAD-BALANCER-FW': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service load balancer ip + port for load balancer with sourceRange',
    role: 'ports of load balancers that only some clients may use',
  },
  'KUBE-LOAD-BALANCER-LOCAL': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
    role: 'ports of load balancers under a Local policy',
  },
  'KUBE-LOAD-BALANCER-SOURCE-IP': {
    type: 'hash:ip,port,ip',
    comment: 'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
    role: 'load balancers that the node itself may use',
  },
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': {
    type: 'hash:ip,port,net',
    comment: 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
    role: 'loadBalancerSourceRanges',
  },
  'KUBE-NODE-PORT-TCP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport TCP port for masquerade purpose',
    role: 'nodePorts',
    servers: 'TCP',
  },
  'KUBE-NODE-PORT-LOCAL-TCP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport TCP port with externalTrafficPolicy=local',
    role: 'nodePorts under a Local policy',
  },
  'KUBE-NODE-PORT-UDP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport UDP port for masquerade purpose',
    role: 'nodePorts',
    servers: 'UDP',
  },
  'KUBE-NODE-PORT-LOCAL-UDP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport UDP port with externalTrafficPolicy=local',
    role: 'nodePorts under a Local policy',
  },
  'KUBE-NODE-PORT-SCTP-HASH': {
    type: 'hash:ip,port',
    comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
    role: 'nodePorts',
    servers: 'places',
  },
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': {
    type: 'hash:ip,port',
    comment: "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
    role: 'nodePorts under a Local policy',
  },
  'KUBE-HEALTH-CHECK-NODE-PORT': {
    type: 'bitmap:port',
    comment: 'Kubernetes health check node port',
    role: 'health checks of load balancers',
  },
  'KUBE-IPVS-IPS': {
    type: 'hash:ip',
    comment: 'Kubernetes IPVS Service IP addresses',
    role: 'addresses of Services that the node has',
    servers: 'addresses',
  },
} as const satisfies Readonly<Record<string, SetDefinition>>;

export type SetName = keyof typeof SETS;

/** Sorted. */
export const SET_NAMES: readonly SetName[] = Object.keys(SETS).filter(isSetName).sort();

function isSetName(name: string): name is SetName {
  return Object.hasOwn(SETS, name);
}

/** What a set is called in the kernel: for IPv6 `KUBE-6-…`, of which kube-proxy keeps as much as a name may hold. */
export function nameInFamily(name: SetName, family: IPFamily): string {
  const full = family === 'IPv4' ? name : name.replace('KUBE-', 'KUBE-6-').slice(0, MAX_NAME_LENGTH);
  invariant(full.length <= MAX_NAME_LENGTH, 'the name of a set is too long for the kernel');
  return full;
}

/** A set of ours, by what it is called in the kernel. */
export interface KnownSet extends SetDefinition {
  /** Its IPv4 name. */
  readonly name: SetName;
  /** Of the name. */
  readonly family: IPFamily;
}

const BY_KERNEL_NAME: ReadonlyMap<string, KnownSet> = new Map(
  IP_FAMILIES.flatMap((family) =>
    SET_NAMES.map((name) => [nameInFamily(name, family), { ...SETS[name], name, family }] as const),
  ),
);

/** What is known of a set by its name in the kernel; undefined: it is not ours. */
export function knownSet(name: string): KnownSet | undefined {
  return BY_KERNEL_NAME.get(name);
}

/** What any set of ours can be called in the kernel, in both families. */
export const ALL_SET_NAMES: readonly string[] = [...BY_KERNEL_NAME.keys()];

/** What the sets of addresses of the dummy device can be called in the kernel. */
export const DUMMY_SETS: readonly string[] = ALL_SET_NAMES.filter(
  (name) => knownSet(name)?.servers === 'addresses',
);

/** Which sets tell this of virtual servers, by their IPv4 names. */
export function setsTelling(servers: SetDefinition['servers']): readonly SetName[] {
  return SET_NAMES.filter((name) => BY_KERNEL_NAME.get(name)?.servers === servers);
}

import { invariant } from '../../diagnostic/invariant.ts';
import type { IPSetType } from '../../lang/ipvs/ruleset.ts';
import type { IPFamily } from '../../model/cluster.ts';

/** IPSET_MAXNAMELEN is 32, with the final NUL. */
const MAX_NAME_LENGTH = 31;

interface SetDefinition {
  readonly type: IPSetType;
  /** Comment of the rule that matches on it. */
  readonly comment: string;
}

/** All sets of ipvs mode, by their IPv4 names: ipset.go of kube-proxy 1.34. */
export const SETS = {
  'KUBE-LOOP-BACK': {
    type: 'hash:ip,port,ip',
    comment: 'Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose',
  },
  'KUBE-CLUSTER-IP': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service cluster ip + port for masquerade purpose',
  },
  'KUBE-EXTERNAL-IP': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service external ip + port for masquerade and filter purpose',
  },
  'KUBE-EXTERNAL-IP-LOCAL': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service external ip + port with externalTrafficPolicy=local',
  },
  'KUBE-LOAD-BALANCER': { type: 'hash:ip,port', comment: 'Kubernetes service lb portal' },
  'KUBE-LOAD-BALANCER-FW': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service load balancer ip + port for load balancer with sourceRange',
  },
  'KUBE-LOAD-BALANCER-LOCAL': {
    type: 'hash:ip,port',
    comment: 'Kubernetes service load balancer ip + port with externalTrafficPolicy=local',
  },
  'KUBE-LOAD-BALANCER-SOURCE-IP': {
    type: 'hash:ip,port,ip',
    comment: 'Kubernetes service load balancer ip + port + source IP for packet filter purpose',
  },
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': {
    type: 'hash:ip,port,net',
    comment: 'Kubernetes service load balancer ip + port + source cidr for packet filter purpose',
  },
  'KUBE-NODE-PORT-TCP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport TCP port for masquerade purpose',
  },
  'KUBE-NODE-PORT-LOCAL-TCP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport TCP port with externalTrafficPolicy=local',
  },
  'KUBE-NODE-PORT-UDP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport UDP port for masquerade purpose',
  },
  'KUBE-NODE-PORT-LOCAL-UDP': {
    type: 'bitmap:port',
    comment: 'Kubernetes nodeport UDP port with externalTrafficPolicy=local',
  },
  'KUBE-NODE-PORT-SCTP-HASH': {
    type: 'hash:ip,port',
    comment: "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'",
  },
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': {
    type: 'hash:ip,port',
    comment: "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'",
  },
  'KUBE-HEALTH-CHECK-NODE-PORT': { type: 'bitmap:port', comment: 'Kubernetes health check node port' },
  'KUBE-IPVS-IPS': { type: 'hash:ip', comment: 'Kubernetes IPVS Service IP addresses' },
} as const satisfies Record<string, SetDefinition>;

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

/** What any set of ours can be called in the kernel, in both families. */
export const ALL_SET_NAMES: readonly string[] = (['IPv4', 'IPv6'] as const).flatMap((family) =>
  SET_NAMES.map((name) => nameInFamily(name, family)),
);

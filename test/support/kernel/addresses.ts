import type { IPFamily } from '../../../src/model/cluster.ts';

/** Who has which address in the lab, in one family. */
export interface Addresses {
  readonly family: IPFamily;
  /** Where clients outside the cluster find the node: its node IP. */
  readonly node: string;
  /** The node's address on the link to the peer. */
  readonly nodeOnPeerLink: string;
  /** The node's address on the links to its pods. */
  readonly nodeOnPodLinks: string;
  readonly peer: string;
  readonly client: string;
  /** Another address of the client machine, outside `friendRange`. */
  readonly stranger: string;
  readonly friendRange: string;
  /** The network between the client machine and the node. */
  readonly outsideCIDR: string;
  /** Many more addresses of the client machine. */
  readonly crowd: readonly string[];
  readonly pods: Readonly<Record<PodName, string>>;
  readonly clusterCIDR: string;
  readonly nodePodCIDR: string;
  readonly loopback: string;
  /** What nobody on any link has: service addresses, told apart by a number from 1 to 99. */
  clusterIP(number: number): string;
  externalIP(number: number): string;
  loadBalancerIP(number: number): string;
}

/** a, b and c run on the node under test; d, e and f on the peer. */
export type PodName = LocalPodName | RemotePodName;
export type LocalPodName = (typeof LOCAL_PODS)[number];
type RemotePodName = (typeof REMOTE_PODS)[number];

export const LOCAL_PODS = ['a', 'b', 'c'] as const;
export const REMOTE_PODS = ['d', 'e', 'f'] as const;

const CROWD_SIZE = 40;

const ipv4: Addresses = {
  family: 'IPv4',
  node: '192.168.7.11',
  nodeOnPeerLink: '192.168.8.11',
  nodeOnPodLinks: '10.244.1.1',
  peer: '192.168.8.12',
  client: '192.168.7.66',
  stranger: '192.168.7.101',
  friendRange: '192.168.7.64/29',
  outsideCIDR: '192.168.7.0/24',
  crowd: Array.from({ length: CROWD_SIZE }, (_, index) => `192.168.7.${150 + index}`),
  pods: {
    a: '10.244.1.10',
    b: '10.244.1.9',
    c: '10.244.1.20',
    d: '10.244.2.10',
    e: '10.244.2.11',
    f: '10.244.2.12',
  },
  clusterCIDR: '10.244.0.0/16',
  nodePodCIDR: '10.244.1.0/24',
  loopback: '127.0.0.1',
  clusterIP: (number) => `10.96.0.${number}`,
  externalIP: (number) => `198.51.100.${number}`,
  loadBalancerIP: (number) => `203.0.113.${number}`,
};

const ipv6: Addresses = {
  family: 'IPv6',
  node: '2001:db8:7::11',
  nodeOnPeerLink: '2001:db8:8::11',
  nodeOnPodLinks: 'fd00:244:1::1',
  peer: '2001:db8:8::12',
  client: '2001:db8:7::66',
  stranger: '2001:db8:7::101',
  friendRange: '2001:db8:7::60/124',
  outsideCIDR: '2001:db8:7::/64',
  crowd: Array.from({ length: CROWD_SIZE }, (_, index) => `2001:db8:7::${150 + index}`),
  pods: {
    a: 'fd00:244:1::10',
    b: 'fd00:244:1::9',
    c: 'fd00:244:1::20',
    d: 'fd00:244:2::10',
    e: 'fd00:244:2::11',
    f: 'fd00:244:2::12',
  },
  clusterCIDR: 'fd00:244::/32',
  nodePodCIDR: 'fd00:244:1::/48',
  loopback: '::1',
  clusterIP: (number) => `fd00:96::${number}`,
  externalIP: (number) => `2001:db8:e1::${number}`,
  loadBalancerIP: (number) => `2001:db8:1b::${number}`,
};

/** The lab's addresses in a family. */
export function addressesOf(family: IPFamily): Addresses {
  return family === 'IPv4' ? ipv4 : ipv6;
}

/** Both families' addresses. */
export const bothFamilies: readonly Addresses[] = [ipv4, ipv6];

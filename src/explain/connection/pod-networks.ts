import { deviceTo, type Host, routeTo } from '../../lang/packet/host.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { cidrContains, familyOf } from '../../model/ip.ts';
import type { NodeDump } from '../../modes/dump/node-dump.ts';
import { POD_RANGES, rangesIn } from '../../modes/dump/tell/dumped-ranges.ts';
import type { NodeFacts } from './plan-connection.ts';

/**
 * What the dump of a node tells of pods, without manifests: kube-proxy asks for `--cluster-cidr` where it masquerades what
 * comes to clusterIPs from elsewhere, network plugins masquerade what leaves their networks, and routes to pods of the node lead to
 * interfaces that plugins name.
 */
interface PodNetworks {
  /** Of the whole cluster; none: not told. */
  readonly cluster: readonly string[];
  /** Of the pods of the node. */
  readonly own: readonly string[];
}

/** Network plugins masquerade what leaves their networks. */
const PLUGIN_RANGES = [
  /^-A (?:FLANNEL-)?POSTRT\w* -s (\S+) (?:! -d \S+ )?.*flanneld masq/,
  /^-A KIND-MASQ-AGENT -d (\S+) .*-j RETURN$/,
];

const CLUSTER_RANGES = [...POD_RANGES, ...PLUGIN_RANGES];

const OWN_RANGES = [/^-A POSTROUTING -s (\S+) .*-j CNI-[0-9a-f]+$/];

/** Interfaces that network plugins give to pods of the node, or the bridges of these. */
const POD_DEVICE = /^(?:cni\d|cbr\d|cali|veth|lxc|azv|kube-bridge$|eni[0-9a-f]{8})/;

function podNetworks(dump: NodeDump, family: IPFamily, { routes = [] }: Host): PodNetworks {
  const ofDevices = routes.filter(
    ({ cidr, device = '', gateway }) =>
      familyOf(cidr) === family && gateway === undefined && POD_DEVICE.test(device),
  );
  const own = rangesIn(dump, family, OWN_RANGES);
  return {
    cluster: rangesIn(dump, family, CLUSTER_RANGES),
    own: [...own, ...ofDevices.map(({ cidr }) => cidr)],
  };
}

/** Addresses that no machine of the internet has (RFC 1918, RFC 6598, RFC 4193): pods have them, and others as well. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** What a dump tells of clients, where manifests do not know them. */
export function withDumpedPods(facts: NodeFacts, dump: NodeDump): NodeFacts {
  const { family, host, clientOf } = facts;
  const { cluster, own } = podNetworks(dump, family, host);
  const isIn = (cidrs: readonly string[], ip: string) => cidrs.some((cidr) => cidrContains(cidr, ip));
  const told = (ip: string) => {
    if (isIn(own, ip)) return undefined;
    if (isIn(cluster, ip)) return 'a pod of the cluster';
    const isNearby = deviceTo(host, ip) !== undefined && routeTo(host, ip)?.gateway === undefined;
    return cluster.length > 0 || isNearby || !isIn(PRIVATE, ip) ? undefined : 'a pod or another machine';
  };
  return { ...facts, podCIDRs: [...facts.podCIDRs, ...own], clientOf: (ip) => clientOf(ip) ?? told(ip) };
}

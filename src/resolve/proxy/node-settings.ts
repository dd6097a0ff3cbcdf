import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import { aboutField, aboutRun, listNames } from '../../diagnostic/report.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { cidrContains, familyOf } from '../../model/ip.ts';
import type { IPVSNode, LocalDetector, MasqueradedClients, NodePortMatch } from '../../model/node-state.ts';
import type { DetectLocal, ProxyConfig, RenderTarget } from '../../model/proxy-config.ts';
import type { ResolveCode } from '../codes.ts';
import { type NodeView, nodeIPOf } from './node-view.ts';

const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1'] as const;
const IPV4_LOOPBACK = '127.0.0.0/8';
const IPV6_LOOPBACK = '::1';

/**
 * Where NodePorts answer in one family (util/nodeport_addresses.go, iptables/proxier.go): CIDRs of the other family
 * alone, or one that holds everything, mean every local address; in nftables mode the first meant the primary address up
 * to 1.30. Loopback addresses never answer for IPv6, and for IPv4 only with localhost NodePorts on.
 */
export function nodePortMatch({ config, family }: RenderTarget, node: NodeView): NodePortMatch {
  const { nodePortAddresses } = config;
  const loopback = answersOnLoopback({ config, family });
  switch (nodePortAddresses.kind) {
    case 'all':
      return { kind: 'local', loopback };
    case 'primary':
      return primaryMatch({ config, family }, node);
    case 'cidrs': {
      const cidrs = nodePortAddresses.cidrs.filter((cidr) => familyOf(cidr) === family);
      if (cidrs.length === 0 && isPrimaryMeant(config)) return primaryMatch({ config, family }, node);
      const primary = nodePortAddresses.primary === true ? primaryAddress(node, family) : undefined;
      const isEverywhere = cidrs.length === 0 && primary === undefined;
      if (isEverywhere || cidrs.some((cidr) => cidr.endsWith('/0'))) return { kind: 'local', loopback };
      const inRanges = addressesIn(cidrs, node);
      const addresses = primary === undefined ? inRanges : [...new Set([...inRanges, primary])].sort();
      return {
        kind: 'addresses',
        addresses: loopback ? addresses : addresses.filter((address) => !isLoopback(address)),
      };
    }
    default:
      return assertNever(nodePortAddresses);
  }
}

/** The node IP, unless it is one that kube-proxy takes for want of another. */
function primaryMatch({ config, family }: RenderTarget, node: NodeView): NodePortMatch {
  const nodeIP = primaryAddress(node, family);
  if (nodeIP !== undefined) return { kind: 'addresses', addresses: [nodeIP] };
  return isPrimaryMeant(config)
    ? { kind: 'addresses', addresses: [] }
    : { kind: 'local', loopback: answersOnLoopback({ config, family }) };
}

function primaryAddress(node: NodeView, family: IPFamily): string | undefined {
  const nodeIP = nodeIPOf(node, family);
  return nodeIP === undefined || isLoopback(nodeIP) ? undefined : nodeIP;
}

/** Where no CIDR is of the family. */
function isPrimaryMeant({ mode, kubernetes }: ProxyConfig): boolean {
  return mode === 'nftables' && kubernetes.proxy.nftables.familyWithoutCIDR === 'primary';
}

/** NodePorts may answer on loopback addresses; no kernel can route those of IPv6. */
function answersOnLoopback({ config, family }: RenderTarget): boolean {
  return config.localhostNodePorts && family === 'IPv4';
}

/**
 * Whether NodePorts do answer on loopback addresses, so that others have to be kept from those: the addresses that are
 * asked for hold one (`ContainsIPv4Loopback`, kube-proxy 1.30 to 1.37).
 */
export function servesLoopback(target: RenderTarget, match: NodePortMatch): boolean {
  if (!answersOnLoopback(target)) return false;
  const { nodePortAddresses } = target.config;
  switch (nodePortAddresses.kind) {
    case 'all':
      return true;
    case 'primary':
      return match.kind === 'local';
    case 'cidrs': {
      const cidrs = nodePortAddresses.cidrs.filter((cidr) => familyOf(cidr) === target.family);
      const isEverywhere = cidrs.length === 0 && nodePortAddresses.primary !== true;
      return isEverywhere || cidrs.some((cidr) => cidr.endsWith('/0') || cidr.startsWith('127.'));
    }
    default:
      return assertNever(nodePortAddresses);
  }
}

/** Says why no NodePort answers anywhere, where there are some: a matter of the settings, not of the manifests. */
export function checkNodePortMatch(
  match: NodePortMatch,
  { config, family }: RenderTarget,
  node: NodeView,
): readonly Diagnostic[] {
  const { nodePortAddresses } = config;
  const isOfCIDRs = nodePortAddresses.kind === 'cidrs';
  if (nodePortAddresses.kind === 'primary' || (isOfCIDRs && nodePortAddresses.primary === true)) {
    // Virtual servers need addresses, whatever they are: that is checked of them.
    return config.ipvs === undefined ? checkPrimary(match, family, node) : [];
  }
  if (match.kind === 'local' || match.addresses.length > 0) return [];
  if (node.addresses.length === 0) {
    return [
      aboutRun<ResolveCode>({
        code: 'node-address-known',
        severity: 'error',
        message: `--nodeport-addresses picks among the node's ${family} addresses, and none is known`,
        hint: 'add --node-ip, or --node together with the Node object that has its addresses',
      }),
    ];
  }
  return [
    aboutRun<ResolveCode>({
      code: 'node-port-addresses-match',
      severity: 'warning',
      message: `no ${family} address of the node lies in --nodeport-addresses: its NodePorts answer nowhere`,
      hint: `choose a CIDR that holds one of ${node.addresses.join(', ')}`,
    }),
  ];
}

/** A node whose address nobody knows serves more, or less, than the real one, which knows it. */
function checkPrimary(match: NodePortMatch, family: IPFamily, node: NodeView): readonly Diagnostic[] {
  if (primaryAddress(node, family) !== undefined) return [];
  const others = match.kind === 'local' ? `every ${family} address of the node` : listNames(match.addresses);
  const instead = others === '' ? 'nowhere' : `on ${others}`;
  return [
    aboutRun<ResolveCode>({
      code: 'node-primary-address-known',
      severity: 'warning',
      message: `NodePorts answer on the node's primary address, and no ${family} address of it is known: they answer ${instead}, as kube-proxy's do then`,
      hint: 'add --node-ip, or --node together with the Node object that has its addresses, or say more with --nodeport-addresses',
    }),
  ];
}

function addressesIn(cidrs: readonly string[], node: NodeView): readonly string[] {
  const candidates = new Set([...node.addresses, ...LOOPBACK_ADDRESSES]);
  return [...candidates].filter((address) => cidrs.some((cidr) => cidrContains(cidr, address))).sort();
}

/** Whether a canonical address is one that a host has for itself alone. */
function isLoopback(address: string): boolean {
  return address === IPV6_LOOPBACK || cidrContains(IPV4_LOOPBACK, address);
}

/** Addresses that are valid on one link only; kube-proxy takes no NodePorts on them (`GetNodeIPs`, 1.30). */
function isLinkLocal(address: string): boolean {
  return cidrContains(familyOf(address) === 'IPv4' ? '169.254.0.0/16' : 'fe80::/10', address);
}

/**
 * What virtual servers have to know of a node; undefined: its mode has none. Loopback addresses have no virtual
 * servers: kube-proxy 1.34 leaves them out (ipvs/netlink_linux.go), for IPVS can't serve connections that come from
 * 127.0.0.1.
 */
export function ipvsNode(
  { config, family }: RenderTarget,
  node: NodeView,
  nodePorts: NodePortMatch,
): IPVSNode | undefined {
  if (config.ipvs === undefined) return undefined;
  const addresses = node.addresses.filter((ip) => familyOf(ip) === family && !isLoopback(ip));
  const candidates = nodePorts.kind === 'local' ? addresses : nodePorts.addresses;
  const nodePortAddresses = candidates.filter((ip) => !isLoopback(ip) && !isLinkLocal(ip));
  return { settings: config.ipvs, addresses, nodePortAddresses };
}

/**
 * In ipvs mode every address that NodePorts answer on needs a virtual server of its own, so the addresses of the
 * node must be known even where all of them are meant.
 */
export function checkNodeAddresses(
  ipvs: IPVSNode | undefined,
  { family }: RenderTarget,
  node: NodeView,
): readonly Diagnostic[] {
  if (ipvs === undefined || ipvs.nodePortAddresses.length > 0) return [];
  if (node.addresses.length > 0) {
    return [
      aboutRun<ResolveCode>({
        code: 'node-port-addresses-match',
        severity: 'warning',
        message: `no ${family} address of the node can take NodePorts: in ipvs mode they answer nowhere in that family`,
        hint: `add its ${family} address with --node-ip (${node.addresses.join(', ')} is known)`,
      }),
    ];
  }
  return [
    aboutRun<ResolveCode>({
      code: 'node-address-known',
      severity: 'error',
      message: "NodePorts in ipvs mode need the node's addresses, and none is known",
      hint:
        node.object === undefined
          ? 'add --node-ip, or --node together with the Node object that has its addresses'
          : 'add status.addresses to its Node object, or render it alone with --node-ip',
    }),
  ];
}

const NONE: LocalDetector = { kind: 'none' };

/**
 * How pods of this node are told from others in one family, as `GetLocalTrafficDetectors` of kube-proxy 1.34: the
 * first CIDR of the family counts; without one, nothing is detected.
 */
export function localDetector(detect: DetectLocal, family: IPFamily, node: NodeView): LocalDetector {
  switch (detect.kind) {
    case 'none':
      return NONE;
    case 'cluster-cidr':
      return byCIDR(detect.cidrs, family);
    case 'node-cidr':
      return byCIDR(node.object?.podCIDRs ?? [], family);
    case 'bridge-interface':
      return { kind: 'interface', name: detect.name };
    case 'interface-prefix':
      return { kind: 'interface-prefix', prefix: detect.prefix };
    default:
      return assertNever(detect);
  }
}

/**
 * Whose connections to clusterIPs are masqueraded: those that could be answered past this node, or all
 * (`--masquerade-all`).
 */
export function masqueradedClients(
  { masqueradeAll }: Pick<ProxyConfig, 'masqueradeAll'>,
  detector: LocalDetector,
): MasqueradedClients {
  if (masqueradeAll) return { kind: 'all' };
  return detector.kind === 'none' ? detector : { kind: 'foreign', detector };
}

/** An error when pods shall be told by the node's podCIDRs, and it has none. */
export function checkPodCIDRs(detect: DetectLocal, node: NodeView): readonly Diagnostic[] {
  if (detect.kind !== 'node-cidr' || (node.object !== undefined && node.object.podCIDRs.length > 0))
    return [];
  const report = {
    code: 'node-pod-cidr-known',
    severity: 'error',
    hint: 'add the Node object with its spec.podCIDRs, or use --detect-local-mode ClusterCIDR',
  } as const;
  if (node.object !== undefined) {
    const message = `pods of node "${node.name}" are told by its podCIDRs, and it has none`;
    return [aboutField<ResolveCode>('Node', node.object, ['spec', 'podCIDRs'], { ...report, message })];
  }
  const which = node.name === undefined ? 'the node, and --node is not given' : `node "${node.name}"`;
  const why = node.name === undefined ? '' : ', which is not in the input';
  return [aboutRun<ResolveCode>({ ...report, message: `pods are told by the podCIDRs of ${which}${why}` })];
}

function byCIDR(cidrs: readonly string[], family: IPFamily): LocalDetector {
  const cidr = cidrs.find((each) => familyOf(each) === family);
  return cidr === undefined ? NONE : { kind: 'cidr', cidr };
}

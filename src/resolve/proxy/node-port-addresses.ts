import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import { aboutRun } from '../../diagnostic/report.ts';
import { cidrContains, familyOf } from '../../model/ip.ts';
import type { NodePortMatch } from '../../model/node-state.ts';
import type { RenderTarget } from '../../model/proxy-config.ts';
import type { ResolveCode } from '../codes.ts';
import { type NodeView, nodeIPOf } from './node-view.ts';

const LOOPBACK_ADDRESSES = ['127.0.0.1', '::1'] as const;
const IPV4_LOOPBACK = '127.0.0.0/8';
const IPV6_LOOPBACK = '::1';

/**
 * Where NodePorts answer in one family, as kube-proxy 1.34 (util/nodeport_addresses.go, iptables/proxier.go): CIDRs
 * of the other family alone, or one that holds everything, mean every local address. Loopback addresses never answer
 * for IPv6, and for IPv4 only with localhost NodePorts on.
 */
export function nodePortMatch({ config, family }: RenderTarget, node: NodeView): NodePortMatch {
  const { nodePortAddresses } = config;
  const loopback = answersOnLoopback({ config, family });
  switch (nodePortAddresses.kind) {
    case 'all':
      return { kind: 'local', loopback };
    case 'primary': {
      const nodeIP = nodeIPOf(node, family);
      return { kind: 'addresses', addresses: nodeIP === undefined ? [] : [nodeIP] };
    }
    case 'cidrs': {
      const cidrs = nodePortAddresses.cidrs.filter((cidr) => familyOf(cidr) === family);
      if (cidrs.length === 0 || cidrs.some((cidr) => cidr.endsWith('/0'))) return { kind: 'local', loopback };
      const addresses = addressesIn(cidrs, node);
      return {
        kind: 'addresses',
        addresses: loopback ? addresses : addresses.filter((address) => !isLoopback(address)),
      };
    }
    default:
      return assertNever(nodePortAddresses);
  }
}

/** NodePorts may answer on loopback addresses; no kernel can route those of IPv6. */
export function answersOnLoopback({ config, family }: RenderTarget): boolean {
  return config.localhostNodePorts && family === 'IPv4';
}

/** Says why no NodePort answers anywhere, where there are some: a matter of the settings, not of the manifests. */
export function checkNodePortMatch(
  match: NodePortMatch,
  { family }: RenderTarget,
  node: NodeView,
): readonly Diagnostic[] {
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

function addressesIn(cidrs: readonly string[], node: NodeView): readonly string[] {
  const candidates = new Set([...node.addresses, ...LOOPBACK_ADDRESSES]);
  return [...candidates].filter((address) => cidrs.some((cidr) => cidrContains(cidr, address))).sort();
}

/** Whether a canonical address is one that a host has for itself alone. */
export function isLoopback(address: string): boolean {
  return address === IPV6_LOOPBACK || cidrContains(IPV4_LOOPBACK, address);
}

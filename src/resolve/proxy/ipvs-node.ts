import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun } from '../../diagnostic/report.ts';
import { familyOf } from '../../model/ip.ts';
import type { IPVSNode, NodePortMatch } from '../../model/node-state.ts';
import type { RenderTarget } from '../../model/proxy-config.ts';
import type { ResolveCode } from '../codes.ts';
import { isLoopback } from './node-port-addresses.ts';
import type { NodeView } from './node-view.ts';

/**
 * What virtual servers have to know of a node; undefined: its mode has none. Loopback addresses have no virtual servers: kube-proxy 1.34 leaves them out
 * (ipvs/netlink_linux.go), for IPVS can't serve connections that come from 127.0.0.1.
 */
export function ipvsNode(
  { config, family }: RenderTarget,
  node: NodeView,
  nodePorts: NodePortMatch,
): IPVSNode | undefined {
  if (config.ipvs === undefined) return undefined;
  const addresses = node.addresses.filter((ip) => familyOf(ip) === family && !isLoopback(ip));
  const nodePortAddresses =
    nodePorts.kind === 'local' ? addresses : nodePorts.addresses.filter((ip) => !isLoopback(ip));
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

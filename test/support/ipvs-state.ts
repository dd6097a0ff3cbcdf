import { defaultIPVSSettings } from '../../src/model/ipvs-settings.ts';
import type { IPVSNode, NodeState, ServicePort } from '../../src/model/node-state.ts';
import { deliverExternally, deliverTo, endpoint, nodeState, pool, servicePort } from './node-state.ts';

/** Node states of ipvs mode for tests of renderers. */

export const NODE_IP = '192.168.7.11';

export function ipvsNode(parts: Partial<IPVSNode> = {}): IPVSNode {
  return { settings: defaultIPVSSettings, addresses: [NODE_IP], nodePortAddresses: [NODE_IP], ...parts };
}

export function ipvsState(servicePorts: readonly ServicePort[], parts: Partial<NodeState> = {}): NodeState {
  return nodeState({ servicePorts, ipvs: ipvsNode(), ...parts });
}

/** `default/web:http`, reached from outside with policy Cluster; its two endpoints may reach themselves. */
export function ipvsServicePort(parts: Partial<ServicePort> = {}): ServicePort {
  const both = pool('cluster', endpoint('10.244.1.5'), endpoint('10.244.2.5'));
  return servicePort({
    internal: deliverTo(both),
    external: deliverExternally({
      fromOutside: deliverTo(both),
      fromInside: deliverTo(both),
      keepsClientIP: false,
    }),
    reachable: both.endpoints,
    ipvs: { internal: both.endpoints, external: both.endpoints, hairpin: both.endpoints.slice(0, 1) },
    ...parts,
  });
}

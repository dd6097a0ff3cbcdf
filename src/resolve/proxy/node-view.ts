import type { IPFamily, Node } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { ProxyConfig } from '../../model/proxy-config.ts';

/** What is known of the node that rules are made for. */
export interface NodeView {
  /** undefined: `--node` is not given. */
  readonly name: string | undefined;
  /** Its Node object; undefined: not in the input. */
  readonly object: Node | undefined;
  readonly zone: string | undefined;
  /** What `--node-ip` gave, then what the Node object has; each once, both families. */
  readonly addresses: readonly string[];
}

/** Puts together what the settings and the Node object say of a node. */
export function viewNode(nodes: readonly Node[], config: ProxyConfig): NodeView {
  const name = config.nodeName;
  const object = name === undefined ? undefined : nodes.find((node) => node.name === name);
  const addresses = [...new Set([...config.nodeIPs, ...(object?.addresses ?? [])])];
  return { name, object, zone: object?.zone, addresses };
}

/** kube-proxy's node IP: the first address of the family; undefined: not known. */
export function nodeIPOf({ addresses }: NodeView, family: IPFamily): string | undefined {
  return addresses.find((address) => familyOf(address) === family);
}

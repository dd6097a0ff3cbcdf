/** Ports from the first to the last, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** kube-apiserver's `--service-node-port-range`. */
export const DEFAULT_NODE_PORT_RANGE: PortRange = { first: 30000, last: 32767 };

/** kubeadm's default for IPv4, and an IPv6 range of the same shape: where Services have their addresses. */
export const DEFAULT_SERVICE_CIDRS: readonly string[] = ['10.96.0.0/12', 'fd00:10:96::/112'];

/** kubeadm's example for IPv4, and an IPv6 range of the same shape: where pods have theirs. */
export const DEFAULT_POD_CIDRS: readonly string[] = ['10.244.0.0/16', 'fd00:10:244::/56'];

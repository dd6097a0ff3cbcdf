import type { IPFamily } from './cluster.ts';
import type { IPVSSettings } from './ipvs-settings.ts';
import type { KubernetesVersion } from './kubernetes-version.ts';

/** The modes that svcgen has, by the names that `--mode` takes: src/modes knows what each is. */
export const PROXY_MODES = ['iptables', 'ipvs', 'nftables', 'userspace'] as const;

export type ProxyMode = (typeof PROXY_MODES)[number];

/** How rules are laid out: in kube-proxy's own chains, or in fewer that do the same. */
export const RULE_LAYOUTS = ['kube-proxy', 'compact'] as const;

export type RuleLayout = (typeof RULE_LAYOUTS)[number];

/**
 * How a node tells traffic of its own pods from other traffic (`detectLocalMode` of KubeProxyConfiguration).
 * `none`: it can't, so nothing is masqueraded for being foreign.
 */
export type DetectLocal =
  | { readonly kind: 'none' }
  /** `--cluster-cidr`: at most one CIDR of each family counts. */
  | { readonly kind: 'cluster-cidr'; readonly cidrs: readonly string[] }
  /** The node's own `spec.podCIDRs`. */
  | { readonly kind: 'node-cidr' }
  | { readonly kind: 'bridge-interface'; readonly name: string }
  | { readonly kind: 'interface-prefix'; readonly prefix: string };

/** Which of the node's addresses take NodePort traffic (`--nodeport-addresses`). */
export type NodePortAddresses =
  | ({ readonly kind: 'all' } & InWords)
  /** kube-proxy's `primary`: the node IP of each family. */
  | { readonly kind: 'primary' }
  | ({
      readonly kind: 'cidrs';
      readonly cidrs: readonly string[];
      /** The node IP of each family, besides. */
      readonly primary?: true;
    } & InWords);

/** `all`, `localhost`, or several words together, which not every version of kube-proxy knows. */
interface InWords {
  readonly inWords?: true;
}

/** The settings of one node's proxy, defaulted. Addresses and CIDRs are canonical. */
export interface ProxyConfig {
  readonly mode: ProxyMode;
  /** Whose kube-proxy it is like. */
  readonly kubernetes: KubernetesVersion;
  /** `--node`; undefined: not given, which only node-dependent policies need. */
  readonly nodeName: string | undefined;
  /** `--node-ip`, else the addresses of the Node object; the first of a family is kube-proxy's node IP. */
  readonly nodeIPs: readonly string[];
  readonly detectLocal: DetectLocal;
  readonly masqueradeAll: boolean;
  /** Bit of the packet mark that asks for masquerading: 0-31, default 14. */
  readonly masqueradeBit: number;
  readonly nodePortAddresses: NodePortAddresses;
  /** IPv4 only: NodePorts answer on 127.0.0.1 too. */
  readonly localhostNodePorts: boolean;
  /** `--service-cluster-ip-range`: what the cluster's ServiceCIDR objects hold where the input has none. */
  readonly serviceCIDRs: readonly string[];
  /** `conntrack.tcpBeLiberal`: packets that conntrack finds INVALID are not dropped. */
  readonly conntrackTCPBeLiberal: boolean;
  /** How virtual servers are made; undefined: the mode has none. */
  readonly ipvs: IPVSSettings | undefined;
  /** How connections get to a proxy on the node; undefined: the mode has none. */
  readonly userspace: UserspaceSettings | undefined;
}

/** What only userspace mode has to know. */
export interface UserspaceSettings {
  /** Ports that nobody else on the node listens on. */
  readonly proxyPortRange: { readonly first: number; readonly last: number };
  /** `--udp-timeout`: how long a client over UDP may be silent and still be the same client; at least 1. */
  readonly udpTimeoutMilliseconds: number;
}

/** What one render run is for: one node, one family. */
export interface RenderTarget {
  readonly config: ProxyConfig;
  readonly family: IPFamily;
}

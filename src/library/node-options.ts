import type { PortRange } from '../kubernetes/ranges.ts';
import type { IPVSSettings } from '../model/ipvs-settings.ts';
import type { NodePortAddresses, ProxyMode } from '../model/proxy-config.ts';
import type { SourceFile } from '../model/source.ts';
import type { DetectLocalMode } from '../validate/kube-proxy-configuration.ts';
import type { TextFile } from './options.ts';

/** What a node is like, and how its proxy is set. What is left out has kube-proxy's default, unless `configuration` says it. */
export interface NodeOptions {
  /** A KubeProxyConfiguration, or the kube-proxy ConfigMap of a cluster. The other options win over it. */
  readonly configuration?: TextFile | SourceFile | undefined;
  /** Default: iptables. */
  readonly mode?: ProxyMode | undefined;
  /** The node that rules are for; needed when a Service's policy depends on it. */
  readonly nodeName?: string | undefined;
  /** Its addresses, when they are not to come from its Node object. */
  readonly nodeIPs?: readonly string[] | undefined;
  /** The range of all pods: one CIDR, or one of each family. */
  readonly clusterCIDRs?: readonly string[] | undefined;
  /** How the node tells its own pods. Default: ClusterCIDR. */
  readonly detectLocalMode?: DetectLocalMode | undefined;
  /** For BridgeInterface. */
  readonly bridgeInterface?: string | undefined;
  /** For InterfaceNamePrefix. */
  readonly interfaceNamePrefix?: string | undefined;
  /** All traffic to clusterIPs is masqueraded. */
  readonly masqueradeAll?: boolean | undefined;
  /** Of the packet mark: 0 to 31, default 14. */
  readonly masqueradeBit?: number | undefined;
  /** Where NodePorts answer. Default: everywhere, in nftables mode at the primary address. */
  readonly nodePortAddresses?: NodePortAddresses | undefined;
  /** NodePorts answer on 127.0.0.1 too. Default: true, in nftables mode false. */
  readonly localhostNodePorts?: boolean | undefined;
  /** Packets that conntrack finds invalid are not dropped. */
  readonly conntrackTCPBeLiberal?: boolean | undefined;
  readonly ipvs?: IPVSOptions | undefined;
  /** In userspace mode: ports of the node for its proxy. Default: 20000 to 29999. */
  readonly proxyPortRange?: PortRange | undefined;
  /** In userspace mode: how long a client over UDP may be silent and still be the same client. Default: 250, as kube-proxy. */
  readonly udpTimeoutMilliseconds?: number | undefined;
}

/** How virtual servers of ipvs mode are made. */
export type IPVSOptions = { readonly [Name in keyof IPVSSettings]?: IPVSSettings[Name] | undefined };

import type { PortRange } from '../kubernetes/ranges.ts';
import type { SourceFile } from '../model/source.ts';
import type { MasqueradeChoices, ProxyChoices } from '../validate/kube-proxy-configuration.ts';
import type { TextFile } from './options.ts';

/** What a node is like, and how its proxy is set. What is left out has kube-proxy's default, unless `configuration` says it. */
export interface NodeOptions extends ProxyChoices, MasqueradeChoices {
  /** A KubeProxyConfiguration, or the kube-proxy ConfigMap of a cluster. The other options win over it. */
  readonly configuration?: TextFile | SourceFile | undefined;
  /** In userspace mode: ports of the node for its proxy. Default: 20000 to 29999. */
  readonly proxyPortRange?: PortRange | undefined;
  /** In userspace mode: how long a client over UDP may be silent and still be the same client. Default: 250, as kube-proxy. */
  readonly udpTimeoutMilliseconds?: number | undefined;
}

import type { ProxyConfig } from '../model/proxy-config.ts';
import { NEWEST_KUBERNETES } from './versions.ts';

/** kube-proxy's defaults in iptables mode, for a node of which nothing is known. */
export const defaultProxyConfig: ProxyConfig = {
  mode: 'iptables',
  kubernetes: NEWEST_KUBERNETES,
  nodeName: undefined,
  nodeIPs: [],
  detectLocal: { kind: 'none' },
  masqueradeAll: false,
  masqueradeBit: 14,
  nodePortAddresses: { kind: 'all' },
  localhostNodePorts: true,
  serviceCIDRs: [],
  conntrackTCPBeLiberal: false,
  ipvs: undefined,
  userspace: undefined,
};

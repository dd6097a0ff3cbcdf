/** Schedulers of the kernel that ipvs mode takes: how a virtual server chooses a real server. */
export const IPVS_SCHEDULERS = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'sh',
  'mh',
  'dh',
  'sed',
  'nq',
] as const;

export type IPVSScheduler = (typeof IPVS_SCHEDULERS)[number];

/** The `ipvs` part of a KubeProxyConfiguration. */
export interface IPVSSettings {
  readonly scheduler: IPVSScheduler;
  /** The node answers ARP requests only for addresses of the interface that they come in on. */
  readonly strictARP: boolean;
  /** Virtual servers with addresses in these CIDRs are somebody else's, and left alone. Canonical. */
  readonly excludeCIDRs: readonly string[];
  /** Whole seconds after which idle connections are forgotten; 0: as the kernel has it. */
  readonly tcpTimeoutSeconds: number;
  readonly tcpFinTimeoutSeconds: number;
  readonly udpTimeoutSeconds: number;
}

/** kube-proxy's defaults. */
export const defaultIPVSSettings: IPVSSettings = {
  scheduler: 'rr',
  strictARP: false,
  excludeCIDRs: [],
  tcpTimeoutSeconds: 0,
  tcpFinTimeoutSeconds: 0,
  udpTimeoutSeconds: 0,
};

import type { NodeState } from '../../model/node-state.ts';

/** A setting of the kernel, and why it is needed. */
export interface IPVSSysctl {
  readonly name: string;
  readonly value: number;
  readonly reason: string;
  /** It is only for kernels before this version. */
  readonly before?: string;
}

/**
 * Kernel settings of ipvs mode: those that kube-proxy 1.34 sets, and forwarding in both families. They hold for the
 * whole host, so the states of its families are looked at together. Those below net.ipv4.vs need the ip_vs module.
 */
export function ipvsSysctls(states: readonly NodeState[]): readonly IPVSSysctl[] {
  const strictARP = states.some(({ ipvs }) => ipvs?.settings.strictARP);
  return [
    {
      name: 'net.ipv4.vs.conntrack',
      value: 1,
      reason: 'iptables rules see the connections that IPVS handles.',
    },
    {
      name: 'net.ipv4.vs.conn_reuse_mode',
      value: 0,
      before: '5.9',
      reason: 'A client that uses a port again is not kept waiting a second (kubernetes/kubernetes#93297).',
    },
    {
      name: 'net.ipv4.vs.expire_nodest_conn',
      value: 1,
      reason: 'Connections to an endpoint that is gone end at once.',
    },
    {
      name: 'net.ipv4.vs.expire_quiescent_template',
      value: 1,
      reason: 'Session affinity to an endpoint that is gone ends too.',
    },
    { name: 'net.ipv4.ip_forward', value: 1, reason: 'Endpoints are on other hosts.' },
    ...(states.some(servesIPv6) ? [IPV6_FORWARDING] : []),
    ...(strictARP ? STRICT_ARP : []),
  ];
}

const IPV6_FORWARDING: IPVSSysctl = {
  name: 'net.ipv6.conf.all.forwarding',
  value: 1,
  reason:
    'The same for IPv6. A host that gets its own routes from router advertisements needs accept_ra=2 with it.',
};

const STRICT_ARP: readonly IPVSSysctl[] = [
  {
    name: 'net.ipv4.conf.all.arp_ignore',
    value: 1,
    reason: 'Only the interface that has an address answers for it: neighbours do not see the dummy device.',
  },
  { name: 'net.ipv4.conf.all.arp_announce', value: 2, reason: 'Nor are its addresses announced to them.' },
];

function servesIPv6({ family, servicePorts }: NodeState): boolean {
  return family === 'IPv6' && servicePorts.length > 0;
}

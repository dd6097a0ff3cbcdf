import { comment, NEW_CONNECTIONS } from '../netfilter/matches.ts';
import { filterJump, type Jump, natJump } from '../netfilter/restore-form.ts';

const NODE_PORTS = comment('kubernetes health check service ports');
const FORWARDING = comment('kubernetes forwarding rules');
const POSTROUTING = comment('kubernetes postrouting rules');
const PORTALS = comment('kubernetes service portals');
const EXTERNAL_PORTALS = comment('kubernetes externally-visible service portals');
const FIREWALL = comment('kubernetes load balancer firewall');

/**
 * Every jump into our chains, in the order that they have on a node: kube-proxy puts each at the top of its
 * chain, those of KUBE-FIREWALL are the kubelet's and there before.
 */
export const JUMPS: readonly Jump[] = [
  filterJump('INPUT', 'KUBE-PROXY-FIREWALL', NEW_CONNECTIONS, FIREWALL),
  filterJump('INPUT', 'KUBE-NODEPORTS', NODE_PORTS),
  filterJump('INPUT', 'KUBE-EXTERNAL-SERVICES', NEW_CONNECTIONS, EXTERNAL_PORTALS),
  filterJump('INPUT', 'KUBE-FIREWALL'),
  filterJump('FORWARD', 'KUBE-PROXY-FIREWALL', NEW_CONNECTIONS, FIREWALL),
  filterJump('FORWARD', 'KUBE-FORWARD', FORWARDING),
  filterJump('FORWARD', 'KUBE-SERVICES', NEW_CONNECTIONS, PORTALS),
  filterJump('FORWARD', 'KUBE-EXTERNAL-SERVICES', NEW_CONNECTIONS, EXTERNAL_PORTALS),
  filterJump('OUTPUT', 'KUBE-PROXY-FIREWALL', NEW_CONNECTIONS, FIREWALL),
  filterJump('OUTPUT', 'KUBE-SERVICES', NEW_CONNECTIONS, PORTALS),
  filterJump('OUTPUT', 'KUBE-FIREWALL'),
  natJump('PREROUTING', 'KUBE-SERVICES', PORTALS),
  natJump('OUTPUT', 'KUBE-SERVICES', PORTALS),
  natJump('POSTROUTING', 'KUBE-POSTROUTING', POSTROUTING),
];

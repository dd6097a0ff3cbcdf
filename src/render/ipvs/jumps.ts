import { comment } from '../netfilter/matches.ts';
import { filterJump, type Jump, natJump } from '../netfilter/restore-form.ts';

const ACCESS = comment('kubernetes ipvs access filter');
const FIREWALL = comment('kube-proxy firewall rules');
const HEALTH_CHECKS = comment('kubernetes health check rules');
const FORWARDING = comment('kubernetes forwarding rules');
const POSTROUTING = comment('kubernetes postrouting rules');
const PORTALS = comment('kubernetes service portals');

/** Every jump into our chains, in the order that kube-proxy gives them by putting each at the top of its chain. */
export const JUMPS: readonly Jump[] = [
  filterJump('INPUT', 'KUBE-IPVS-FILTER', ACCESS),
  filterJump('INPUT', 'KUBE-PROXY-FIREWALL', FIREWALL),
  filterJump('INPUT', 'KUBE-NODE-PORT', HEALTH_CHECKS),
  filterJump('FORWARD', 'KUBE-PROXY-FIREWALL', FIREWALL),
  filterJump('FORWARD', 'KUBE-FORWARD', FORWARDING),
  filterJump('OUTPUT', 'KUBE-IPVS-OUT-FILTER', ACCESS),
  natJump('PREROUTING', 'KUBE-SERVICES', PORTALS),
  natJump('OUTPUT', 'KUBE-SERVICES', PORTALS),
  natJump('POSTROUTING', 'KUBE-POSTROUTING', POSTROUTING),
];

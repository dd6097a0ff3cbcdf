import { CHAINS } from '../netfilter/chains.ts';
import { COMMENTS } from '../netfilter/comments.ts';
import { comment } from '../netfilter/matches.ts';
import { filterJump, type Jump, natJump } from '../netfilter/restore-form.ts';
import { IPVS_CHAINS } from './vocabulary.ts';

const ACCESS = comment('kubernetes ipvs access filter');
const FIREWALL = comment('kube-proxy firewall rules');
const HEALTH_CHECKS = comment('kubernetes health check rules');
const FORWARDING = comment(COMMENTS.forwarding);
const POSTROUTING = comment('kubernetes postrouting rules');
const PORTALS = comment('kubernetes service portals');

/** Every jump into our chains, in the order that kube-proxy gives them by putting each at the top of its chain. */
export const IPVS_JUMPS: readonly Jump[] = [
  filterJump('INPUT', IPVS_CHAINS.access.name, ACCESS),
  filterJump('INPUT', CHAINS.proxyFirewall.name, FIREWALL),
  filterJump('INPUT', IPVS_CHAINS.nodePort.name, HEALTH_CHECKS),
  filterJump('FORWARD', CHAINS.proxyFirewall.name, FIREWALL),
  filterJump('FORWARD', CHAINS.forward.name, FORWARDING),
  filterJump('OUTPUT', IPVS_CHAINS.outAccess.name, ACCESS),
  natJump('PREROUTING', CHAINS.services.name, PORTALS),
  natJump('OUTPUT', CHAINS.services.name, PORTALS),
  natJump('POSTROUTING', CHAINS.postrouting.name, POSTROUTING),
];

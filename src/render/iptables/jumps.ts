import { CHAINS } from '../netfilter/chains.ts';
import { COMMENTS } from '../netfilter/comments.ts';
import { comment, NEW_CONNECTIONS } from '../netfilter/matches.ts';
import { filterJump, type Jump, natJump } from '../netfilter/restore-form.ts';

const NODE_PORTS = comment('kubernetes health check service ports');
const FORWARDING = comment(COMMENTS.forwarding);
const POSTROUTING = comment('kubernetes postrouting rules');
const PORTALS = comment('kubernetes service portals');
const EXTERNAL_PORTALS = comment('kubernetes externally-visible service portals');
const FIREWALL = comment('kubernetes load balancer firewall');

/**
 * Every jump into our chains, in the order that they have on a node where kube-proxy alone made them: it puts each at
 * the top of its chain, those of KUBE-FIREWALL last (`iptablesKubeletJumpChains`, 1.27 to 1.37). Where a kubelet ran
 * first, these are the last.
 */
export const JUMPS: readonly Jump[] = [
  filterJump('INPUT', CHAINS.loopbackGuard.name),
  filterJump('INPUT', CHAINS.proxyFirewall.name, NEW_CONNECTIONS, FIREWALL),
  filterJump('INPUT', CHAINS.nodePorts.name, NODE_PORTS),
  filterJump('INPUT', CHAINS.externalServices.name, NEW_CONNECTIONS, EXTERNAL_PORTALS),
  filterJump('FORWARD', CHAINS.proxyFirewall.name, NEW_CONNECTIONS, FIREWALL),
  filterJump('FORWARD', CHAINS.forward.name, FORWARDING),
  filterJump('FORWARD', CHAINS.services.name, NEW_CONNECTIONS, PORTALS),
  filterJump('FORWARD', CHAINS.externalServices.name, NEW_CONNECTIONS, EXTERNAL_PORTALS),
  filterJump('OUTPUT', CHAINS.loopbackGuard.name),
  filterJump('OUTPUT', CHAINS.proxyFirewall.name, NEW_CONNECTIONS, FIREWALL),
  filterJump('OUTPUT', CHAINS.services.name, NEW_CONNECTIONS, PORTALS),
  natJump('PREROUTING', CHAINS.services.name, PORTALS),
  natJump('OUTPUT', CHAINS.services.name, PORTALS),
  natJump('POSTROUTING', CHAINS.postrouting.name, POSTROUTING),
];

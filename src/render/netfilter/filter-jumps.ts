import { CHAINS } from './chains.ts';
import { COMMENTS } from './comments.ts';
import { comment, NEW_CONNECTIONS } from './matches.ts';
import { filterJump, type Jump } from './restore-form.ts';

const NODE_PORTS = comment('kubernetes health check service ports');
const FORWARDING = comment(COMMENTS.forwarding);
const EXTERNAL_PORTALS = comment('kubernetes externally-visible service portals');
const FIREWALL = comment('kubernetes load balancer firewall');

/** To what Services have, from wherever a table is entered. */
export const PORTALS = comment('kubernetes service portals');

/** To the ports where health checks are answered. */
export const HEALTH_CHECK_JUMP = filterJump('INPUT', CHAINS.nodePorts.name, NODE_PORTS);

/** Jumps of the table filter, in kube-proxy's order. */
export const FILTER_JUMPS: readonly Jump[] = [
  filterJump('INPUT', CHAINS.loopbackGuard.name),
  filterJump('INPUT', CHAINS.proxyFirewall.name, NEW_CONNECTIONS, FIREWALL),
  HEALTH_CHECK_JUMP,
  filterJump('INPUT', CHAINS.externalServices.name, NEW_CONNECTIONS, EXTERNAL_PORTALS),
  filterJump('FORWARD', CHAINS.proxyFirewall.name, NEW_CONNECTIONS, FIREWALL),
  filterJump('FORWARD', CHAINS.forward.name, FORWARDING),
  filterJump('FORWARD', CHAINS.services.name, NEW_CONNECTIONS, PORTALS),
  filterJump('FORWARD', CHAINS.externalServices.name, NEW_CONNECTIONS, EXTERNAL_PORTALS),
  filterJump('OUTPUT', CHAINS.loopbackGuard.name),
  filterJump('OUTPUT', CHAINS.proxyFirewall.name, NEW_CONNECTIONS, FIREWALL),
  filterJump('OUTPUT', CHAINS.services.name, NEW_CONNECTIONS, PORTALS),
];

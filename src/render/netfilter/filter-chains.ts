import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Chain, Rule } from '../../lang/iptables/ruleset.ts';
import type { Action } from '../../lang/iptables/targets/action.ts';
import type { L4Protocol } from '../../lang/packet/l4-protocol.ts';
import { type Items, inParts, madeOfEach } from '../../lang/text/in-parts.ts';
import type { Delivery, NodeState, ServicePort } from '../../model/node-state.ts';
import type { PartKeeper } from '../rule-memory.ts';
import { CHAINS } from './chains.ts';
import { COMMENTS, commentAbout } from './comments.ts';
import { firewallOf } from './conditions.ts';
import { masqueradeMark } from './masquerade.ts';
import { ACCEPT, comment, DROP, loopbackCIDR, REJECT, TO_LOCAL_ADDRESS, toAddress } from './matches.ts';

/** A service port, as rules that refuse something name it. */
export interface FilteredPort {
  readonly servicePort: ServicePort;
  /** `namespace/name:port` */
  readonly label: string;
  readonly protocol: L4Protocol;
  readonly chains: {
    /** Lets the load balancer's source ranges through. */
    readonly firewall: string;
  };
}

/** Our chains of the filter table: what is refused, and what must not be. */
export function* filterChains(
  state: NodeState,
  servicePorts: readonly FilteredPort[],
  keeper: PartKeeper<Rule>,
): Generator<Chain> {
  const eachOf = (name: string, rulesOf: (servicePort: FilteredPort) => Iterable<Rule>): Items<Rule> => {
    const part = keeper({ name, madeFor: '' });
    return inParts(madeOfEach(servicePorts, (servicePort) => part(servicePort, rulesOf)));
  };
  yield { name: CHAINS.externalServices.name, rules: eachOf('refuse external', refuseExternal) };
  yield { name: CHAINS.loopbackGuard.name, rules: firewallRules(state) };
  yield { name: CHAINS.forward.name, rules: forwardRules(state) };
  yield { name: CHAINS.nodePorts.name, rules: eachOf('health checks', acceptHealthChecks) };
  yield { name: CHAINS.proxyFirewall.name, rules: eachOf('source ranges', dropOutsideSourceRanges) };
  yield { name: CHAINS.services.name, rules: eachOf('refuse internal', refuseInternal) };
}

/** How a delivery without endpoints is refused, and why; undefined when there are endpoints. */
function refusal(delivery: Delivery, label: string): { action: Action; reason: Match } | undefined {
  switch (delivery.kind) {
    case 'endpoints':
      return undefined;
    case 'reject':
      return { action: REJECT, reason: commentAbout(COMMENTS.noEndpoints, label) };
    case 'drop':
      return { action: DROP, reason: commentAbout(COMMENTS.noLocalEndpoints, label) };
  }
}

function* refuseInternal({ servicePort, label, protocol }: FilteredPort): Generator<Rule> {
  const refused = refusal(servicePort.internal, label);
  if (refused === undefined) return;
  const { action, reason } = refused;
  const port: Match = { kind: 'l4', protocol, destinationPort: servicePort.port };
  yield { matches: [toAddress(servicePort.clusterIP), { kind: 'protocol', protocol }, reason, port], action };
}

function* refuseExternal({ servicePort, label, protocol }: FilteredPort): Generator<Rule> {
  if (servicePort.external === undefined) return;
  const refused = refusal(servicePort.external.fromOutside, label);
  if (refused === undefined) return;
  const { action, reason } = refused;
  const anyPort: Match = { kind: 'protocol', protocol };
  const port: Match = { kind: 'l4', protocol, destinationPort: servicePort.port };
  for (const ip of externalAddresses(servicePort)) {
    yield { matches: [toAddress(ip), anyPort, reason, port], action };
  }
  if (servicePort.nodePort === 0) return;
  const nodePort: Match = { kind: 'l4', protocol, destinationPort: servicePort.nodePort };
  yield { matches: [anyPort, reason, TO_LOCAL_ADDRESS, nodePort], action };
}

function externalAddresses(servicePort: ServicePort): readonly string[] {
  return [...servicePort.externalIPs, ...servicePort.loadBalancerIPs];
}

function* acceptHealthChecks({ servicePort, label }: FilteredPort): Generator<Rule> {
  if (servicePort.healthCheckNodePort === 0) return;
  yield {
    matches: [
      { kind: 'protocol', protocol: 'tcp' },
      commentAbout(COMMENTS.healthCheck, label),
      { kind: 'l4', protocol: 'tcp', destinationPort: servicePort.healthCheckNodePort },
    ],
    action: ACCEPT,
  };
}

/** Whatever the firewall chain of the nat table let through has another destination by now. */
function* dropOutsideSourceRanges(named: FilteredPort): Generator<Rule> {
  if (firewallOf(named.servicePort) === undefined) return;
  const { servicePort, label, protocol, chains } = named;
  for (const ip of servicePort.loadBalancerIPs) {
    yield {
      matches: [
        toAddress(ip),
        { kind: 'protocol', protocol },
        commentAbout(COMMENTS.notAdmitted, label, chains.firewall),
        { kind: 'l4', protocol, destinationPort: servicePort.port },
      ],
      action: DROP,
    };
  }
}

/**
 * The kubelet's guard of localhost NodePorts: they need `route_localnet`, which would let neighbours in to whatever
 * listens on 127.0.0.1 (CVE-2020-8558).
 */
function firewallRules({ family, localhostNodePorts }: NodeState): Rule[] {
  if (!localhostNodePorts) return [];
  const loopback = loopbackCIDR(family);
  return [
    {
      matches: [
        { kind: 'source', cidr: loopback, negated: true },
        { kind: 'destination', cidr: loopback },
        comment(COMMENTS.loopback),
        { kind: 'ctstate', states: ['RELATED', 'ESTABLISHED', 'DNAT'], negated: true },
      ],
      action: DROP,
    },
  ];
}

function forwardRules(state: NodeState): Rule[] {
  const dropInvalid: Rule = { matches: [{ kind: 'ctstate', states: ['INVALID'] }], action: DROP };
  return [...(state.dropInvalid ? [dropInvalid] : []), ...acceptForwarded(state)];
}

/** Accepts what a Service has been chosen for, and what belongs to connections that are there. */
export function acceptForwarded(state: NodeState): Rule[] {
  const mark = masqueradeMark(state);
  return [
    {
      matches: [comment(COMMENTS.forwarding), { kind: 'mark', value: mark, mask: mark }],
      action: ACCEPT,
    },
    {
      matches: [
        comment('kubernetes forwarding conntrack rule'),
        { kind: 'ctstate', states: ['RELATED', 'ESTABLISHED'] },
      ],
      action: ACCEPT,
    },
  ];
}

import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Chain, Rule } from '../../lang/iptables/ruleset.ts';
import { concat } from '../../lang/text/concat.ts';
import { type Items, inParts, type ListPart, madeOfEach } from '../../lang/text/in-parts.ts';
import type { NodeState } from '../../model/node-state.ts';
import { CHAINS } from '../netfilter/chains.ts';
import { COMMENTS, commentAbout } from '../netfilter/comments.ts';
import { firewallOf } from '../netfilter/conditions.ts';
import { markRules, postroutingRules } from '../netfilter/masquerade.ts';
import { comment, jump, loopbackCIDR, TO_LOCAL_ADDRESS, toAddress } from '../netfilter/matches.ts';
import { clientsTold, type PartKeeper } from '../rule-memory.ts';
import { endpointChains } from './endpoint-chains.ts';
import type { IptablesMemory } from './memory.ts';
import { type NamedServicePort, policyChain } from './names.ts';
import { choiceChains } from './service-chains.ts';

/** Our chains of the nat table: which endpoint a connection goes to, and whether its source is rewritten. */
export function natChains(
  state: NodeState,
  servicePorts: readonly NamedServicePort[],
  memory: IptablesMemory,
): Items<Chain> {
  return inParts(natParts(state, servicePorts, memory));
}

function* natParts(
  state: NodeState,
  servicePorts: readonly NamedServicePort[],
  { rules, chains }: IptablesMemory,
): Generator<ListPart<Chain>> {
  yield {
    items: [
      { name: CHAINS.markForMasquerade.name, rules: markRules(state) },
      { name: CHAINS.postrouting.name, rules: postroutingRules(state) },
      ...dispatchChains(state, servicePorts, rules),
    ],
  };
  const comments = `${state.isLargeCluster}`;
  const choice = chains({ name: 'choice', madeFor: comments + clientsTold(state) });
  const endpoints = chains({ name: 'endpoints', madeFor: comments });
  for (const named of servicePorts) {
    yield choice(named, () => choiceChains(state, named));
    yield endpoints(named, () => endpointChains(state, named));
  }
}

/** From destination to the chain of a service port. */
export function* dispatchChains(
  state: NodeState,
  servicePorts: readonly NamedServicePort[],
  keeper: PartKeeper<Rule>,
): Generator<Chain> {
  const addresses = keeper({ name: 'addresses', madeFor: '' });
  const nodePorts = keeper({ name: 'nodePorts', madeFor: '' });
  const toAddresses = madeOfEach(servicePorts, (named) => addresses(named, addressRules));
  yield {
    name: CHAINS.services.name,
    rules: inParts(concat([toAddresses, [{ items: [...nodePortJumps(state)] }]])),
  };
  yield {
    name: CHAINS.nodePorts.name,
    rules: inParts(madeOfEach(servicePorts, (named) => nodePorts(named, nodePortRules))),
  };
}

/**
 * KUBE-SERVICES: from destination address and port to the chain of a service port. The jump to KUBE-NODEPORTS comes
 * last: it matches any local address, also one that some Service has as external or load-balancer address.
 */
function* addressRules(named: NamedServicePort): Generator<Rule> {
  yield* clusterIPRule(named);
  yield* externalRules(named);
}

function* clusterIPRule({ servicePort, label, protocol, chains }: NamedServicePort): Generator<Rule> {
  if (servicePort.internal.kind !== 'endpoints') return;
  yield {
    matches: [
      toAddress(servicePort.clusterIP),
      { kind: 'protocol', protocol },
      commentAbout(COMMENTS.clusterIP, label),
      { kind: 'l4', protocol, destinationPort: servicePort.port },
    ],
    action: jump(policyChain(chains, servicePort.internal.pool)),
  };
}

function* externalRules({ servicePort, label, protocol, chains }: NamedServicePort): Generator<Rule> {
  if (!servicePort.external?.isServed) return;
  const anyPort: Match = { kind: 'protocol', protocol };
  const port: Match = { kind: 'l4', protocol, destinationPort: servicePort.port };
  const toExternal = jump(chains.external);
  for (const ip of servicePort.externalIPs) {
    yield {
      matches: [toAddress(ip), anyPort, commentAbout(COMMENTS.externalIP, label), port],
      action: toExternal,
    };
  }
  const toBalanced = firewallOf(servicePort) === undefined ? toExternal : jump(chains.firewall);
  for (const ip of servicePort.loadBalancerIPs) {
    yield {
      matches: [toAddress(ip), anyPort, commentAbout(COMMENTS.loadBalancerIP, label), port],
      action: toBalanced,
    };
  }
}

/** KUBE-NODEPORTS: from node port to the chain of a service port. */
function* nodePortRules({ servicePort, label, protocol, chains }: NamedServicePort): Generator<Rule> {
  if (servicePort.nodePort === 0 || !servicePort.external?.isServed) return;
  yield {
    matches: [
      { kind: 'protocol', protocol },
      commentAbout(COMMENTS.nodePort, label),
      { kind: 'l4', protocol, destinationPort: servicePort.nodePort },
    ],
    action: jump(chains.external),
  };
}

function* nodePortJumps({ family, nodePortAddresses }: NodeState): Generator<Rule> {
  const action = jump(CHAINS.nodePorts.name);
  const note = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
  if (nodePortAddresses.kind === 'addresses') {
    for (const ip of nodePortAddresses.addresses) yield { matches: [toAddress(ip), note], action };
    return;
  }
  const notLoopback: Match = { kind: 'destination', cidr: loopbackCIDR(family), negated: true };
  yield { matches: [...(nodePortAddresses.loopback ? [] : [notLoopback]), note, TO_LOCAL_ADDRESS], action };
}

/**
 * Whether a rule of a chain whose order is free has its place behind all others, since it matches all local addresses,
 * and they match one.
 */
export function isLastOfList({ action }: Rule): boolean {
  return action?.kind === 'jump' && action.chain === CHAINS.nodePorts.name;
}

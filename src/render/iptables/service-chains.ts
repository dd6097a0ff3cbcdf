import type { Chain, Rule } from '../../lang/iptables/ruleset.ts';
import { type ListPart, madeOfEach } from '../../lang/text/in-parts.ts';
import type { AdmittedSources, Delivery, ExternalDelivery, NodeState } from '../../model/node-state.ts';
import { COMMENTS, commentAbout } from '../netfilter/comments.ts';
import { firewallOf } from '../netfilter/conditions.ts';
import { MARK_FOR_MASQUERADE } from '../netfilter/masquerade.ts';
import { FROM_LOCAL_ADDRESS, fromAddress, fromLocalPods, jump } from '../netfilter/matches.ts';
import { poolRules } from './endpoint-chains.ts';
import type { IptablesMemory } from './memory.ts';
import { type NamedServicePort, policyChain } from './names.ts';

/** The names of the nat chains of each service port: external, firewall, one a pool, one an endpoint. */
export function serviceChainNames(
  servicePorts: readonly NamedServicePort[],
  { chainNames }: Pick<IptablesMemory, 'chainNames'>,
): Iterable<ListPart<string>> {
  const part = chainNames({ name: 'service ports', madeFor: '' });
  return madeOfEach(servicePorts, (named) => part(named, namesOf));
}

function* namesOf({ servicePort, chains, endpointChains }: NamedServicePort): Generator<string> {
  if (servicePort.external?.isServed) yield chains.external;
  if (firewallOf(servicePort) !== undefined) yield chains.firewall;
  for (const pool of servicePort.pools) yield policyChain(chains, pool);
  yield* endpointChains;
}

/** Those that lead to the chains of endpoints. */
export function* choiceChains(state: NodeState, named: NamedServicePort): Generator<Chain> {
  yield* entryChains(state, named);
  for (const pool of named.servicePort.pools)
    yield { name: policyChain(named.chains, pool), rules: poolRules(state, named, pool) };
}

/** The chains that traffic from outside the cluster passes before an endpoint is chosen. */
export function* entryChains(state: NodeState, named: NamedServicePort): Generator<Chain> {
  const { servicePort, chains } = named;
  const { external } = servicePort;
  const admitted = firewallOf(servicePort);
  if (external?.isServed) {
    yield { name: chains.external, rules: externalRules(state, named, external) };
  }
  if (admitted !== undefined) yield { name: chains.firewall, rules: firewallRules(named, admitted) };
}

/** KUBE-EXT: masquerades or not, then leaves the choice to a pool's chain. */
function* externalRules(
  state: NodeState,
  named: NamedServicePort,
  external: ExternalDelivery,
): Generator<Rule> {
  const { label, chains } = named;
  if (external.keepsClientIP) {
    yield* shortCircuitRules(state, named, external.fromInside);
  } else {
    yield {
      matches: [commentAbout(COMMENTS.masquerade, label)],
      action: MARK_FOR_MASQUERADE,
    };
  }
  if (external.fromOutside.kind !== 'endpoints') return;
  yield { matches: [], action: jump(policyChain(chains, external.fromOutside.pool)) };
}

/** A Local policy is for clients from outside: pods and processes of this node may use every endpoint. */
function* shortCircuitRules(state: NodeState, named: NamedServicePort, inside: Delivery): Generator<Rule> {
  if (inside.kind !== 'endpoints') return;
  const { label, chains } = named;
  const action = jump(policyChain(chains, inside.pool));
  const ownPods = fromLocalPods(state.localDetector);
  if (ownPods !== undefined) {
    yield { matches: [ownPods, commentAbout(COMMENTS.routePods, label)], action };
  }
  yield {
    matches: [commentAbout(COMMENTS.masqueradeLocal, label), FROM_LOCAL_ADDRESS],
    action: MARK_FOR_MASQUERADE,
  };
  yield {
    matches: [commentAbout(COMMENTS.routeLocal, label), FROM_LOCAL_ADDRESS],
    action,
  };
}

/** KUBE-FW: lets the source ranges through, and the node where they hold it. */
function* firewallRules(
  { label, chains }: NamedServicePort,
  { ranges, ofNode }: AdmittedSources,
): Generator<Rule> {
  const reason = commentAbout(COMMENTS.loadBalancerIP, label);
  const action = jump(chains.external);
  for (const cidr of ranges) yield { matches: [{ kind: 'source', cidr }, reason], action };
  for (const ip of ofNode) yield { matches: [fromAddress(ip), reason], action };
  yield { matches: [commentAbout(COMMENTS.otherTraffic, label)] };
}

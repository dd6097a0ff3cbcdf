import type { Chain } from '../../lang/iptables/ruleset.ts';
import type { NodeState } from '../../model/node-state.ts';
import { firewallOf } from '../netfilter/conditions.ts';
import { poolRules } from './endpoint-chains.ts';
import { externalRules, firewallRules } from './external-chains.ts';
import { type NamedServicePort, policyChain } from './names.ts';

/** The names of the nat chains of service ports: for each external, firewall, one a pool, one an endpoint. */
export function serviceChainNames(servicePorts: readonly NamedServicePort[]): string[] {
  const names: string[] = [];
  for (const { servicePort, chains, endpointChains } of servicePorts) {
    if (servicePort.external?.isServed) names.push(chains.external);
    if (firewallOf(servicePort) !== undefined) names.push(chains.firewall);
    for (const pool of servicePort.pools) names.push(policyChain(chains, pool));
    for (const name of endpointChains) names.push(name);
  }
  return names;
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

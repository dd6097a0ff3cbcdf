import type { Chain } from '../../../lang/iptables/ruleset.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { CHAINS } from '../../netfilter/chains.ts';
import { filterChains } from '../../netfilter/filter-chains.ts';
import { markRules, postroutingRules } from '../../netfilter/masquerade.ts';
import type { OwnChains } from '../../netfilter/restore-form.ts';
import type { IptablesMemory } from '../memory.ts';
import { type NamedServicePort, nameServicePort } from '../names.ts';
import { dispatchChains } from '../nat-chains.ts';
import { entryChains } from '../service-chains.ts';
import { dispatchTree } from './dispatch-tree.ts';
import { acceptHairpin, markHairpin } from './hairpin.ts';
import { poolChains } from './pool-chains.ts';

/**
 * What kube-proxy's layout does, in fewer chains and rules: no chain for an endpoint, one rule for all endpoints that
 * reach themselves, and trees where kube-proxy has lists of destinations.
 */
export function compactTables(state: NodeState, memory: IptablesMemory): readonly OwnChains[] {
  const servicePorts = state.servicePorts.map((servicePort) => {
    const isSticky = servicePort.sessionAffinitySeconds !== undefined;
    return memory.name(servicePort, () =>
      nameServicePort(servicePort, isSticky ? servicePort.reachable : []),
    );
  });
  return [
    ownChains('filter', [...compactFilterChains(state, servicePorts)]),
    ownChains('nat', [...compactNatChains(state, servicePorts, memory)]),
  ];
}

/** Chains make their rules when they are asked to: only the lists of destinations are in memory before. */
function ownChains(table: OwnChains['table'], chains: readonly Chain[]): OwnChains {
  return { table, names: chains.map(({ name }) => name), chains };
}

function* compactFilterChains(state: NodeState, servicePorts: readonly NamedServicePort[]): Generator<Chain> {
  for (const chain of filterChains(state, servicePorts)) {
    if (chain.name === CHAINS.forward.name) yield { ...chain, rules: [...chain.rules, acceptHairpin(state)] };
    else yield* dispatchTree(chain);
  }
}

function* compactNatChains(
  state: NodeState,
  servicePorts: readonly NamedServicePort[],
  memory: IptablesMemory,
): Generator<Chain> {
  yield { name: CHAINS.markForMasquerade.name, rules: markRules(state) };
  yield { name: CHAINS.postrouting.name, rules: [markHairpin(state), ...postroutingRules(state)] };
  for (const chain of dispatchChains(state, servicePorts)) yield* dispatchTree(chain);
  for (const named of servicePorts) {
    yield* memory.chains(state, { of: named, kind: 'choice' }, () => choiceChains(state, named));
  }
}

function* choiceChains(state: NodeState, named: NamedServicePort): Generator<Chain> {
  yield* entryChains(state, named);
  for (const pool of named.servicePort.pools) yield* poolChains(state, named, pool);
}

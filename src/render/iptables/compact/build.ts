import type { Chain } from '../../../lang/iptables/ruleset.ts';
import { inParts, type ListPart, madeOfEach } from '../../../lang/text/in-parts.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { CHAINS } from '../../netfilter/chains.ts';
import { filterChains } from '../../netfilter/filter-chains.ts';
import { markRules, postroutingRules } from '../../netfilter/masquerade.ts';
import type { OwnChains } from '../../netfilter/restore-form.ts';
import { clientsTold } from '../../rule-memory.ts';
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
  const servicePorts = memory.name(state.servicePorts, (alike) =>
    nameServicePort(alike, alike.sessionAffinitySeconds === undefined ? [] : alike.reachable),
  );
  return [
    ownChains('filter', compactFilterParts(state, servicePorts, memory), memory),
    ownChains('nat', compactNatParts(state, servicePorts, memory), memory),
  ];
}

type Chains = ListPart<Chain>;

/** Chains make their rules when they are asked to: only the lists of destinations are in memory before. */
function ownChains(
  table: OwnChains['table'],
  parts: readonly Chains[],
  { chainNames }: IptablesMemory,
): OwnChains {
  const names = chainNames({ name: table, madeFor: '' });
  const namesOf = ({ items }: Chains) => items.map(({ name }) => name);
  return {
    table,
    names: inParts(madeOfEach(parts, (chains) => names(chains, namesOf))),
    chains: inParts(parts),
  };
}

function compactFilterParts(
  state: NodeState,
  servicePorts: readonly NamedServicePort[],
  { rules }: IptablesMemory,
): readonly Chains[] {
  return Array.from(filterChains(state, servicePorts, rules), (chain) =>
    chain.name === CHAINS.forward.name
      ? { items: [{ ...chain, rules: [...chain.rules, acceptHairpin(state)] }] }
      : { items: dispatchTree(chain) },
  );
}

function compactNatParts(
  state: NodeState,
  servicePorts: readonly NamedServicePort[],
  { rules, chains }: IptablesMemory,
): readonly Chains[] {
  const choice = chains({ name: 'choice', madeFor: `${state.isLargeCluster} ${clientsTold(state)}` });
  return [
    { items: [{ name: CHAINS.markForMasquerade.name, rules: markRules(state) }] },
    { items: [{ name: CHAINS.postrouting.name, rules: [markHairpin(state), ...postroutingRules(state)] }] },
    ...Array.from(dispatchChains(state, servicePorts, rules), (chain) => ({ items: dispatchTree(chain) })),
    ...servicePorts.map((named) => choice(named, () => choiceChains(state, named))),
  ];
}

function* choiceChains(state: NodeState, named: NamedServicePort): Generator<Chain> {
  yield* entryChains(state, named);
  for (const pool of named.servicePort.pools) yield* poolChains(state, named, pool);
}

import type { Chain, Rule } from '../../lang/iptables/ruleset.ts';
import { createRuleMemory, type PartKeeper, type PortKnower } from '../rule-memory.ts';
import type { NamedServicePort } from './names.ts';

/** What is kept of one node's rules for the next nodes, for one layout. */
export interface IptablesMemory {
  readonly name: PortKnower<NamedServicePort>;
  readonly rules: PartKeeper<Rule>;
  readonly chains: PartKeeper<Chain>;
  readonly chainNames: PartKeeper<string>;
}

/** By default for one node alone. */
export function iptablesMemory({ knower, keeper } = createRuleMemory()): IptablesMemory {
  return { name: knower(), rules: keeper(), chains: keeper(), chainNames: keeper() };
}

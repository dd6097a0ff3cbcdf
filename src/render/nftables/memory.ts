import type { NftChain } from '../../lang/nftables/ruleset.ts';
import { createRuleMemory, noMemory, type RuleMemory } from '../../lang/text/rule-memory.ts';
import type { NamedServicePort } from './names.ts';

/** What is kept of one node's rules for the next nodes. */
export type NftablesMemory = RuleMemory<NamedServicePort, NftChain>;

/** For one node. */
export const NO_MEMORY: NftablesMemory = noMemory();

export function createNftablesMemory(): NftablesMemory {
  return createRuleMemory<NamedServicePort, NftChain>(() => ({ name: '', rules: [] }));
}

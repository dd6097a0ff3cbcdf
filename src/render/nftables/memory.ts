import type { NftChain } from '../../lang/nftables/ruleset.ts';
import { createRuleMemory, noMemory, type RuleMemory } from '../../lang/text/rule-memory.ts';
import type { NamedNftPort } from './names.ts';

/** What is kept of one node's rules for the next nodes. */
export type NftablesMemory = RuleMemory<NamedNftPort, NftChain>;

/** For one node. */
export const NO_NFT_MEMORY: NftablesMemory = noMemory();

export function createNftablesMemory(): NftablesMemory {
  return createRuleMemory<NamedNftPort, NftChain>(() => ({ name: '', rules: [] }));
}

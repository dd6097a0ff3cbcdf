import type { Chain } from '../../lang/iptables/ruleset.ts';
import { createRuleMemory, noMemory, type RuleMemory } from '../../lang/text/rule-memory.ts';
import type { NamedServicePort } from './names.ts';

/** What is kept of one node's rules for the next nodes. */
export type IptablesMemory = RuleMemory<NamedServicePort, Chain>;

/** For one node. */
export const NO_MEMORY: IptablesMemory = noMemory();

export function createIptablesMemory(): IptablesMemory {
  return createRuleMemory<NamedServicePort, Chain>(() => ({ name: '', rules: [] }));
}

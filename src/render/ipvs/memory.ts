import type { IPSetEntry, VirtualServer } from '../../lang/ipvs/ruleset.ts';
import type { ServicePort } from '../../model/node-state.ts';
import { createRuleMemory, type PartKeeper, type PortKnower } from '../rule-memory.ts';

/** What is kept of what one node has for the next nodes. */
export interface IPVSMemory {
  readonly alike: PortKnower<ServicePort>;
  readonly addresses: PartKeeper<string>;
  readonly entries: PartKeeper<IPSetEntry>;
  readonly servers: PartKeeper<VirtualServer>;
}

/** By default for one node alone. */
export function ipvsMemory({ knower, keeper } = createRuleMemory()): IPVSMemory {
  return { alike: knower(), addresses: keeper(), entries: keeper(), servers: keeper() };
}

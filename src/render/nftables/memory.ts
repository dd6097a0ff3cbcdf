import type {
  NftAddressElement,
  NftDestinationElement,
  NftElement,
  NftVerdictElement,
} from '../../lang/nftables/elements/element.ts';
import type { NftChain } from '../../lang/nftables/ruleset.ts';
import { createRuleMemory, type PartKeeper, type PortKnower } from '../rule-memory.ts';
import type { PlainPort, PlannedPort, SpecialPort } from './compact/plan.ts';
import type { NamedNftPort } from './names.ts';

/** What is kept of one node's rules for the next nodes, for one layout. */
export interface NftablesMemory {
  /** In kube-proxy's layout. */
  readonly name: PortKnower<NamedNftPort>;
  /** In ours. */
  readonly plan: PortKnower<PlannedPort>;
  readonly ports: PartKeeper<PlainPort | SpecialPort>;
  readonly chains: PartKeeper<NftChain>;
  /** Of sets. */
  readonly keys: PartKeeper<NftElement>;
  /** Of maps. */
  readonly verdicts: PartKeeper<NftVerdictElement>;
  readonly addresses: PartKeeper<NftAddressElement>;
  readonly destinations: PartKeeper<NftDestinationElement>;
}

/** By default for one node alone. */
export function nftablesMemory({ knower, keeper } = createRuleMemory()): NftablesMemory {
  return {
    name: knower(),
    plan: knower(),
    ports: keeper(),
    chains: keeper(),
    keys: keeper(),
    verdicts: keeper(),
    addresses: keeper(),
    destinations: keeper(),
  };
}

import type { NftHook } from '../../lang/nftables/hook.ts';
import type { NftChain, NftRule } from '../../lang/nftables/ruleset.ts';

/** Where the kernel translates destinations, and sources. */
const DESTINATIONS = -100;
const SOURCES = 100;

/** kube-proxy's base chains. Those of type filter see destinations as they came, but for the one after translation. */
const HOOKS = {
  'filter-prerouting': { type: 'filter', at: 'prerouting', priority: DESTINATIONS - 10 },
  'filter-input': { type: 'filter', at: 'input', priority: DESTINATIONS - 10 },
  'filter-forward': { type: 'filter', at: 'forward', priority: DESTINATIONS - 10 },
  'filter-output': { type: 'filter', at: 'output', priority: DESTINATIONS - 10 },
  'filter-output-post-dnat': { type: 'filter', at: 'output', priority: DESTINATIONS + 10 },
  'nat-prerouting': { type: 'nat', at: 'prerouting', priority: DESTINATIONS },
  'nat-output': { type: 'nat', at: 'output', priority: DESTINATIONS },
  'nat-postrouting': { type: 'nat', at: 'postrouting', priority: SOURCES },
} as const satisfies Record<string, NftHook>;

export type BaseChainName = keyof typeof HOOKS;

export const BASE_CHAIN_NAMES: readonly string[] = Object.keys(HOOKS);

export function baseChain(name: BaseChainName, rules: readonly NftRule[]): NftChain {
  return { name, hook: HOOKS[name], rules };
}

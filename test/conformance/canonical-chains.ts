import { isBuiltIn, type SavedChains } from '../support/kernel/saved-rules.ts';

/** kube-proxy fills these while it walks a Go map of Services: its own order differs from sync to sync. */
const UNORDERED_CHAINS = new Set([
  'filter KUBE-SERVICES',
  'filter KUBE-EXTERNAL-SERVICES',
  'filter KUBE-NODEPORTS',
  'filter KUBE-PROXY-FIREWALL',
  'nat KUBE-SERVICES',
  'nat KUBE-NODEPORTS',
]);

/** Where these stand decides: they match every local address, so they come behind all others. */
const NODE_PORTS_JUMP = / -j KUBE-NODEPORTS$/;

/**
 * Brings rules into the form in which kube-proxy's and ours are equal when they treat every packet alike: chains by
 * name, rules sorted where their order is free.
 */
export function canonicalChains(chains: SavedChains): Record<string, readonly string[]> {
  const sorted = [...chains].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([chain, rules]) => [chain, canonicalOrder(chain, rules)]));
}

function canonicalOrder(chain: string, rules: readonly string[]): readonly string[] {
  if (isBuiltIn(chain)) return rules.toSorted();
  if (!UNORDERED_CHAINS.has(chain)) return rules;
  const lastOther = rules.findLastIndex((rule) => !NODE_PORTS_JUMP.test(rule));
  return [
    ...rules
      .slice(0, lastOther + 1)
      .map(markEarlyJump)
      .sort(),
    ...rules.slice(lastOther + 1).sort(),
  ];
}

function markEarlyJump(rule: string): string {
  return NODE_PORTS_JUMP.test(rule) ? `${rule} (not last)` : rule;
}

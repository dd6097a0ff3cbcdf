import type { Rule } from '../../lang/iptables/ruleset.ts';

/**
 * Chains that have a rule or some for each Service: no packet matches those of two, so any order does. kube-proxy fills
 * them while it walks a Go map, in another order each time.
 */
const LISTS: ReadonlySet<string> = new Set([
  'filter KUBE-EXTERNAL-SERVICES',
  'filter KUBE-NODEPORTS',
  'filter KUBE-PROXY-FIREWALL',
  'filter KUBE-SERVICES',
  'nat KUBE-NODEPORTS',
  'nat KUBE-SERVICES',
]);

/** Whether any order of a chain's rules does, in kube-proxy's layout. */
export function isList(table: string, chain: string): boolean {
  return LISTS.has(`${table} ${chain}`);
}

/** The one exception: what matches all local addresses comes behind what matches one. */
export function isLastOfList({ action }: Rule): boolean {
  return action?.kind === 'jump' && action.chain === 'KUBE-NODEPORTS';
}

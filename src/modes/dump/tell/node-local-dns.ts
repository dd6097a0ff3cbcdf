import type { SavedTable } from '../../../lang/iptables/ruleset.ts';

/** The comment of the rules that keep what goes to a cache away from kube-proxy's (kubernetes/dns, cmd/node-cache). */
const COMMENT = /^NodeLocal DNS Cache\b/;

/**
 * Addresses of the NodeLocal DNSCache: the clusterIP of the cluster's DNS is one of them. It puts them on a device of the node, so
 * that they are the node's own, and its rules name them.
 */
export function nodeLocalDNS(
  tables: readonly SavedTable[],
): readonly { readonly ip: string; readonly line: number }[] {
  const found = new Map<string, number>();
  for (const { name, chains } of tables) {
    if (name !== 'raw') continue;
    for (const { matches, line } of chains.get('PREROUTING')?.rules ?? []) {
      if (!matches.some((match) => match.kind === 'comment' && COMMENT.test(match.text))) continue;
      for (const match of matches)
        if (match.kind === 'destination' && match.negated !== true)
          found.set(match.cidr.replace(/\/(?:32|128)$/, ''), line);
    }
  }
  return Array.from(found, ([ip, line]) => ({ ip, line }));
}

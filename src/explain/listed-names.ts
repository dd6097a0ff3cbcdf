import type { ListedTable } from '../lang/nftables/ruleset.ts';
import { l4Protocol } from '../lang/packet/l4-protocol.ts';
import type { SavedName } from './saved-names.ts';

/** `service-3NEXC4QR-default/web/tcp/http`: chains for internal traffic have the names of their Services. */
const INTERNAL = /^(?:service|local)-[A-Z2-7]{8}-([^/]+\/[^/]+)\/[a-z]+\/(.*)$/;

/** What elements without endpoints are about, by their comments: `default/web:http`. */
const LABEL = /^([^ :]+)(?::([^ ]+))?$/;

/**
 * The addresses and ports of a Service in the rules of a node, as far as names of chains or comments tell. Of what is
 * refused, clusterIPs come before external addresses, and only the first one of a port counts.
 */
export function findListedNames({ sets }: ListedTable, label: string): readonly SavedName[] {
  const found = new Map<string, SavedName>();
  for (const { contents } of sets.values()) {
    if (contents?.values !== 'verdict') continue;
    for (const { key, comment, verdict } of contents.elements) {
      const named = 'chain' in verdict ? INTERNAL.exec(verdict.chain) : null;
      const [, name, portName = ''] = named ?? LABEL.exec(comment ?? '') ?? [];
      const [destination, word, port] = key;
      const protocol = l4Protocol(`${word}`);
      if (name !== label || protocol === undefined) continue;
      if (typeof destination !== 'string' || typeof port !== 'number' || found.has(portName)) continue;
      found.set(portName, { portName, destination, port, protocol });
    }
  }
  return [...found.values()];
}

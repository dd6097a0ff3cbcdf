import type { Rule, SavedTable } from '../lang/iptables/ruleset.ts';
import type { Destination } from './find-target.ts';

/** A port of a Service as the comments of rules tell of it. */
export interface SavedName extends Destination {
  /** The name of the port; "": it has none. */
  readonly portName: string;
}

/** How kube-proxy and svcgen comment rules about clusterIPs. */
const SERVED = /^([^ :]+)(?::([^ ]+))? cluster IP$/;

/** The same of those that are refused, in KUBE-SERVICES: elsewhere it is about external addresses. */
const REFUSED = /^([^ :]+)(?::([^ ]+))? has no (?:local )?endpoints$/;

/** The clusterIPs and ports of a Service in the rules of a node, as far as they are rules of iptables mode. */
export function findSavedNames(tables: readonly SavedTable[], label: string): readonly SavedName[] {
  const found = new Map<string, SavedName>();
  for (const { name, chains } of tables) {
    if (name !== 'nat' && name !== 'filter') continue;
    for (const { name: chain, rules } of chains.values()) {
      const comment = name === 'filter' && chain === 'KUBE-SERVICES' ? REFUSED : SERVED;
      for (const rule of rules) {
        const saved = savedName(rule, label, comment);
        if (saved !== undefined && !found.has(saved.portName)) found.set(saved.portName, saved);
      }
    }
  }
  return [...found.values()];
}

function savedName({ matches }: Rule, label: string, comment: RegExp): SavedName | undefined {
  let saved: Partial<SavedName> = {};
  for (const match of matches) {
    if (match.kind === 'comment') {
      const [, name, portName = ''] = comment.exec(match.text) ?? [];
      if (name !== label) return undefined;
      saved = { ...saved, portName };
    } else if (match.kind === 'destination') {
      saved = { ...saved, destination: match.cidr.replace(/\/(?:32|128)$/, '') };
    } else if (match.kind === 'l4' && match.destinationPort !== undefined) {
      saved = { ...saved, port: match.destinationPort, protocol: match.protocol };
    }
  }
  const { portName, destination, port, protocol } = saved;
  if (portName === undefined || destination === undefined || port === undefined || protocol === undefined)
    return undefined;
  return { portName, destination, port, protocol };
}

import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Rule, SavedTable } from '../../lang/iptables/ruleset.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';
import { type CommentId, labelIn } from '../../render/netfilter/comments.ts';
import type { DumpedName } from './dumped-names.ts';
import type { TargetAddress } from './targets.ts';

/** The comments of rules about clusterIPs. */
const SERVED = ['clusterIP'] as const;

/** The same of those that are refused, in one chain: elsewhere it is about external addresses. */
export const REFUSED = ['noEndpoints', 'noLocalEndpoints'] as const;

/** The clusterIPs and ports of a Service in the rules of a node, as far as they are rules of iptables mode. */
export function findSavedNames(tables: readonly SavedTable[], label: string): readonly DumpedName[] {
  const found = new Map<string, DumpedName>();
  for (const { name, chains } of tables) {
    if (name !== 'nat' && name !== 'filter') continue;
    for (const rule of chains.rulesWith(label)) {
      const comments = name === 'filter' && rule.chain === CHAINS.services.name ? REFUSED : SERVED;
      const saved = savedName(rule, label, comments);
      if (saved !== undefined && !found.has(saved.portName)) found.set(saved.portName, saved);
    }
  }
  return [...found.values()];
}

/** The Services that rules of a node name in comments of iptables mode: `default/web`. */
export function* savedLabels(tables: readonly SavedTable[]): Generator<string> {
  for (const { chains } of tables) {
    for (const { matches } of chains.get(CHAINS.services.name)?.rules ?? []) {
      const { comment = '' } = askedOf(matches);
      const label = readComments([...SERVED, ...REFUSED], comment)?.split(':')[0];
      if (label !== undefined) yield label;
    }
  }
}

function savedName({ matches }: Rule, label: string, comments: readonly CommentId[]): DumpedName | undefined {
  const { ip: destination, port, protocol, comment } = askedOf(matches);
  const [name, portName = ''] = (comment && readComments(comments, comment)?.split(':')) || [];
  if (name !== label || destination === undefined || port === undefined || protocol === undefined)
    return undefined;
  return { portName, destination, port, protocol };
}

/** The one address, and the one port, that a rule asks for, as far as it does, and what is written beside it. */
export function askedOf(matches: readonly Match[]): Partial<AskedAddress> {
  let asked: Partial<AskedAddress> = {};
  for (const match of matches) {
    if (match.kind === 'comment') asked = { ...asked, comment: match.text };
    else if (match.kind === 'destination') asked = { ...asked, ip: match.cidr.replace(/\/(?:32|128)$/, '') };
    else if (match.kind === 'l4' && match.destinationPort !== undefined)
      asked = { ...asked, port: match.destinationPort, protocol: match.protocol };
  }
  return asked;
}

interface AskedAddress extends Pick<TargetAddress, 'port' | 'protocol'> {
  readonly ip: string;
  readonly comment: string;
}

/** Whom a comment of one of these kinds is about. */
export function readComments(ids: readonly CommentId[], text: string): string | undefined {
  for (const id of ids) {
    const label = labelIn(id, text);
    if (label !== undefined) return label;
  }
  return undefined;
}

/** The clusterIPs of Services in iptables mode. */
export function* clusterIPsOf(tables: readonly SavedTable[]): Generator<string> {
  for (const { chains } of tables) {
    for (const { matches } of chains.get(CHAINS.services.name)?.rules ?? []) {
      const { ip, comment = '' } = askedOf(matches);
      if (ip !== undefined && readComments([...SERVED, ...REFUSED], comment) !== undefined) yield ip;
    }
  }
}

import type { NftMatch } from '../../../lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { NftRule } from '../../../lang/nftables/ruleset.ts';
import type { NodeState, ServicePort } from '../../../model/node-state.ts';
import { masqueradeMark } from '../../netfilter/masquerade.ts';
import { fromForeigners, jumpTo, NFT_RETURN, named, rule } from '../expressions.ts';
import { NFT_CHAINS, NFT_SETS } from '../vocabulary.ts';

/** How kube-proxy marks what it masquerades, and masquerades what is marked: by a chain up to 1.35, then by each rule. */

/** Marks the packet. */
export function marking(state: NodeState): NftStatement {
  return state.proxy.nftables.marksBy === 'chain' ? jumpTo(NFT_CHAINS.mark) : setMark(state);
}

/** The rule of the chain that marks, where there is one. */
export function ownMark(state: NodeState): NftRule[] {
  return state.proxy.nftables.marksBy === 'chain' ? [rule([], [setMark(state)])] : [];
}

function setMark(state: NodeState): NftStatement {
  return { kind: 'set-mark', operator: 'or', value: masqueradeMark(state) };
}

/** Marks all that comes from outside to a port that is reached from there. */
export function markExternal(state: NodeState): NftRule {
  const { marksBy } = state.proxy.nftables;
  return marksBy === 'chain' ? rule([], [marking(state)]) : rule([], [marking(state)], 'masquerade');
}

/** Where each Service has a rule of its own: marks who is no pod of this node on the way to the clusterIP. */
export function masqueradeInternal(
  state: NodeState,
  { clusterIP, port }: ServicePort,
  protocol: 'tcp' | 'udp' | 'sctp',
): NftRule[] {
  const { masqueradeBy } = state.proxy.nftables;
  const foreign = foreigners(state);
  if (foreign === undefined || masqueradeBy === 'cluster-ips') return [];
  const toClusterIP: NftMatch = { kind: 'address', field: 'daddr', cidr: clusterIP };
  const toPort: readonly NftMatch[] =
    masqueradeBy === 'address-and-port' ? [{ kind: 'dport', protocol, port }] : [];
  return [rule([toClusterIP, ...toPort, ...foreign], [marking(state)])];
}

const COMMENTS = {
  all: 'masquerade all clusterIP traffic',
  foreign: 'masquerade clusterIP traffic from outside cluster',
} as const;

/** The same for all clusterIPs at once, where that is how it is done. */
export function masqueradeClusterIPs(state: NodeState): NftRule[] {
  const { masqueraded, proxy } = state;
  const foreign = foreigners(state);
  if (foreign === undefined || masqueraded.kind === 'none' || proxy.nftables.masqueradeBy !== 'cluster-ips') {
    return [];
  }
  const { name, fields } = NFT_SETS.clusterIPs;
  const toClusterIP: NftMatch = { kind: 'in-set', fields, set: named(name) };
  return [rule([toClusterIP, ...foreign], [marking(state)], COMMENTS[masqueraded.kind])];
}

function foreigners({ masqueraded, proxy }: NodeState): readonly NftMatch[] | undefined {
  return fromForeigners(masqueraded, proxy.nftables.interfaceMatch);
}

const MASQUERADE: NftStatement = { kind: 'masquerade', randomFully: true };

/** The mark goes before the source is rewritten, so that a packet that passes here again is not masqueraded twice. */
export function masqueradingRules(state: NodeState): NftRule[] {
  const { marksBy, hairpinBy } = state.proxy.nftables;
  const value = masqueradeMark(state);
  const unmark: NftStatement = { kind: 'set-mark', operator: 'xor', value };
  const marked =
    marksBy === 'chain'
      ? [
          rule([{ kind: 'mark', mask: value, value: 0 }], [NFT_RETURN]),
          rule([], [unmark]),
          rule([], [MASQUERADE]),
        ]
      : [rule([{ kind: 'mark', mask: value, value: 0, negated: true }], [unmark, MASQUERADE])];
  if (hairpinBy === 'endpoint-chain') return marked;
  const { name, fields } = NFT_SETS.hairpinConnections;
  return [
    ...marked,
    rule([{ kind: 'ct-status-dnat' }, { kind: 'in-set', fields, set: named(name) }], [MASQUERADE]),
  ];
}

import type { NftElement } from '../../../lang/nftables/elements/element.ts';
import type { NftMatch } from '../../../lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../../lang/nftables/expressions/statement.ts';
import type { NftChain, NftRule, NftSet } from '../../../lang/nftables/ruleset.ts';
import { inParts, madeOfEach } from '../../../lang/text/in-parts.ts';
import type { Endpoint, NodeState } from '../../../model/node-state.ts';
import { masqueradeMark } from '../../netfilter/masquerade.ts';
import { loopbackCIDR } from '../../netfilter/matches.ts';
import type { PartKeeper } from '../../rule-memory.ts';
import { baseChain } from '../base-chains.ts';
import {
  jumpTo,
  mapVerdict,
  NFT_DROP,
  NFT_RETURN,
  named,
  notLoopback,
  OF_NEW_CONNECTION,
  rule,
  TO_THIS_HOST,
} from '../expressions.ts';
import { firstOfEach } from '../map-elements.ts';
import { type ChainRow, type MapRow, NFT_CHAINS, NFT_MAPS, NFT_SETS } from '../vocabulary.ts';

/** Names of the maps that the table has: those without elements are left out. */
export type PresentMaps = ReadonlySet<string>;

/** Base chains, as far as they have rules, and the chains that they jump to. */
export function* compactHookChains(state: NodeState, present: PresentMaps): Generator<NftChain> {
  const toServices = [rule([], [jumpTo(NFT_CHAINS.services)])];
  const firewall = asking(NFT_MAPS.firewallIPs, [OF_NEW_CONNECTION], present);
  const refuse = asking(NFT_MAPS.noEndpointServices, [OF_NEW_CONNECTION], present);
  const refuseNodePorts = askingNodePorts(NFT_MAPS.noEndpointNodePorts, [OF_NEW_CONNECTION], state, present);
  const localnet = localnetMatch(state);
  const guard = localnet === undefined ? [] : [rule(localnet, [jumpTo(NFT_CHAINS.localnetCheck)])];
  yield* nonEmpty(NFT_CHAINS.filterPrerouting, firewall);
  yield* nonEmpty(NFT_CHAINS.filterInput, [...guard, ...refuseNodePorts, ...refuse]);
  yield* nonEmpty(NFT_CHAINS.filterForward, [...(state.dropInvalid ? [dropInvalid()] : []), ...refuse]);
  yield* nonEmpty(NFT_CHAINS.filterOutput, firewall);
  yield* nonEmpty(NFT_CHAINS.filterOutputPostDNAT, [...guard, ...refuse]);
  yield baseChain(NFT_CHAINS.natPrerouting, 'compact', toServices);
  yield baseChain(NFT_CHAINS.natOutput, 'compact', toServices);
  yield baseChain(NFT_CHAINS.natPostrouting, 'compact', masqueradeRules(state));
  const dispatch = [
    ...asking(NFT_MAPS.serviceIPs, [], present),
    ...askingNodePorts(NFT_MAPS.serviceNodePorts, [], state, present),
  ];
  yield { name: NFT_CHAINS.services.name, rules: dispatch };
  if (localnet !== undefined) yield { name: NFT_CHAINS.localnetCheck.name, rules: localnetRules() };
  if (present.has(NFT_MAPS.noEndpointServices.name) || present.has(NFT_MAPS.noEndpointNodePorts.name)) {
    yield { name: NFT_CHAINS.reject.name, rules: [rule([], [{ kind: 'reject' }])] };
  }
}

function* nonEmpty(chain: ChainRow, rules: readonly NftRule[]): Generator<NftChain> {
  if (rules.length > 0) yield baseChain(chain, 'compact', rules);
}

/** A rule that looks into a map, if the table has it. */
function asking(map: MapRow, matches: readonly NftMatch[], present: PresentMaps): NftRule[] {
  return present.has(map.name) ? [rule(matches, [mapVerdict(map)])] : [];
}

function dropInvalid(): NftRule {
  return rule([{ kind: 'ct-state', states: ['INVALID'] }], [NFT_DROP]);
}

/** The same for nodePorts, where they answer. */
function askingNodePorts(
  map: MapRow,
  matches: readonly NftMatch[],
  state: NodeState,
  present: PresentMaps,
): NftRule[] {
  const nodePorts = nodePortMatch(state);
  return nodePorts === undefined ? [] : asking(map, [...matches, ...nodePorts], present);
}

/** Where NodePorts answer; undefined: nowhere. */
function nodePortMatch({ nodePortAddresses, family }: NodeState): NftMatch[] | undefined {
  if (nodePortAddresses.kind === 'local') {
    return nodePortAddresses.loopback ? [TO_THIS_HOST] : [TO_THIS_HOST, notLoopback(family)];
  }
  const elements = nodePortAddresses.addresses.map((ip) => ({ key: [ip] }));
  if (elements.length === 0) return undefined;
  return [{ kind: 'in-set', fields: ['daddr'], set: { kind: 'anonymous', elements } }];
}

/**
 * Localhost NodePorts need `route_localnet`, which would let neighbours in to whatever listens on 127.0.0.1
 * (CVE-2020-8558): what comes for it from elsewhere.
 */
function localnetMatch({ family, localhostNodePorts }: NodeState): NftMatch[] | undefined {
  if (!localhostNodePorts) return undefined;
  const cidr = loopbackCIDR(family);
  return [
    { kind: 'address', field: 'saddr', cidr, negated: true },
    { kind: 'address', field: 'daddr', cidr },
  ];
}

function localnetRules(): NftRule[] {
  return [
    rule([{ kind: 'ct-state', states: ['ESTABLISHED', 'RELATED'] }], [NFT_RETURN]),
    rule([{ kind: 'ct-status-dnat' }], [NFT_RETURN]),
    rule([], [NFT_DROP]),
  ];
}

const MASQUERADE: NftStatement = { kind: 'masquerade', randomFully: true };

/** The packet's connection is masqueraded when it leaves. */
export function markForMasquerade(state: NodeState): NftStatement {
  return { kind: 'set-mark', operator: 'or', value: masqueradeMark(state) };
}

/**
 * Each address of an endpoint that may reach itself twice, as source and destination: where kube-proxy of the version keeps
 * such a set itself, this node's, or, where nobody said which node it is, all. Older ones look for every endpoint, and so
 * for those whose node nobody knows.
 */
export function hairpinSet(
  { servicePorts, nodeName, proxy }: NodeState,
  keeper: PartKeeper<NftElement>,
): NftSet {
  const { name, fields } = NFT_SETS.hairpin;
  const isOfNode = proxy.nftables.hairpinBy === 'set' && nodeName !== undefined;
  const part = keeper({ name, madeFor: `${isOfNode}` });
  const hairpins = madeOfEach(servicePorts, (servicePort) =>
    part(servicePort, ({ reachable }) => hairpinsOf(reachable, isOfNode)),
  );
  // Services often share endpoints, and nft refuses an element that is there.
  return { name, fields, elements: inParts(firstOfEach(hairpins, ({ key: [ip] }) => `${ip}`)) };
}

function hairpinsOf(endpoints: readonly Endpoint[], isOfNode: boolean): readonly NftElement[] {
  return endpoints.filter(({ isLocal }) => isLocal || !isOfNode).map(({ ip }) => ({ key: [ip, ip] }));
}

/**
 * Masquerades what is marked, and pods that reach themselves. The mark goes first, so that a packet that passes here
 * again (through an overlay network, say) is not masqueraded twice.
 */
function masqueradeRules(state: NodeState): readonly NftRule[] {
  const value = masqueradeMark(state);
  const { name, fields } = NFT_SETS.hairpin;
  return [
    rule(
      [{ kind: 'mark', mask: value, value: 0, negated: true }],
      [{ kind: 'set-mark', operator: 'xor', value }, MASQUERADE],
    ),
    rule([{ kind: 'ct-status-dnat' }, { kind: 'in-set', fields, set: named(name) }], [MASQUERADE]),
  ];
}

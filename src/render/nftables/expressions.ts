import type { NftElement, NftReference } from '../../lang/nftables/elements/element.ts';
import type { NftMatch } from '../../lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../lang/nftables/expressions/statement.ts';
import type { NftVerdict } from '../../lang/nftables/expressions/verdict.ts';
import type { NftRule } from '../../lang/nftables/ruleset.ts';
import type { L4Protocol } from '../../lang/packet/l4-protocol.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { NftablesFacts } from '../../model/kubernetes-version.ts';
import type { LocalDetector, MasqueradedClients, PodDetector } from '../../model/node-state.ts';
import { loopbackCIDR } from '../netfilter/matches.ts';
import type { ChainRow, MapRow } from './vocabulary.ts';

/** Short forms for the parts of rules that builders repeat. */

export const NFT_DROP: NftVerdict = { kind: 'drop' };
export const NFT_RETURN: NftVerdict = { kind: 'return' };

export const OF_NEW_CONNECTION: NftMatch = { kind: 'ct-state', states: ['NEW'] };
export const TO_THIS_HOST: NftMatch = { kind: 'local-address', field: 'daddr' };
export const FROM_THIS_HOST: NftMatch = { kind: 'local-address', field: 'saddr' };

export function jumpTo({ name: chain }: ChainRow): NftVerdict {
  return { kind: 'jump', chain };
}

export function goTo(chain: string): NftVerdict {
  return { kind: 'goto', chain };
}

export function rule(
  matches: readonly NftMatch[],
  statements: readonly NftStatement[],
  comment?: string,
): NftRule {
  return comment === undefined ? { matches, statements } : { matches, statements, comment };
}

export function ofProtocol(protocol: L4Protocol): NftMatch {
  return { kind: 'l4proto', protocol };
}

export function named<Element extends NftElement>(name: string): NftReference<Element> {
  return { kind: 'named', name };
}

/** The verdict of a map for the packet. */
export function mapVerdict({ name, key }: MapRow): NftStatement {
  return { kind: 'vmap', key, map: named(name) };
}

/** The source address is none of these: addresses and CIDRs. */
export function notFrom(sources: readonly string[]): NftMatch {
  const elements = sources.map((source) => ({ key: [source] }));
  return { kind: 'in-set', fields: ['saddr'], set: { kind: 'anonymous', elements }, negated: true };
}

type InterfaceMatch = NftablesFacts['interfaceMatch'];

/** `IfLocalNFT` of kube-proxy's local detectors; undefined when local traffic can't be told. */
export function fromOwnPods(detector: LocalDetector, by: InterfaceMatch): NftMatch | undefined {
  return detector.kind === 'none' ? undefined : fromPods(detector, { by, negated: false });
}

function fromPods(
  detector: PodDetector,
  { by, negated }: { readonly by: InterfaceMatch; readonly negated: boolean },
): NftMatch {
  switch (detector.kind) {
    case 'cidr':
      return { kind: 'address', field: 'saddr', cidr: detector.cidr, negated };
    case 'interface': {
      const byIndex = by === 'iif' ? ({ byIndex: true } as const) : {};
      return { kind: 'in-interface', name: detector.name, negated, ...byIndex };
    }
    // By index there are no prefixes: nft refuses them.
    case 'interface-prefix':
      return { kind: 'in-interface', name: `${detector.prefix}*`, negated };
  }
}

/** Who is masqueraded on the way to a clusterIP; undefined: nobody. */
export function fromForeigners(
  masqueraded: MasqueradedClients,
  by: InterfaceMatch,
): readonly NftMatch[] | undefined {
  switch (masqueraded.kind) {
    case 'all':
      return [];
    case 'foreign':
      return [fromPods(masqueraded.detector, { by, negated: true })];
    case 'none':
      return undefined;
  }
}

export function notLoopback(family: IPFamily): NftMatch {
  return { kind: 'address', field: 'daddr', cidr: loopbackCIDR(family), negated: true };
}

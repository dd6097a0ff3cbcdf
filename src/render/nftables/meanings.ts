import type { NftMatch } from '../../lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../lang/nftables/expressions/statement.ts';
import type { NftRule } from '../../lang/nftables/ruleset.ts';
import type { Branch } from '../../lang/packet/rules.ts';
import { chainNamed, serviceNamed } from './known-names.ts';
import { type ChainRow, type MapRow, NFT_CHAINS, NFT_MAPS, NFT_SETS } from './vocabulary.ts';

/** What is known of a rule that a packet met, and of what came of it. */
interface MetRule extends NftRule {
  readonly chain: ChainRow | undefined;
  readonly branch: Branch;
  /** Name of the chain that the packet goes to. */
  readonly next: string | undefined;
}

/** A kind of rule of ours or kube-proxy's, and what it is for. */
interface NftMeaning {
  /** The chains that have such rules; undefined: any. */
  readonly in?: readonly ChainRow[];
  readonly when?: (met: MetRule) => boolean;
  readonly words: string | ((met: MetRule) => string);
}

const { mark, masquerading, natPostrouting, services, reject, localhostReject } = NFT_CHAINS;
const { service, local, external, firewall, endpoint } = NFT_CHAINS;

/** Rules of nftables mode, in every layout. The first that fits counts. */
const MEANINGS: readonly NftMeaning[] = [
  {
    in: [endpoint],
    when: (met) => marks(met) && asksAbout(met, (match) => isSource(match) && !isNegated(match)),
    words: 'the endpoint reaches itself (hairpin)',
  },
  {
    in: [natPostrouting, masquerading],
    when: (met) => asksAbout(met, isHairpin),
    words: 'the endpoint reaches itself (hairpin)',
  },
  {
    in: [external],
    when: (met) => marks(met) && asksAbout(met, isFromThisHost),
    words: 'the node itself sent it',
  },
  {
    in: [external],
    when: marks,
    words: 'an endpoint may be on another node (externalTrafficPolicy: Cluster)',
  },
  {
    in: [service, local, endpoint, services],
    when: (met) => marks(met) && asksAbout(met, (match) => isOrigin(match) && isNegated(match)),
    words: 'the client is no pod of the node',
  },
  {
    in: [service, local, endpoint, services],
    when: marks,
    words: 'this is done with all traffic to clusterIPs (--masquerade-all)',
  },
  { in: [mark], words: 'this mark asks for it' },
  {
    in: [services],
    when: (met) => looksInto(met, NFT_MAPS.serviceNodePorts) && serviceOf(met) !== undefined,
    words: (met) => `a nodePort of ${serviceOf(met)}`,
  },
  {
    in: [services],
    when: (met) => looksInto(met, NFT_MAPS.serviceIPs),
    words: (met) => `an address of ${serviceOf(met) ?? 'a Service'}`,
  },
  {
    when: (met) => looksInto(met, NFT_MAPS.firewallIPs),
    words: 'a load balancer that only some clients may use',
  },
  { in: [firewall], when: drops, words: 'the client is outside loadBalancerSourceRanges' },
  {
    in: [external],
    when: (met) => goesOn(met) && asksAbout(met, isFromThisHost),
    words: 'the node itself may use all endpoints',
  },
  {
    in: [external],
    when: (met) => goesOn(met) && asksAbout(met, isOrigin),
    words: 'pods of the node may use all endpoints',
  },
  {
    in: [external],
    when: leadsTo(local),
    words: 'clients outside get endpoints of this node only (externalTrafficPolicy: Local)',
  },
  { in: [external], when: leadsTo(service), words: 'all endpoints may be chosen' },
  {
    when: (met) =>
      drops(met) &&
      (looksInto(met, NFT_MAPS.noEndpointServices) || looksInto(met, NFT_MAPS.noEndpointNodePorts)),
    words: 'there are no endpoints on this node',
  },
  {
    when: leadsTo(localhostReject),
    words: 'nodePorts do not answer on loopback addresses (gate KubeProxyNFTablesLocalhostNodePorts)',
  },
  { in: [localhostReject], words: 'nodePorts do not answer on loopback addresses' },
  { when: leadsTo(reject), words: 'there are no endpoints' },
  { in: [reject], words: 'there are no endpoints' },
  {
    in: [masquerading],
    when: ({ branch }) => branch.next.kind === 'return',
    words: 'it is not marked, so the source stays',
  },
  {
    in: [masquerading, natPostrouting],
    when: (met) => does(met, 'masquerade'),
    words: "the source becomes the node's own",
  },
  { in: [masquerading], when: (met) => does(met, 'set-mark'), words: 'takes the mark off' },
];

/** What a rule of ours or kube-proxy's is for; undefined: nobody knows. */
export function nftablesMeaning(name: string, rule: NftRule, branch: Branch): string | undefined {
  const { next } = branch;
  const met: MetRule = {
    ...rule,
    chain: chainNamed(name),
    branch,
    next: 'chain' in next ? next.chain : undefined,
  };
  const meaning = MEANINGS.find(({ in: chains, when }) => isIn(met, chains) && (when?.(met) ?? true));
  if (meaning === undefined) return undefined;
  return typeof meaning.words === 'string' ? meaning.words : meaning.words(met);
}

function isIn({ chain }: MetRule, chains: readonly ChainRow[] | undefined): boolean {
  return chains === undefined || (chain !== undefined && chains.includes(chain));
}

function marks(met: MetRule): boolean {
  return marksPacket(met, met.branch);
}

/** Its matches hold. */
function isDone({ branch }: MetRule): boolean {
  return branch.effect !== undefined;
}

function does(met: MetRule, kind: NftStatement['kind']): boolean {
  return isDone(met) && met.statements.some((each) => each.kind === kind);
}

function drops({ branch: { next } }: MetRule): boolean {
  return next.kind === 'verdict' && next.verdict.kind === 'drop';
}

function goesOn({ next }: MetRule): boolean {
  return next !== undefined;
}

function leadsTo(chain: ChainRow): (met: MetRule) => boolean {
  return ({ next }) => next !== undefined && chainNamed(next) === chain;
}

/** `default/web`, of the chain that the packet goes to. */
function serviceOf({ next }: MetRule): string | undefined {
  return next === undefined ? undefined : serviceNamed(next)?.service;
}

function looksInto({ statements }: MetRule, { name }: MapRow): boolean {
  return statements.some(
    (each) => each.kind === 'vmap' && each.map.kind === 'named' && each.map.name === name,
  );
}

function asksAbout({ matches }: MetRule, isWanted: (match: NftMatch) => boolean): boolean {
  return matches.some(isWanted);
}

function isNegated(match: NftMatch): boolean {
  return 'negated' in match && match.negated === true;
}

function isSource(match: NftMatch): boolean {
  if (match.kind === 'in-set') return match.fields.length === 1 && match.fields[0] === 'saddr';
  return match.kind === 'address' && match.field === 'saddr';
}

/** How pods of the node are told: by address, or by interface. */
function isOrigin(match: NftMatch): boolean {
  return match.kind === 'in-interface' || isSource(match);
}

function isFromThisHost(match: NftMatch): boolean {
  return match.kind === 'local-address' && match.field === 'saddr' && !isNegated(match);
}

/** In our layout, and in kube-proxy's since 1.36. */
function isHairpin(match: NftMatch): boolean {
  if (match.kind !== 'in-set' || match.set.kind !== 'named') return false;
  const { name } = match.set;
  return name === NFT_SETS.hairpin.name || name === NFT_SETS.hairpinConnections.name;
}

/** Whether a rule asks for another source address: it leads to a chain that marks, or marks while it does something else. */
export function marksPacket({ statements }: NftRule, { next, effect }: Branch): boolean {
  if ('chain' in next && next.chain === NFT_CHAINS.mark.name) return true;
  return (
    effect !== undefined && statements.some((each) => each.kind === 'set-mark' && each.operator === 'or')
  );
}

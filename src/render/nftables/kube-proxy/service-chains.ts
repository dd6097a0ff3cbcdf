import type { NftChain, NftRule } from '../../../lang/nftables/ruleset.ts';
import type { Endpoint, ExternalDelivery, NodeState } from '../../../model/node-state.ts';
import {
  FROM_THIS_HOST,
  fromForeigners,
  fromOwnPods,
  goTo,
  jumpTo,
  ofProtocol,
  rule,
} from '../expressions.ts';
import { type EndpointNames, type NamedNftPort, poolChain } from '../names.ts';
import { choiceAmongChains, dropOthers } from '../service-rules.ts';
import { NFT_CHAINS } from '../vocabulary.ts';

const MARK = jumpTo(NFT_CHAINS.mark);

/**
 * The chains of one service port that lead to those of endpoints: firewall (whether it has endpoints or not), external,
 * one a pool.
 */
export function* nftChoiceChains(state: NodeState, named: NamedNftPort): Generator<NftChain> {
  const { servicePort, chains } = named;
  const { external, admitted } = servicePort;
  if (admitted !== undefined) yield { name: chains.firewall, rules: [dropOthers(admitted)] };
  if (external?.isServed) {
    yield { name: chains.external, rules: externalRules(state, named, external) };
  }
  for (const pool of servicePort.pools) {
    const { internal } = servicePort;
    const isInternal = internal.kind === 'endpoints' && internal.pool.scope === pool.scope;
    const rules = [...(isInternal ? internalRules(state, named) : []), ...choiceAmongChains(named, pool)];
    yield { name: poolChain(chains, pool), rules };
  }
}

/** One an endpoint. */
export function* nftEndpointChains(named: NamedNftPort): Generator<NftChain> {
  for (const [endpoint, names] of named.endpointNames) yield endpointChain(named, endpoint, names);
}

function internalRules(state: NodeState, { servicePort, protocol }: NamedNftPort): NftRule[] {
  const foreign = fromForeigners(state);
  if (foreign === undefined) return [];
  const { clusterIP, port } = servicePort;
  return [
    rule(
      [{ kind: 'address', field: 'daddr', cidr: clusterIP }, { kind: 'dport', protocol, port }, ...foreign],
      [MARK],
    ),
  ];
}

function* externalRules(
  { localDetector }: NodeState,
  { chains }: NamedNftPort,
  { keepsClientIP, fromInside, fromOutside }: ExternalDelivery,
): Generator<NftRule> {
  if (!keepsClientIP) {
    yield rule([], [MARK]);
  } else if (fromInside.kind === 'endpoints') {
    const toCluster = goTo(poolChain(chains, fromInside.pool));
    const ownPods = fromOwnPods(localDetector);
    if (ownPods !== undefined) yield rule([ownPods], [toCluster], 'short-circuit pod traffic');
    yield rule([FROM_THIS_HOST], [MARK], 'masquerade local traffic');
    yield rule([FROM_THIS_HOST], [toCluster], 'short-circuit local traffic');
  }
  if (fromOutside.kind === 'endpoints') yield rule([], [goTo(poolChain(chains, fromOutside.pool))]);
}

/** Masquerades a pod that reaches itself, remembers the client if need be, and rewrites the destination. */
function endpointChain(
  { servicePort, protocol }: NamedNftPort,
  endpoint: Endpoint,
  { chain, affinitySet }: EndpointNames,
): NftChain {
  const isSticky = servicePort.sessionAffinitySeconds !== undefined;
  const rules = [
    rule([{ kind: 'address', field: 'saddr', cidr: endpoint.ip }], [MARK]),
    ...(isSticky ? [rule([], [{ kind: 'update', set: affinitySet, fields: ['saddr'] }])] : []),
    rule([ofProtocol(protocol)], [{ kind: 'dnat', to: { kind: 'constant', to: endpoint } }]),
  ];
  return { name: chain, rules };
}

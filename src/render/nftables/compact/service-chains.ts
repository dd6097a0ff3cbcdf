import type { NftMatch } from '../../../lang/nftables/expressions/match.ts';
import type { NftDestinationSource } from '../../../lang/nftables/expressions/nat.ts';
import type { NftChain, NftRule } from '../../../lang/nftables/ruleset.ts';
import type { Endpoint, EndpointPool, ExternalDelivery, NodeState } from '../../../model/node-state.ts';
import { FROM_THIS_HOST, fromForeigners, fromOwnPods, goTo, ofProtocol, rule } from '../expressions.ts';
import { type NamedNftPort, poolChain } from '../names.ts';
import { choiceAmongChains, drawnFrom } from '../service-rules.ts';
import { markForMasquerade } from './hook-chains.ts';
import type { SpecialPort } from './plan.ts';

/** The chains of one service port: external, one a pool; with session affinity, one an endpoint. */
export function* serviceChains(state: NodeState, special: SpecialPort): Generator<NftChain> {
  const { servicePort, chains, endpointNames } = special;
  const { external, sessionAffinitySeconds } = servicePort;
  if (external?.isServed) {
    yield { name: chains.external, rules: externalRules(state, special, external) };
  }
  for (const pool of servicePort.pools) {
    yield { name: poolChain(chains, pool), rules: poolRules(state, special, pool) };
  }
  for (const [endpoint, { chain, affinitySet }] of endpointNames) {
    const remember = {
      kind: 'update',
      set: affinitySet,
      fields: ['saddr'],
      ...(sessionAffinitySeconds === undefined ? {} : { timeoutSeconds: sessionAffinitySeconds }),
    } as const;
    const dnat = { kind: 'dnat', to: { kind: 'constant', to: endpoint } } as const;
    yield { name: chain, rules: [rule([], [remember]), rule([ofProtocol(special.protocol)], [dnat])] };
  }
}

/** Masquerades or not, then leaves the choice to a pool's chain. */
function* externalRules(
  state: NodeState,
  { chains }: NamedNftPort,
  { keepsClientIP, fromInside, fromOutside }: ExternalDelivery,
): Generator<NftRule> {
  const mark = markForMasquerade(state);
  // A Local policy is for clients from outside: pods and processes of this node may use every endpoint.
  if (keepsClientIP && fromInside.kind === 'endpoints') {
    const toInside = goTo(poolChain(chains, fromInside.pool));
    const ownPods = fromOwnPods(state.localDetector, 'iifname');
    if (ownPods !== undefined) yield rule([ownPods], [toInside]);
    yield rule([FROM_THIS_HOST], [mark, toInside]);
  }
  if (fromOutside.kind !== 'endpoints') return;
  const toOutside = goTo(poolChain(chains, fromOutside.pool));
  yield rule([], keepsClientIP ? [toOutside] : [mark, toOutside]);
}

function* poolRules(state: NodeState, special: SpecialPort, pool: EndpointPool): Generator<NftRule> {
  const { servicePort, protocol } = special;
  const { internal, clusterIP, port, sessionAffinitySeconds } = servicePort;
  const foreign = fromForeigners(state.masqueraded, 'iifname');
  if (foreign !== undefined && internal.kind === 'endpoints' && internal.pool.scope === pool.scope) {
    const toClusterIP: NftMatch[] = [
      { kind: 'address', field: 'daddr', cidr: clusterIP },
      { kind: 'dport', protocol, port },
    ];
    yield rule([...toClusterIP, ...foreign], [markForMasquerade(state)]);
  }
  if (sessionAffinitySeconds === undefined) {
    yield rule([ofProtocol(protocol)], [{ kind: 'dnat', to: anyOf(pool.endpoints) }]);
  } else {
    yield* choiceAmongChains(special, pool);
  }
}

function anyOf(endpoints: readonly Endpoint[]): NftDestinationSource {
  const [first, ...others] = endpoints;
  return first !== undefined && others.length === 0 ? { kind: 'constant', to: first } : drawnFrom(endpoints);
}

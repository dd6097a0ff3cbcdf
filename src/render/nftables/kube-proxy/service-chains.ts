import type { NftChain, NftRule } from '../../../lang/nftables/ruleset.ts';
import type { NftablesFacts } from '../../../model/kubernetes-version.ts';
import type {
  Endpoint,
  EndpointPool,
  ExternalDelivery,
  NodeState,
  ServicePort,
} from '../../../model/node-state.ts';
import { FROM_THIS_HOST, fromOwnPods, goTo, ofProtocol, rule } from '../expressions.ts';
import { type EndpointNames, type NamedNftPort, poolChain } from '../names.ts';
import { choiceAmongChains, drawnFrom, dropOthers } from '../service-rules.ts';
import { markExternal, marking, masqueradeInternal } from './marking.ts';

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
  const { internal } = servicePort;
  for (const pool of servicePort.pools) {
    const isInternal = internal.kind === 'endpoints' && internal.pool.scope === pool.scope;
    const marked = isInternal ? masqueradeInternal(state, servicePort, named.protocol) : [];
    yield { name: poolChain(chains, pool), rules: [...marked, ...choice(state, named, pool)] };
  }
}

/** Leads to one of the endpoints: by a chain of its own each, or at once. */
function choice({ proxy }: NodeState, named: NamedNftPort, pool: EndpointPool): Iterable<NftRule> {
  const { nftables } = proxy;
  if (hasEndpointChains(nftables, named.servicePort)) return choiceAmongChains(named, pool);
  const [first, ...others] = pool.endpoints;
  const isDirect = nftables.singleEndpoint === 'address' && first !== undefined && others.length === 0;
  const to = isDirect ? ({ kind: 'constant', to: first } as const) : drawnFrom(pool.endpoints);
  return [rule([ofProtocol(named.protocol)], [{ kind: 'dnat', to }])];
}

/** Whether each endpoint of a service port has a chain: session affinity needs them in every version. */
export function hasEndpointChains(
  { endpointsBy }: NftablesFacts,
  { sessionAffinitySeconds }: ServicePort,
): boolean {
  return endpointsBy === 'chains' || sessionAffinitySeconds !== undefined;
}

/** One an endpoint that has a chain. */
export function* nftEndpointChains(state: NodeState, named: NamedNftPort): Generator<NftChain> {
  for (const [endpoint, names] of named.endpointNames) yield endpointChain(state, named, { endpoint, names });
}

function* externalRules(
  state: NodeState,
  { chains }: NamedNftPort,
  { keepsClientIP, fromInside, fromOutside }: ExternalDelivery,
): Generator<NftRule> {
  if (!keepsClientIP) {
    yield markExternal(state);
  } else if (fromInside.kind === 'endpoints') {
    const toCluster = goTo(poolChain(chains, fromInside.pool));
    const ownPods = fromOwnPods(state.localDetector, state.proxy.nftables.interfaceMatch);
    if (ownPods !== undefined) yield rule([ownPods], [toCluster], 'short-circuit pod traffic');
    yield rule([FROM_THIS_HOST], [marking(state)], 'masquerade local traffic');
    yield rule([FROM_THIS_HOST], [toCluster], 'short-circuit local traffic');
  }
  if (fromOutside.kind === 'endpoints') yield rule([], [goTo(poolChain(chains, fromOutside.pool))]);
}

interface NamedEndpoint {
  readonly endpoint: Endpoint;
  readonly names: EndpointNames;
}

/** Masquerades a pod that reaches itself, remembers the client if need be, and rewrites the destination. */
function endpointChain(
  state: NodeState,
  { servicePort, protocol }: NamedNftPort,
  { endpoint, names: { chain, affinitySet } }: NamedEndpoint,
): NftChain {
  const isSticky = servicePort.sessionAffinitySeconds !== undefined;
  const seesHairpins = state.proxy.nftables.hairpinBy === 'endpoint-chain';
  const rules = [
    ...(seesHairpins
      ? [rule([{ kind: 'address', field: 'saddr', cidr: endpoint.ip }], [marking(state)])]
      : []),
    ...(isSticky ? [rule([], [{ kind: 'update', set: affinitySet, fields: ['saddr'] }])] : []),
    rule([ofProtocol(protocol)], [{ kind: 'dnat', to: { kind: 'constant', to: endpoint } }]),
  ];
  return { name: chain, rules };
}

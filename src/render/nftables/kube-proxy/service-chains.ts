import type { NftChain, NftRule } from '../../../lang/nftables/ruleset.ts';
import type { Endpoint, ExternalDelivery, NodeState, ServicePort } from '../../../model/node-state.ts';
import { isServedExternally, poolsOf } from '../../netfilter/conditions.ts';
import {
  DROP,
  FROM_LOCAL_ADDRESS,
  fromForeigners,
  fromLocalPods,
  goTo,
  jump,
  notFrom,
  ofProtocol,
  rule,
} from '../expressions.ts';
import { type EndpointNames, type NamedServicePort, policyChain } from '../names.ts';
import { admittedSources, choiceAmongChains } from '../service-rules.ts';
import { MARK_CHAIN } from './hook-chains.ts';

const MARK = jump(MARK_CHAIN);

/** Its load-balancer addresses are for its source ranges alone, whether it has endpoints or not. */
export function hasFirewall({ loadBalancerIPs, sourceRanges }: ServicePort): boolean {
  return loadBalancerIPs.length > 0 && sourceRanges.length > 0;
}

/** The chains of one service port that lead to those of endpoints: firewall, external, one a pool. */
export function* choiceChains(state: NodeState, named: NamedServicePort): Generator<NftChain> {
  const { servicePort, chains } = named;
  const { external } = servicePort;
  if (hasFirewall(servicePort)) {
    yield { name: chains.firewall, rules: [rule([notFrom(admittedSources(servicePort))], [DROP])] };
  }
  if (external !== undefined && isServedExternally(servicePort)) {
    yield { name: chains.external, rules: externalRules(state, named, external) };
  }
  for (const pool of poolsOf(servicePort)) {
    const { internal } = servicePort;
    const isInternal = internal.kind === 'endpoints' && internal.pool.scope === pool.scope;
    const rules = [...(isInternal ? internalRules(state, named) : []), ...choiceAmongChains(named, pool)];
    yield { name: policyChain(chains, pool), rules };
  }
}

/** One an endpoint. */
export function* endpointChains(named: NamedServicePort): Generator<NftChain> {
  for (const [endpoint, names] of named.endpointNames) yield endpointChain(named, endpoint, names);
}

function internalRules(state: NodeState, { servicePort, protocol }: NamedServicePort): NftRule[] {
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
  { chains }: NamedServicePort,
  { keepsClientIP, fromInside, fromOutside }: ExternalDelivery,
): Generator<NftRule> {
  if (!keepsClientIP) {
    yield rule([], [MARK]);
  } else if (fromInside.kind === 'endpoints') {
    const toCluster = goTo(policyChain(chains, fromInside.pool));
    const ownPods = fromLocalPods(localDetector);
    if (ownPods !== undefined) yield rule([ownPods], [toCluster], 'short-circuit pod traffic');
    yield rule([FROM_LOCAL_ADDRESS], [MARK], 'masquerade local traffic');
    yield rule([FROM_LOCAL_ADDRESS], [toCluster], 'short-circuit local traffic');
  }
  if (fromOutside.kind === 'endpoints') yield rule([], [goTo(policyChain(chains, fromOutside.pool))]);
}

/** Masquerades a pod that reaches itself, remembers the client if need be, and rewrites the destination. */
function endpointChain(
  { servicePort, protocol }: NamedServicePort,
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

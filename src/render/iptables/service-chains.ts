import { invariant } from '../../diagnostic/invariant.ts';
import type {
  Delivery,
  Endpoint,
  EndpointPool,
  ExternalDelivery,
  NodeState,
} from '../../model/node-state.ts';
import type { Chain, Match, Rule } from '../../model/ruleset.ts';
import { isServedExternally, usesFirewall } from './conditions.ts';
import {
  comment,
  FROM_LOCAL_ADDRESS,
  fromAddress,
  fromLocalPods,
  jump,
  notFromLocalPods,
  toAddress,
} from './matches.ts';
import type { NamedServicePort, ServicePortChains } from './names.ts';

const MARK_FOR_MASQUERADE = jump('KUBE-MARK-MASQ');

/** Above this many endpoints in all, kube-proxy leaves comments on endpoint rules out. */
const LARGE_CLUSTER_ENDPOINTS = 1000;

/** The names of what `serviceChains` yields. */
export function serviceChainNames(named: NamedServicePort): string[] {
  const { servicePort, chains, endpointChains } = named;
  return [
    ...(isServedExternally(servicePort) ? [chains.external] : []),
    ...(usesFirewall(servicePort) ? [chains.firewall] : []),
    ...pools(named).map((pool) => policyChain(chains, pool)),
    ...endpointChains.values(),
  ];
}

/** The nat chains of one service port: external, firewall, one a pool, one an endpoint. */
export function* serviceChains(state: NodeState, named: NamedServicePort): Generator<Chain> {
  const { servicePort, chains, endpointChains } = named;
  const { external } = servicePort;
  if (external !== undefined && isServedExternally(servicePort)) {
    yield { name: chains.external, rules: externalRules(state, named, external) };
  }
  if (usesFirewall(servicePort)) yield { name: chains.firewall, rules: firewallRules(named) };
  for (const pool of pools(named))
    yield { name: policyChain(chains, pool), rules: poolRules(state, named, pool) };
  for (const [endpoint, name] of endpointChains) {
    yield { name, rules: endpointRules(state, named, { endpoint, name }) };
  }
}

/** The chain that chooses among the endpoints of a pool. */
export function policyChain(chains: ServicePortChains, pool: EndpointPool): string {
  return chains[pool.scope];
}

/** The pools that some delivery uses: the cluster's first, each once. */
function pools({ servicePort: { internal, external } }: NamedServicePort): EndpointPool[] {
  const used = [internal, external?.fromOutside, external?.fromInside].flatMap(poolOf);
  const find = (scope: EndpointPool['scope']) => used.find((pool) => pool.scope === scope) ?? [];
  return [find('cluster'), find('local')].flat();
}

function poolOf(delivery: Delivery | undefined): EndpointPool | [] {
  return delivery?.kind === 'endpoints' ? delivery.pool : [];
}

/** KUBE-EXT: masquerades or not, then leaves the choice to a pool's chain. */
function* externalRules(
  state: NodeState,
  named: NamedServicePort,
  external: ExternalDelivery,
): Generator<Rule> {
  const { label, chains } = named;
  if (external.keepsClientIP) {
    yield* shortCircuitRules(state, named, external.fromInside);
  } else {
    yield {
      matches: [comment(`masquerade traffic for ${label} external destinations`)],
      action: MARK_FOR_MASQUERADE,
    };
  }
  if (external.fromOutside.kind !== 'endpoints') return;
  yield { matches: [], action: jump(policyChain(chains, external.fromOutside.pool)) };
}

/** A Local policy is for clients from outside: pods and processes of this node may use every endpoint. */
function* shortCircuitRules(state: NodeState, named: NamedServicePort, inside: Delivery): Generator<Rule> {
  if (inside.kind !== 'endpoints') return;
  const { label, chains } = named;
  const action = jump(policyChain(chains, inside.pool));
  const ownPods = fromLocalPods(state.localDetector);
  if (ownPods !== undefined) {
    yield { matches: [ownPods, comment(`pod traffic for ${label} external destinations`)], action };
  }
  yield {
    matches: [comment(`masquerade LOCAL traffic for ${label} external destinations`), FROM_LOCAL_ADDRESS],
    action: MARK_FOR_MASQUERADE,
  };
  yield {
    matches: [comment(`route LOCAL traffic for ${label} external destinations`), FROM_LOCAL_ADDRESS],
    action,
  };
}

/**
 * KUBE-FW: lets the source ranges through. Where they hold the node, so may it: a node that has the load balancer's
 * address itself reaches it with that address as source.
 */
function* firewallRules({ servicePort, label, chains }: NamedServicePort): Generator<Rule> {
  const reason = comment(`${label} loadbalancer IP`);
  const action = jump(chains.external);
  for (const cidr of servicePort.sourceRanges) yield { matches: [{ kind: 'source', cidr }, reason], action };
  if (servicePort.sourceRangesHoldNode) {
    for (const ip of servicePort.loadBalancerIPs) yield { matches: [fromAddress(ip), reason], action };
  }
  yield { matches: [comment(`other traffic to ${label} will be dropped by KUBE-PROXY-FIREWALL`)] };
}

/** KUBE-SVC, KUBE-SVL: marks what needs masquerading, then chooses an endpoint. */
function* poolRules(state: NodeState, named: NamedServicePort, pool: EndpointPool): Generator<Rule> {
  const { internal } = named.servicePort;
  if (internal.kind === 'endpoints' && internal.pool.scope === pool.scope)
    yield* masqueradeRules(state, named);
  yield* affinityRules(state, named, pool);
  yield* choiceRules(state, named, pool);
}

/** Traffic to the clusterIP is masqueraded when it isn't from this node's pods, so that answers come back here. */
function* masqueradeRules(state: NodeState, named: NamedServicePort): Generator<Rule> {
  const { servicePort, label, protocol } = named;
  const foreign = state.masqueradeAll ? [] : notFromLocalPods(state.localDetector);
  if (foreign === undefined) return;
  yield {
    matches: [
      ...[foreign].flat(),
      toAddress(servicePort.clusterIP),
      { kind: 'protocol', protocol },
      comment(`${label} cluster IP`),
      { kind: 'l4', protocol, destinationPort: servicePort.port },
    ],
    action: MARK_FOR_MASQUERADE,
  };
}

/** A client that was here not long ago goes where it went. */
function* affinityRules(state: NodeState, named: NamedServicePort, pool: EndpointPool): Generator<Rule> {
  const seconds = named.servicePort.sessionAffinitySeconds;
  if (seconds === undefined) return;
  for (const endpoint of pool.endpoints) {
    const name = endpointChain(named, endpoint);
    yield {
      matches: [
        ...endpointComment(state, `${named.label} -> ${endpoint.hostPort}`),
        { kind: 'recently-seen', name, seconds },
      ],
      action: jump(name),
    };
  }
}

/** Of n endpoints the first is taken by one in n, the next by one in n - 1 of the rest, the last by all that remain. */
function* choiceRules(
  state: NodeState,
  named: NamedServicePort,
  { endpoints }: EndpointPool,
): Generator<Rule> {
  let remaining = endpoints.length;
  for (const endpoint of endpoints) {
    const choice: Match[] = remaining > 1 ? [{ kind: 'random', probability: 1 / remaining }] : [];
    remaining -= 1;
    yield {
      matches: [...endpointComment(state, `${named.label} -> ${endpoint.hostPort}`), ...choice],
      action: jump(endpointChain(named, endpoint)),
    };
  }
}

/** KUBE-SEP: masquerades a pod that reaches itself (hairpin), remembers the client if need be, rewrites. */
function* endpointRules(
  state: NodeState,
  { servicePort, label, protocol }: NamedServicePort,
  { endpoint, name }: { readonly endpoint: Endpoint; readonly name: string },
): Generator<Rule> {
  const note = endpointComment(state, label);
  const remember: Match[] =
    servicePort.sessionAffinitySeconds === undefined ? [] : [{ kind: 'remember', name }];
  yield { matches: [fromAddress(endpoint.ip), ...note], action: MARK_FOR_MASQUERADE };
  yield {
    matches: [{ kind: 'protocol', protocol }, ...note, ...remember, { kind: 'l4', protocol }],
    action: { kind: 'dnat', to: endpoint.hostPort },
  };
}

function endpointChain({ endpointChains }: NamedServicePort, endpoint: Endpoint): string {
  const name = endpointChains.get(endpoint);
  invariant(name !== undefined, `${endpoint.hostPort} is delivered to but not reachable`);
  return name;
}

function endpointComment({ endpointCount }: NodeState, text: string): Match[] {
  return endpointCount > LARGE_CLUSTER_ENDPOINTS ? [] : [comment(text)];
}

import type { NftMatch } from '../../../lang/nftables/expressions/match.ts';
import type { NftChain, NftRule } from '../../../lang/nftables/ruleset.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { loopbackCIDR } from '../../netfilter/matches.ts';
import { type BaseChainName, baseChain } from '../base-chains.ts';
import {
  DROP,
  jump,
  NEW_CONNECTIONS,
  NODE_PORT_KEY,
  notLoopback,
  RETURN,
  rule,
  SERVICE_KEY,
  TO_LOCAL_ADDRESS,
  verdictOf,
} from '../expressions.ts';
import { REJECT_CHAIN } from '../map-elements.ts';
import { masqueradeRules } from './masquerade.ts';

/** Names of the maps that lead from addresses and ports to verdicts. Those without elements are left out. */
export const MAPS = {
  served: 'service-ips',
  servedNodePorts: 'service-nodeports',
  refused: 'no-endpoint-services',
  refusedNodePorts: 'no-endpoint-nodeports',
  firewalled: 'firewall-ips',
} as const;

export type PresentMaps = ReadonlySet<string>;

/** Base chains, as far as they have rules, and the chains that they jump to. */
export function* hookChains(state: NodeState, present: PresentMaps): Generator<NftChain> {
  const toServices = [rule([], [jump('services')])];
  const firewall = has(present, MAPS.firewalled) ? [ofNew(verdictOf(SERVICE_KEY, MAPS.firewalled))] : [];
  const refuse = has(present, MAPS.refused) ? [ofNew(verdictOf(SERVICE_KEY, MAPS.refused))] : [];
  const localnet = localnetMatch(state);
  const guard = localnet === undefined ? [] : [rule(localnet, [jump('localnet-check')])];
  yield* nonEmpty('filter-prerouting', firewall);
  yield* nonEmpty('filter-input', [...guard, ...refusedNodePortRules(state, present), ...refuse]);
  yield* nonEmpty('filter-forward', [...(state.dropInvalid ? [dropInvalid()] : []), ...refuse]);
  yield* nonEmpty('filter-output', firewall);
  yield* nonEmpty('filter-output-post-dnat', [...guard, ...refuse]);
  yield baseChain('nat-prerouting', toServices);
  yield baseChain('nat-output', toServices);
  yield baseChain('nat-postrouting', masqueradeRules(state));
  yield { name: 'services', rules: dispatchRules(state, present) };
  if (localnet !== undefined) yield { name: 'localnet-check', rules: localnetRules() };
  if (has(present, MAPS.refused) || has(present, MAPS.refusedNodePorts)) {
    yield { name: REJECT_CHAIN, rules: [rule([], [{ kind: 'reject' }])] };
  }
}

function* nonEmpty(name: BaseChainName, rules: readonly NftRule[]): Generator<NftChain> {
  if (rules.length > 0) yield baseChain(name, rules);
}

function has(present: PresentMaps, name: string): boolean {
  return present.has(name);
}

function ofNew(...statements: NftRule['statements']): NftRule {
  return rule([NEW_CONNECTIONS], statements);
}

function dropInvalid(): NftRule {
  return rule([{ kind: 'ct-state', states: ['INVALID'] }], [DROP]);
}

function dispatchRules(state: NodeState, present: PresentMaps): NftRule[] {
  const nodePorts = nodePortMatch(state);
  return [
    ...(has(present, MAPS.served) ? [rule([], [verdictOf(SERVICE_KEY, MAPS.served)])] : []),
    ...(has(present, MAPS.servedNodePorts) && nodePorts !== undefined
      ? [rule(nodePorts, [verdictOf(NODE_PORT_KEY, MAPS.servedNodePorts)])]
      : []),
  ];
}

function refusedNodePortRules(state: NodeState, present: PresentMaps): NftRule[] {
  const nodePorts = nodePortMatch(state);
  if (nodePorts === undefined || !has(present, MAPS.refusedNodePorts)) return [];
  return [rule([NEW_CONNECTIONS, ...nodePorts], [verdictOf(NODE_PORT_KEY, MAPS.refusedNodePorts)])];
}

/** Where NodePorts answer; undefined: nowhere. */
function nodePortMatch({ nodePortAddresses, family }: NodeState): NftMatch[] | undefined {
  if (nodePortAddresses.kind === 'local') {
    return nodePortAddresses.loopback ? [TO_LOCAL_ADDRESS] : [TO_LOCAL_ADDRESS, notLoopback(family)];
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
    rule([{ kind: 'ct-state', states: ['ESTABLISHED', 'RELATED'] }], [RETURN]),
    rule([{ kind: 'ct-status-dnat' }], [RETURN]),
    rule([], [DROP]),
  ];
}

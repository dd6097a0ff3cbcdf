import type { NftMatch } from '../../../lang/nftables/expressions/match.ts';
import type { NftChain, NftRule } from '../../../lang/nftables/ruleset.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { masqueradeMark } from '../../netfilter/masquerade.ts';
import { baseChain } from '../base-chains.ts';
import {
  DROP,
  jump,
  NEW_CONNECTIONS,
  NODE_PORT_KEY,
  named,
  notLoopback,
  RETURN,
  rule,
  SERVICE_KEY,
  TO_LOCAL_ADDRESS,
  verdictOf,
} from '../expressions.ts';
import { REJECT_CHAIN } from '../map-elements.ts';

export const MARK_CHAIN = 'mark-for-masquerade';

/** The chains that do not depend on Services: base chains, and those that they jump to. */
export function hookChains(state: NodeState): NftChain[] {
  const { family } = state;
  const services = jump('services');
  return [
    baseChain('filter-prerouting', [ofNew('firewall-check')]),
    baseChain('filter-input', [ofNew('nodeport-endpoints-check'), ofNew('service-endpoints-check')]),
    baseChain('filter-forward', [ofNew('service-endpoints-check'), ofNew('cluster-ips-check')]),
    baseChain('filter-output', [ofNew('service-endpoints-check'), ofNew('firewall-check')]),
    baseChain('filter-output-post-dnat', [ofNew('cluster-ips-check')]),
    baseChain('nat-prerouting', [rule([], [services])]),
    baseChain('nat-output', [rule([], [services])]),
    baseChain('nat-postrouting', [rule([], [jump('masquerading')])]),
    { name: 'cluster-ips-check', rules: [rejectOtherPorts(), ...dropUnallocated(state)] },
    { name: 'firewall-check', rules: [rule([], [verdictOf(SERVICE_KEY, 'firewall-ips')])] },
    { name: 'service-endpoints-check', rules: [rule([], [verdictOf(SERVICE_KEY, 'no-endpoint-services')])] },
    {
      name: 'nodeport-endpoints-check',
      rules: [
        rule(nodePortMatch(state, notLoopback(family)), [verdictOf(NODE_PORT_KEY, 'no-endpoint-nodeports')]),
      ],
    },
    {
      name: REJECT_CHAIN,
      comment: 'helper for @no-endpoint-services / @no-endpoint-nodeports',
      rules: [rule([], [{ kind: 'reject' }])],
    },
    {
      name: 'services',
      rules: [
        rule([], [verdictOf(SERVICE_KEY, 'service-ips')]),
        rule(nodePortMatch(state, TO_LOCAL_ADDRESS, notLoopback(family)), [
          verdictOf(NODE_PORT_KEY, 'service-nodeports'),
        ]),
      ],
    },
    ...masqueradeChains(state),
  ];
}

function ofNew(chain: string): NftRule {
  return rule([NEW_CONNECTIONS], [jump(chain)]);
}

/** What is served at a clusterIP has another destination by now. */
function rejectOtherPorts(): NftRule {
  const toClusterIP: NftMatch = { kind: 'in-set', fields: ['daddr'], set: named('cluster-ips') };
  return rule([toClusterIP], [{ kind: 'reject' }], 'Reject traffic to invalid ports of ClusterIPs');
}

function dropUnallocated({ serviceCIDRs }: NodeState): NftRule[] {
  if (serviceCIDRs.length === 0) return [];
  const elements = serviceCIDRs.map((cidr) => ({ key: [cidr] }));
  const toServiceCIDR: NftMatch = {
    kind: 'in-set',
    fields: ['daddr'],
    set: { kind: 'anonymous', elements },
  };
  return [rule([toServiceCIDR], [DROP], 'Drop traffic to unallocated ClusterIPs')];
}

function nodePortMatch(
  { nodePortAddresses }: NodeState,
  ...everywhere: readonly NftMatch[]
): readonly NftMatch[] {
  if (nodePortAddresses.kind === 'local') return everywhere;
  return [{ kind: 'in-set', fields: ['daddr'], set: named('nodeport-ips') }];
}

function masqueradeChains(state: NodeState): NftChain[] {
  const value = masqueradeMark(state);
  return [
    { name: MARK_CHAIN, rules: [rule([], [{ kind: 'set-mark', operator: 'or', value }])] },
    {
      name: 'masquerading',
      rules: [
        rule([{ kind: 'mark', mask: value, value: 0 }], [RETURN]),
        rule([], [{ kind: 'set-mark', operator: 'xor', value }]),
        rule([], [{ kind: 'masquerade', randomFully: true }]),
      ],
    },
  ];
}

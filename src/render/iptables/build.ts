import type { NodeState } from '../../model/node-state.ts';
import type { Table } from '../../model/ruleset.ts';
import { layOutTable, type RestoreForm } from '../restore/restore-form.ts';
import { filterChains } from './filter-chains.ts';
import { JUMPS } from './jumps.ts';
import { nameServicePort } from './names.ts';
import { natChains } from './nat-chains.ts';
import { serviceChainNames } from './service-chains.ts';

const OWN_FILTER_CHAINS = [
  'KUBE-EXTERNAL-SERVICES',
  'KUBE-FIREWALL',
  'KUBE-FORWARD',
  'KUBE-NODEPORTS',
  'KUBE-PROXY-FIREWALL',
  'KUBE-SERVICES',
];

const OWN_NAT_CHAINS = ['KUBE-MARK-MASQ', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-SERVICES'];

/** The rules that kube-proxy's iptables mode (1.30 and later) programs for this state, chain by chain. */
export function buildTables(state: NodeState, form: RestoreForm): Table[] {
  const servicePorts = state.servicePorts.map(nameServicePort);
  const filter = {
    table: 'filter',
    names: OWN_FILTER_CHAINS,
    chains: filterChains(state, servicePorts),
  } as const;
  const nat = {
    table: 'nat',
    names: [...OWN_NAT_CHAINS, ...servicePorts.flatMap(serviceChainNames)],
    chains: natChains(state, servicePorts),
  } as const;
  return [filter, nat].map((own) => layOutTable(own, JUMPS, form));
}

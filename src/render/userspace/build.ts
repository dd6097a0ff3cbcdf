import { printTables } from '../../lang/iptables/print/print-tables.ts';
import type { Table } from '../../lang/iptables/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import { formatServicePortName, type NodeState } from '../../model/node-state.ts';
import { filterChains } from '../netfilter/filter-chains.ts';
import { FILTER_JUMPS, HEALTH_CHECK_JUMP } from '../netfilter/filter-jumps.ts';
import { comment, TO_LOCAL_ADDRESS } from '../netfilter/matches.ts';
import { filterJump, type Jump, layOutTable, natJump, type RestoreForm } from '../netfilter/restore-form.ts';
import { fixedChains } from '../own-chains.ts';
import { createRuleMemory } from '../rule-memory.ts';
import { guardChain, portalChains } from './portals.ts';
import { USERSPACE_CHAINS } from './vocabulary.ts';

const CLUSTER_IPS = comment('handle ClusterIPs; NOTE: this must be before the NodePort rules');
const SERVICE_NODE_PORTS = comment('handle service NodePorts; NOTE: this must be the last rule in the chain');
const NON_LOCAL = filterJump(
  'INPUT',
  USERSPACE_CHAINS.foreignNodePorts.name,
  comment('Ensure that non-local NodePort traffic can flow'),
);

/**
 * Every jump into our chains, in their order. Those of the nat table, and the one to KUBE-NODEPORT-NON-LOCAL, are those of
 * kube-proxy's userspace mode (pkg/proxy/userspace/proxier.go, 1.25, the last one); what refuses is as in iptables mode.
 */
export const USERSPACE_JUMPS: readonly Jump[] = [
  ...FILTER_JUMPS.flatMap((jump) => (jump === HEALTH_CHECK_JUMP ? [NON_LOCAL, jump] : [jump])),
  natJump('PREROUTING', USERSPACE_CHAINS.portalsOfContainers.name, CLUSTER_IPS),
  natJump('PREROUTING', USERSPACE_CHAINS.nodePortsOfContainers.name, TO_LOCAL_ADDRESS, SERVICE_NODE_PORTS),
  natJump('OUTPUT', USERSPACE_CHAINS.portalsOfHost.name, CLUSTER_IPS),
  natJump('OUTPUT', USERSPACE_CHAINS.nodePortsOfHost.name, TO_LOCAL_ADDRESS, SERVICE_NODE_PORTS),
];

/** The rules of userspace mode, chain by chain. */
export function buildUserspaceTables(state: NodeState, form: RestoreForm): Table[] {
  const servicePorts = state.servicePorts.map((servicePort) => ({
    servicePort,
    label: formatServicePortName(servicePort.name),
    protocol: lowerCaseProtocol(servicePort.protocol),
    chains: { firewall: USERSPACE_CHAINS.portalsOfContainers.name },
  }));
  const filter = {
    table: 'filter',
    names: fixedChains('filter', 'userspace/kube-proxy'),
    chains: [...filterChains(state, servicePorts, createRuleMemory().keeper()), guardChain(state)],
  } as const;
  const nat = {
    table: 'nat',
    names: fixedChains('nat', 'userspace/kube-proxy'),
    chains: portalChains(state, servicePorts),
  } as const;
  return [filter, nat].map((own) => layOutTable(own, USERSPACE_JUMPS, form));
}

/** Text for iptables-restore (ip6tables-restore for IPv6), in pieces. Ends with a line break. */
export function renderUserspaceTables(state: NodeState, form: RestoreForm): Iterable<string> {
  return printTables(buildUserspaceTables(state, form));
}

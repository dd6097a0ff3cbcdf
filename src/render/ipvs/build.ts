import { invariant } from '../../diagnostic/invariant.ts';
import { formatSetEntry } from '../../lang/ipvs/print.ts';
import type { IPSet, IPSetEntry, IPVSRuleset } from '../../lang/ipvs/ruleset.ts';
import type { IPVSNode, NodeState } from '../../model/node-state.ts';
import { nameInFamily, SET_NAMES, SETS, type SetName } from '../netfilter/sets.ts';
import { setEntries } from './set-entries.ts';
import { virtualServers } from './virtual-servers.ts';

/** What kube-proxy's ipvs mode (1.34) programs for this state, beside iptables rules. */
export function buildIPVS(state: NodeState): IPVSRuleset {
  const node = ipvsNodeOf(state);
  return {
    family: state.family,
    addresses: dummyAddresses(state, node),
    sets: [...buildSets(state).values()],
    virtualServers: virtualServers(state, node),
  };
}

/** The sets alone, by their IPv4 names. */
export function buildSets(state: NodeState): ReadonlyMap<SetName, IPSet> {
  const node = ipvsNodeOf(state);
  const entries = new Map(SET_NAMES.map((name) => [name, new Map<string, IPSetEntry>()]));
  for (const { set, entry } of setEntries(state, node)) entries.get(set)?.set(formatSetEntry(entry), entry);
  for (const ip of dummyAddresses(state, node)) entries.get('KUBE-IPVS-IPS')?.set(ip, { kind: 'ip', ip });
  return new Map(
    SET_NAMES.map((name) => [
      name,
      {
        name: nameInFamily(name, state.family),
        type: SETS[name].type,
        family: state.family,
        entries: [...(entries.get(name)?.values() ?? [])],
      },
    ]),
  );
}

/** Addresses that a host must have for IPVS to see their packets; those that the node has anyway are left out. */
function dummyAddresses({ servicePorts }: NodeState, node: IPVSNode): readonly string[] {
  const own = new Set(node.addresses);
  const addresses = new Set<string>();
  for (const { clusterIP, externalIPs, loadBalancerIPs } of servicePorts) {
    addresses.add(clusterIP);
    for (const ip of externalIPs) if (!own.has(ip)) addresses.add(ip);
    for (const ip of loadBalancerIPs) if (!own.has(ip)) addresses.add(ip);
  }
  return [...addresses];
}

function ipvsNodeOf({ ipvs }: NodeState): IPVSNode {
  invariant(ipvs !== undefined, 'the state is not one of ipvs mode');
  return ipvs;
}

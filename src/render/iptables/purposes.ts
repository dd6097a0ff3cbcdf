import type { Purpose } from '../../lang/iptables/compare/drift.ts';
import type { Rule } from '../../lang/iptables/ruleset.ts';
import { formatServicePortName, type NodeState } from '../../model/node-state.ts';
import { knownChain, useIn } from '../own-chains.ts';
import { chainAt, nameServicePort } from './names.ts';

/** A chain that is ours, and its rules. */
interface OwnChain {
  readonly table: string;
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** Says what our chains are for; undefined: a chain is not ours. */
export function chainPurposes(state: NodeState): (chain: OwnChain) => Purpose | undefined {
  let owners: ReadonlyMap<string, string> | undefined;
  return ({ table, name, rules }) => {
    const chain = knownChain(name);
    const use = useIn(table, chain);
    if (use === undefined) return undefined;
    const { role } = use;
    if (chain?.isHashed !== true) return { role };
    owners ??= ownersOf(state);
    const of = owners.get(name);
    return { role, ...(of === undefined ? commentOf(rules) : { of }) };
  };
}

/** Names of all chains that belong to a service port, and to an endpoint. */
function ownersOf({ servicePorts }: NodeState): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const servicePort of servicePorts) {
    const label = formatServicePortName(servicePort.name);
    const { chains, endpointChains } = nameServicePort(servicePort, servicePort.reachable);
    for (const name of Object.values<string>({ ...chains })) owners.set(name, label);
    for (const [index, { hostPort }] of servicePort.reachable.entries()) {
      owners.set(chainAt(endpointChains, index), `${label}: ${hostPort}`);
    }
  }
  return owners;
}

function commentOf(rules: readonly Rule[]): { readonly comment?: string } {
  for (const { matches } of rules) {
    for (const match of matches) if (match.kind === 'comment') return { comment: match.text };
  }
  return {};
}

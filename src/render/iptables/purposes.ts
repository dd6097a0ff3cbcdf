import type { Rule } from '../../lang/iptables/ruleset.ts';
import type { ChainPurpose, OwnChain } from '../../lang/text/chain-purpose.ts';
import { formatServicePortName, type NodeState } from '../../model/node-state.ts';
import { chainAt, nameServicePort } from './names.ts';

/** What chains are for whose names say it all. */
const FIXED: Readonly<Record<string, string>> = {
  'filter KUBE-EXTERNAL-SERVICES': 'refuses what comes from outside for Services without endpoints',
  'filter KUBE-FIREWALL': 'keeps others away from loopback addresses',
  'filter KUBE-FORWARD': 'lets traffic of Services pass',
  'filter KUBE-NODEPORTS': 'lets health checks of load balancers in',
  'filter KUBE-PROXY-FIREWALL': 'drops what loadBalancerSourceRanges keep out',
  'filter KUBE-SERVICES': 'refuses traffic to Services without endpoints',
  'nat KUBE-MARK-MASQ': 'marks what is to be masqueraded',
  'nat KUBE-NODEPORTS': 'finds the Service of a nodePort',
  'nat KUBE-POSTROUTING': 'masquerades what is marked',
  'nat KUBE-SERVICES': 'finds the Service of an address',
  'filter KUBE-IPVS-FILTER': 'refuses what has no virtual server',
  'filter KUBE-IPVS-OUT-FILTER': 'refuses what has no virtual server',
  'filter KUBE-NODE-PORT': 'lets health checks of load balancers in',
  'filter KUBE-SOURCE-RANGES-FIREWALL': 'drops what loadBalancerSourceRanges keep out',
  'nat KUBE-LOAD-BALANCER': 'masquerades traffic of load balancers',
  'nat KUBE-NODE-PORT': 'masquerades traffic of nodePorts',
};

/** What chains with a hash in their names are for, before the name of what they serve. */
const HASHED: readonly (readonly [prefix: string, purpose: string])[] = [
  ['KUBE-DST-', 'some destinations'],
  ['KUBE-EXT-', 'traffic from outside'],
  ['KUBE-FW-', 'the source ranges'],
  ['KUBE-SEP-', 'an endpoint'],
  ['KUBE-SUB-', 'some endpoints'],
  ['KUBE-SVC-', 'the choice of an endpoint'],
  ['KUBE-SVL-', 'the choice of an endpoint on this node'],
];

/** Says what our chains are for; undefined: a chain is not ours. */
export function chainPurposes(state: NodeState): (chain: OwnChain) => ChainPurpose | undefined {
  let owners: ReadonlyMap<string, string> | undefined;
  return ({ table, name, rules }) => {
    const fixed = FIXED[`${table} ${name}`];
    if (fixed !== undefined) return { role: fixed };
    const [, role] = HASHED.find(([prefix]) => name.startsWith(prefix)) ?? [];
    if (role === undefined) return undefined;
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

import { invariant } from '../diagnostic/invariant.ts';
import { type Host, plainHost } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState } from '../model/node-state.ts';
import { dumpFirewall, dumpHost, type NodeDump } from '../modes/dump/node-dump.ts';
import { MODES } from '../modes/index.ts';
import type { RuleSetting } from '../modes/mode.ts';

/** Where the rules come from: they are those of manifests, or a node's. */
export type RuleSource = { readonly kind: 'own'; readonly setting: RuleSetting } | NodeDump;

/** The rules of a node, as its tools printed them; undefined: the rules are ours. */
export function dumpOf(rules: RuleSource): NodeDump | undefined {
  return rules.kind === 'own' ? undefined : rules;
}

/**
 * What rules can ask of a node. What IPVS and its sets hold is known of manifests, and of a node as far as its text says.
 * @param nodeIPs the node's own addresses
 */
export function hostOfRules(
  rules: RuleSource,
  nodeIPs: readonly string[],
  state: NodeState | undefined,
): Host {
  if (rules.kind !== 'own') return dumpHost(rules, nodeIPs);
  return state === undefined ? plainHost(nodeIPs) : MODES[rules.setting.mode].host(state, nodeIPs);
}

interface KnownHost {
  readonly family: IPFamily;
  /** undefined: there are no manifests. */
  readonly state: NodeState | undefined;
  readonly host: Host;
}

/** The rules as packets meet them. */
export function firewallOfRules(rules: RuleSource, { family, state, host }: KnownHost): Firewall {
  if (rules.kind !== 'own') return dumpFirewall(rules, family, host);
  invariant(state !== undefined, 'there are neither rules nor manifests');
  return MODES[rules.setting.mode].firewall(state, rules.setting, host);
}

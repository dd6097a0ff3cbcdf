import { invariant } from '../diagnostic/invariant.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState } from '../model/node-state.ts';
import { JUMPS } from './iptables/jumps.ts';
import { renderIptables } from './iptables/render.ts';
import type { Layout } from './restore/layout.ts';
import { printRule } from './restore/print.ts';
import { renderScript, type ScriptFamily } from './script/render.ts';

interface Artifact {
  readonly fileName: string;
  readonly isExecutable: boolean;
  /** Those whose states it is made of. */
  readonly families: readonly IPFamily[];
}

/** What iptables mode gives, by name. */
export const ARTIFACTS = {
  iptables: { fileName: 'iptables.rules', isExecutable: false, families: ['IPv4'] },
  ip6tables: { fileName: 'ip6tables.rules', isExecutable: false, families: ['IPv6'] },
  script: { fileName: 'apply.sh', isExecutable: true, families: ['IPv4', 'IPv6'] },
} as const satisfies Record<string, Artifact>;

export type ArtifactName = keyof typeof ARTIFACTS;

/** What one node has to serve, for each family that was asked for. */
export type NodeStates = ReadonlyMap<IPFamily, NodeState>;

const JUMP_TEXTS = JUMPS.map(({ table, from, rule }) => ({ table, from, rule: printRule(rule) }));

/**
 * The text of an artifact, in pieces to be written one after the other. Ends with a line break.
 * @param layout of restore text; the script has its own
 */
export function renderArtifact(name: ArtifactName, states: NodeStates, layout: Layout): Iterable<string> {
  switch (name) {
    case 'iptables':
      return renderIptables(stateOf('IPv4', states), { layout });
    case 'ip6tables':
      return renderIptables(stateOf('IPv6', states), { layout });
    case 'script': {
      const [ipv4, ipv6] = [scriptFamily('IPv4', states), scriptFamily('IPv6', states)];
      return renderScript({ ipv4, ipv6, jumps: JUMP_TEXTS });
    }
  }
}

function scriptFamily(family: IPFamily, states: NodeStates): ScriptFamily {
  const state = stateOf(family, states);
  return { state, rules: renderIptables(state, { layout: 'noflush' }) };
}

function stateOf(family: IPFamily, states: NodeStates): NodeState {
  const state = states.get(family);
  invariant(state !== undefined, `the state of ${family} was not resolved`);
  return state;
}

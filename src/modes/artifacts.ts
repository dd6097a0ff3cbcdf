import { bug, invariant } from '../diagnostic/invariant.ts';
import { printRule } from '../lang/iptables/print/print-rule.ts';
import { printTables } from '../lang/iptables/print/print-tables.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { NodeState } from '../model/node-state.ts';
import type { RuleLayout } from '../model/proxy-config.ts';
import { hairpinProbe } from '../render/iptables/compact/hairpin.ts';
import { JUMPS } from '../render/iptables/jumps.ts';
import { createIptablesMemory, type IptablesMemory } from '../render/iptables/memory.ts';
import { renderIptables } from '../render/iptables/render.ts';
import type { RestoreForm } from '../render/netfilter/restore-form.ts';
import { createNftablesMemory, type NftablesMemory } from '../render/nftables/memory.ts';
import { renderNftables } from '../render/nftables/render.ts';
import { renderScript, type ScriptFamily } from '../render/script/render.ts';
import { renderIPVSArtifact } from './ipvs-artifacts.ts';
import { renderNftablesArtifact } from './nftables-artifacts.ts';

interface Artifact {
  readonly fileName: string;
  readonly isExecutable: boolean;
  /** Those whose states it is made of. */
  readonly families: readonly IPFamily[];
}

const BOTH = ['IPv4', 'IPv6'] as const;

/** What modes give, by name. */
export const ARTIFACTS = {
  sysctl: { fileName: 'sysctl.conf', isExecutable: false, families: BOTH },
  ip: { fileName: 'ip.batch', isExecutable: false, families: BOTH },
  ipset: { fileName: 'ipset.rules', isExecutable: false, families: BOTH },
  ipvsadm: { fileName: 'ipvsadm.rules', isExecutable: false, families: BOTH },
  iptables: { fileName: 'iptables.rules', isExecutable: false, families: ['IPv4'] },
  ip6tables: { fileName: 'ip6tables.rules', isExecutable: false, families: ['IPv6'] },
  nftables: { fileName: 'nftables.nft', isExecutable: false, families: BOTH },
  script: { fileName: 'apply.sh', isExecutable: true, families: BOTH },
} as const satisfies Record<string, Artifact>;

export type ArtifactName = keyof typeof ARTIFACTS;

/** Which artifacts a mode has. */
export const ARTIFACTS_OF_MODE = {
  iptables: ['iptables', 'ip6tables', 'script'],
  ipvs: ['sysctl', 'ip', 'ipset', 'ipvsadm', 'iptables', 'ip6tables', 'script'],
  nftables: ['nftables', 'script'],
} as const satisfies Record<string, readonly ArtifactName[]>;

/** The modes that svcgen renders. */
export type RenderedMode = keyof typeof ARTIFACTS_OF_MODE;

/** Which layouts the rules of a mode can have: the default comes first. */
export const LAYOUTS_OF_MODE: Readonly<Record<RenderedMode, readonly [RuleLayout, ...RuleLayout[]]>> = {
  iptables: ['kube-proxy', 'compact'],
  ipvs: ['kube-proxy'],
  nftables: ['compact', 'kube-proxy'],
};

/** What one node has to serve, for each family that was asked for. */
export type NodeStates = ReadonlyMap<IPFamily, NodeState>;

/** What artifacts are made of. */
export interface ArtifactInput {
  readonly mode: RenderedMode;
  /** One that the mode has. */
  readonly layout: RuleLayout;
  readonly states: NodeStates;
  /** Of restore text; scripts have their own. */
  readonly form: RestoreForm;
  /** For one node after the other. */
  readonly memory?: RenderMemory;
}

/** What is kept of one node's text for the next nodes, or for the next artifact. For one mode and layout. */
export interface RenderMemory {
  readonly iptables: IptablesMemory;
  readonly nftables: NftablesMemory;
  /** What several artifacts of a node hold. */
  readonly texts: WeakMap<NodeStates, readonly string[]>;
}

export function createRenderMemory(): RenderMemory {
  return { iptables: createIptablesMemory(), nftables: createNftablesMemory(), texts: new WeakMap() };
}

const JUMP_TEXTS = JUMPS.map(({ table, from, rule }) => ({ table, from, rule: printRule(rule) }));

/** The text of an artifact, in pieces to be written one after the other. Ends with a line break. */
export function renderArtifact(name: ArtifactName, input: ArtifactInput): Iterable<string> {
  const { mode, states, form } = input;
  if (mode === 'ipvs') return renderIPVSArtifact(name, [...states.values()], form);
  if (mode === 'nftables') return renderNftablesArtifact(name, [...states.values()], nftablesText(input));
  switch (name) {
    case 'iptables':
      return restoreText('IPv4', input, form);
    case 'ip6tables':
      return restoreText('IPv6', input, form);
    case 'script': {
      const [ipv4, ipv6] = [scriptFamily('IPv4', input), scriptFamily('IPv6', input)];
      return renderScript({ ipv4, ipv6, jumps: JUMP_TEXTS });
    }
    default:
      throw bug(`mode ${mode} has no artifact ${name}`);
  }
}

function restoreText(
  family: IPFamily,
  { states, layout, memory }: ArtifactInput,
  form: RestoreForm,
): Iterable<string> {
  return renderIptables(stateOf(family, states), { form, layout, memory: memory?.iptables });
}

function nftablesText({ states, layout, memory }: ArtifactInput): Iterable<string> {
  const text = renderNftables([...states.values()], layout, memory?.nftables);
  return memory === undefined ? text : (memory.texts.get(states) ?? keepText(text, states, memory));
}

function* keepText(text: Iterable<string>, states: NodeStates, { texts }: RenderMemory): Generator<string> {
  const pieces: string[] = [];
  for (const piece of text) {
    yield piece;
    pieces.push(piece);
  }
  texts.set(states, pieces);
}

function scriptFamily(family: IPFamily, input: ArtifactInput): ScriptFamily {
  const { states, layout } = input;
  const state = stateOf(family, states);
  return {
    state,
    rules: restoreText(family, input, 'noflush'),
    probe: layout === 'compact' ? printTables([hairpinProbe(state)]) : undefined,
  };
}

function stateOf(family: IPFamily, states: NodeStates): NodeState {
  const state = states.get(family);
  invariant(state !== undefined, `the state of ${family} was not resolved`);
  return state;
}

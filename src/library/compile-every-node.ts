import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { count, listNames } from '../diagnostic/report.ts';
import type { Cluster } from '../model/cluster.ts';
import type { NodeStates } from '../model/node-state.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';
import { type ArtifactName, artifactRenderer } from '../modes/index.ts';
import { type Shard, shardNodes } from '../resolve/proxy/shard-nodes.ts';
import { type ChosenOutput, chooseOutput, type OutputOptions } from './choose-output.ts';
import {
  artifactTexts,
  type CompileOptions,
  lockText,
  type NodeInput,
  nonEmpty,
  usableInput,
} from './compile.ts';
import type { CompiledText } from './compiled-text.ts';
import { conclude, type WithDiagnostics } from './conclude.ts';
import { load, type Manifests } from './load.ts';
import { readNode } from './node.ts';
import type { PolicyOptions } from './options.ts';
import { inputProblem } from './problem.ts';
import { resolverOfNodes } from './resolve-node.ts';

/** Which nodes. */
export interface NodeSelection {
  /** Only one of several equal parts of them. Default: all. */
  readonly shard?: Shard | undefined;
  /** Told when one more node is resolved, and how many there are: long work may be shown. */
  readonly onResolved?: ((resolved: number, nodes: number) => void) | undefined;
}

export interface EveryNodeOptions extends Omit<CompileOptions, 'nodeName' | 'nodeIPs'>, NodeSelection {}

/** The artifacts of one node. */
export interface CompiledNode {
  readonly name: string;
  readonly artifacts: ReadonlyMap<ArtifactName, CompiledText>;
}

export interface CompiledNodes extends WithDiagnostics {
  /** By name. undefined: there are errors, of one node at least, and nothing may be used. */
  readonly nodes: readonly CompiledNode[] | undefined;
  /** As of `compile`. */
  readonly lock: string | undefined;
}

const WHOLE: Shard = { index: 1, count: 1 };

/**
 * The rules of every Node in the manifests. What nodes have in common is resolved and printed once; beyond that, one
 * node is in memory at a time, so texts of one node are to be read one after the other.
 */
export function compileEveryNode(manifests: Manifests, options: EveryNodeOptions = {}): CompiledNodes {
  const input = { node: readNode(options), loaded: load(manifests, options) };
  return compileEveryNodeOf(input, options);
}

/** The same of what has been read. */
export function compileEveryNodeOf(
  { loaded, node }: NodeInput,
  options: OutputOptions & PolicyOptions & NodeSelection,
): CompiledNodes {
  const chosen = node.config && chooseOutput(options, node.config);
  const usable = usableInput({ loaded, node }, chosen);
  const made = usable && compileNodes(usable.cluster, usable.config, { ...options, chosen: usable.chosen });
  const { diagnostics, ...end } = conclude(options, [node, chosen, loaded, made]);
  if (end.hasErrors || made === undefined) return { nodes: undefined, lock: undefined, diagnostics };
  return { nodes: made.nodes, lock: lockText(loaded, made.anyStates), diagnostics };
}

interface Wanted extends NodeSelection {
  readonly chosen: ChosenOutput;
}

interface MadeNodes extends WithDiagnostics {
  readonly nodes: readonly CompiledNode[];
  /** Those of one node: what is allocated is the same on all. */
  readonly anyStates: NodeStates | undefined;
}

function compileNodes(
  cluster: Cluster,
  config: ProxyConfig,
  { chosen, shard = WHOLE, onResolved }: Wanted,
): MadeNodes {
  if (cluster.nodes.length === 0) return { nodes: [], anyStates: undefined, diagnostics: [noNodes()] };
  const names = shardNodes(cluster.nodes, shard).map(({ name }) => name);
  const { resolve, alike } = resolverOfNodes(cluster, config, chosen.families);
  let anyStates: NodeStates | undefined;
  const found = names.map((name, index) => {
    const { states, diagnostics } = resolve(name);
    anyStates ??= states;
    onResolved?.(index + 1, names.length);
    return { name, artifacts: nonEmpty(chosen.artifacts, states), diagnostics };
  });
  const render = artifactRenderer({
    ...chosen.setting,
    form: chosen.form,
    withHealth: chosen.withHealth,
    confirmSeconds: chosen.confirmSeconds,
    alike,
  });
  const statesOf = rememberLast((name) => resolve(name).states);
  const nodes = found.map(({ name, artifacts }) => ({
    name,
    artifacts: artifactTexts({ artifacts }, (artifact) => render(artifact, statesOf(name))),
  }));
  return { nodes, anyStates, diagnostics: joinDiagnostics(found) };
}

/** States that are asked for again, for the next artifact of a node, are not made again. */
function rememberLast(resolve: (name: string) => NodeStates): (name: string) => NodeStates {
  let last: { readonly name: string; readonly states: NodeStates } | undefined;
  return (name) => {
    if (last?.name !== name) last = { name, states: resolve(name) };
    return last.states;
  };
}

function noNodes(): Diagnostic {
  return inputProblem({
    code: 'nodes-given',
    message: "--node '*' is for every Node in the input, and there is none",
    hint: 'add the Node objects (kubectl get nodes -o yaml), or name one node with --node NAME',
  });
}

interface FoundOnNode extends WithDiagnostics {
  readonly name: string;
}

/** What is said of many nodes is said once. What is said of a node without naming it gets its name. */
function joinDiagnostics(found: readonly FoundOnNode[]): readonly Diagnostic[] {
  const joined = new Map<string, { readonly diagnostic: Diagnostic; readonly names: string[] }>();
  for (const { name, diagnostics } of found) {
    for (const diagnostic of diagnostics) {
      const key = JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.object, diagnostic.field]);
      const before = joined.get(key);
      if (before === undefined) joined.set(key, { diagnostic, names: [name] });
      else before.names.push(name);
    }
  }
  return [...joined.values()].map(({ diagnostic, names }) => {
    if (diagnostic.object !== '') return diagnostic;
    return {
      ...diagnostic,
      message: `${diagnostic.message} (${count(names.length, 'node')}: ${listNames(names)})`,
    };
  });
}

import { hasErrors } from '../diagnostic/has-errors.ts';
import type { NodeStates } from '../model/node-state.ts';
import { type ArtifactName, artifactRenderer } from '../modes/index.ts';
import type { Artifact } from '../modes/mode.ts';
import { formatAllocationLock } from '../resolve/allocation/allocation-lock.ts';
import { lockProxyPorts } from '../resolve/proxy/proxy-ports.ts';
import { type ChosenOutput, chooseOutput, type OutputOptions } from './choose-output.ts';
import { type CompiledText, compiledText } from './compiled-text.ts';
import { conclude, type WithDiagnostics } from './conclude.ts';
import { type LoadedManifests, load, type Manifests } from './load.ts';
import { type ReadNode, readNode } from './node.ts';
import type { NodeOptions } from './node-options.ts';
import type { ClusterOptions, PolicyOptions } from './options.ts';
import { resolveNode } from './resolve-node.ts';

/** What rules are made with. Defaults are those of the command line. */
export interface CompileOptions extends ClusterOptions, NodeOptions, OutputOptions {}

/** What comes of manifests. */
export interface Compiled<Name extends string = ArtifactName> extends WithDiagnostics {
  /** By name, in their order. undefined: there are errors, and nothing may be used. */
  readonly artifacts: ReadonlyMap<Name, CompiledText> | undefined;
  /**
   * What was allocated, as the text of a lock file: given with the next call, none of it changes. undefined: there are
   * errors.
   */
  readonly lock: string | undefined;
}

/**
 * From manifests to the rules of one node: parses, validates, makes pods and addresses that are missing, resolves and
 * renders, as `svcgen render` does. Problems of the input are diagnostics, never exceptions.
 */
export function compile(manifests: Manifests, options: CompileOptions = {}): Compiled {
  return compileOf(readInput(manifests, options), options);
}

/** Manifests and a node, read. */
export interface NodeInput {
  readonly loaded: LoadedManifests;
  readonly node: ReadNode;
}

/** Reads manifests and what options say of the node. */
export function readInput(manifests: Manifests, options: ClusterOptions & NodeOptions): NodeInput {
  const node = readNode(options);
  const { nodeName, nodeIPs } = node.config ?? {};
  return { loaded: load(manifests, { ...options, nodeName, nodeIPs }), node };
}

/** The same of what has been read. */
export function compileOf({ loaded, node }: NodeInput, options: OutputOptions & PolicyOptions): Compiled {
  const chosen = node.config && chooseOutput(options, node.config);
  const usable = usableInput({ loaded, node }, chosen);
  const resolved = usable && resolveNode(usable.cluster, usable.config, usable.chosen.families);
  const { diagnostics, ...end } = conclude(options, [node, chosen, loaded, resolved]);
  if (end.hasErrors || chosen === undefined || resolved === undefined) return failure({ diagnostics });
  const { states } = resolved;
  const render = artifactRenderer({
    ...chosen.setting,
    form: chosen.form,
    withHealth: chosen.withHealth,
    confirmSeconds: chosen.confirmSeconds,
  });
  const wanted = { artifacts: nonEmpty(chosen.artifacts, states) };
  const artifacts = artifactTexts(wanted, (name) => render(name, states));
  return { artifacts, lock: lockText(loaded, states), diagnostics };
}

/** What there is to resolve; undefined: there are errors already. */
export function usableInput<Chosen extends WithDiagnostics>(
  { loaded, node }: NodeInput,
  chosen: Chosen | undefined,
) {
  const { cluster } = loaded;
  const { config } = node;
  if (cluster === undefined || config === undefined || chosen === undefined) return undefined;
  return hasErrors([...node.diagnostics, ...chosen.diagnostics]) ? undefined : { cluster, config, chosen };
}

/** Of several artifacts those that hold something. */
export function nonEmpty<Name extends string>(
  artifacts: readonly Artifact<Name>[],
  states: NodeStates,
): readonly Artifact<Name>[] {
  const hasChecks = [...states.values()].some(({ healthChecks }) => healthChecks.length > 0);
  if (hasChecks || artifacts.length === 1) return artifacts;
  return artifacts.filter(({ isForHealthChecks }) => isForHealthChecks !== true);
}

/** The artifacts of one node, by name. */
export function artifactTexts(
  { artifacts }: Pick<ChosenOutput, 'artifacts'>,
  render: (name: ArtifactName) => Iterable<string>,
): ReadonlyMap<ArtifactName, CompiledText> {
  return new Map(
    artifacts.map(({ name, fileName, isExecutable }) => [
      name,
      compiledText({ fileName, isExecutable, chunks: () => render(name) }),
    ]),
  );
}

/** Nothing, because there are errors. */
export function failure({ diagnostics }: WithDiagnostics): Compiled<never> {
  return { artifacts: undefined, lock: undefined, diagnostics };
}

/**
 * What was allocated, to be kept.
 * @param states what a node serves; undefined: nobody has asked
 */
export function lockText({ cluster, lock }: LoadedManifests, states?: NodeStates): string | undefined {
  if (cluster === undefined || lock === undefined) return undefined;
  const [userspace] = [...(states?.values() ?? [])].flatMap((state) => state.userspace ?? []);
  return formatAllocationLock(
    userspace === undefined ? lock : lockProxyPorts(lock, cluster.services, userspace.proxyPorts),
  );
}

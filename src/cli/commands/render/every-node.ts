import { join } from 'node:path';
import { nodeResolver, type ResolvedNode } from '../../../compile.ts';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { invariant } from '../../../diagnostic/invariant.ts';
import { count, listNames } from '../../../diagnostic/report.ts';
import type { Cluster, IPFamily } from '../../../model/cluster.ts';
import type { NodeStates } from '../../../model/node-state.ts';
import type { ProxyConfig } from '../../../model/proxy-config.ts';
import { type ArtifactInput, type ArtifactName, artifactRenderer } from '../../../modes/index.ts';
import type { Artifact } from '../../../modes/mode.ts';
import { type Shard, shardNodes } from '../../../resolve/proxy/shard-nodes.ts';
import { inputProblem } from '../../input/input-problem.ts';
import type { Output } from '../../output/emit.ts';
import { type ProgressTerminal, startCounting } from '../../output/progress.ts';
import { checkFamily } from './family-check.ts';

/** What `--node` is for all of them. */
export const EVERY_NODE = '*';

const WHOLE: Shard = { index: 1, count: 1 };

interface EveryNodeRequest {
  readonly config: ProxyConfig;
  readonly input: Omit<ArtifactInput, 'states'>;
  readonly artifacts: readonly Artifact<ArtifactName>[];
  readonly families: readonly IPFamily[];
  readonly outputDir: string;
  /** undefined: all nodes. */
  readonly shard: Shard | undefined;
}

interface NodeFiles {
  /** Of all nodes: none of them is written when one has an error. */
  readonly diagnostics: readonly Diagnostic[];
  /** Texts of files are made when they are read, so they are to be read in this order. */
  readonly output: Output;
}

/**
 * The artifacts of every Node in the input, in a folder of its own. What nodes have in common is resolved and printed
 * once; beyond that, one node is in memory at a time.
 */
export function everyNodeFiles(
  cluster: Cluster,
  request: EveryNodeRequest,
  terminal: ProgressTerminal,
): NodeFiles {
  if (cluster.nodes.length === 0) return { diagnostics: [noNodes()], output: { files: [] } };
  const names = shardNodes(cluster.nodes, request.shard ?? WHOLE).map(({ name }) => name);
  const resolveNode = nodeResolver(cluster, request.config, request.families);
  const progress = startCounting(terminal, names.length);
  const found = names.map((name) => {
    const { states, diagnostics } = resolveNode(name);
    progress.count('resolved');
    return { name, diagnostics: [...diagnostics, ...checkFamily(cluster, states)] };
  });
  progress.clear();
  return { diagnostics: joinDiagnostics(found), output: outputOf(names, resolveNode, request, terminal) };
}

function outputOf(
  names: readonly string[],
  resolveNode: (name: string) => ResolvedNode,
  { input, artifacts, outputDir }: EveryNodeRequest,
  terminal: ProgressTerminal,
): Output {
  const render = artifactRenderer({ ...input, isForMany: true });
  const progress = startCounting(terminal, names.length);
  const files = names.flatMap((name) => {
    let states: NodeStates | undefined;
    const textOf = function* (artifact: Artifact<ArtifactName>): Generator<string> {
      states ??= resolveNode(name).states;
      yield* render(artifact.name, states);
      if (artifact !== artifacts.at(-1)) return;
      states = undefined;
      progress.count('rendered');
    };
    return artifacts.map((artifact) => ({
      path: join(outputDir, folderName(name), artifact.fileName),
      isExecutable: artifact.isExecutable,
      makesFolders: true,
      text: textOf(artifact),
    }));
  });
  return { files, afterFiles: progress.clear };
}

/** As the API server names nodes: validation lets no other through, and no other may become part of a path. */
function folderName(nodeName: string): string {
  const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
  invariant(
    new RegExp(`^${label}(?:\\.${label})*$`).test(nodeName),
    'the name of a node is no name of a folder',
  );
  return nodeName;
}

function noNodes(): Diagnostic {
  return inputProblem({
    code: 'nodes-given',
    message: `--node '${EVERY_NODE}' is for every Node in the input, and there is none`,
    hint: 'add the Node objects (kubectl get nodes -o yaml), or name one node with --node NAME',
  });
}

interface FoundOnNode {
  readonly name: string;
  readonly diagnostics: readonly Diagnostic[];
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

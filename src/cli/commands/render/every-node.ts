import { join } from 'node:path';
import { invariant } from '../../../diagnostic/invariant.ts';
import { type CompiledNode, compileEveryNodeOf } from '../../../library/compile-every-node.ts';
import { countNodes } from '../../output/progress.ts';
import type { OutputFile } from '../../output/write-files.ts';
import type { Terminal } from '../../terminal.ts';
import { outputOptions, type Rendered, type RenderFlags, type RenderInput } from './flags.ts';

/** The artifacts of every Node in the input, in a folder of its own. */
export function renderEveryNode(input: RenderInput, flags: RenderFlags, terminal: Terminal): Rendered {
  const progress = countNodes(terminal);
  const { nodes, lock, diagnostics } = compileEveryNodeOf(input, {
    ...outputOptions(flags, input.node.config),
    shard: flags.shard,
    onResolved: (resolved, count) => progress.show('resolved', resolved, count),
  });
  progress.clear();
  const { outputDir = '.' } = flags;
  const files = nodes?.flatMap((node, index) =>
    nodeFiles(node, outputDir, () => progress.show('rendered', index + 1, nodes.length)),
  );
  return { output: files && { files, afterFiles: progress.clear }, lock, diagnostics };
}

/** They are written one node after the other, and each text is made then. */
function nodeFiles(
  { name, artifacts }: CompiledNode,
  outputDir: string,
  onRendered: () => void,
): readonly OutputFile[] {
  const texts = [...artifacts.values()];
  return texts.map((artifact) => ({
    path: join(outputDir, folderName(name), artifact.fileName),
    isExecutable: artifact.isExecutable,
    makesFolders: true,
    text: artifact === texts.at(-1) ? andThen(artifact.pieces(), onRendered) : artifact.pieces(),
  }));
}

function* andThen(pieces: Iterable<string>, onEnd: () => void): Generator<string> {
  yield* pieces;
  onEnd();
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

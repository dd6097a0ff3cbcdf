import { Command } from 'commander';
import { concat } from '../../../lang/text/concat.ts';
import { compileOf, type NodeInput } from '../../../library/compile.ts';
import { compileChangesOf } from '../../../library/compile-changes.ts';
import type { CompiledText } from '../../../library/compiled-text.ts';
import type { NodeText } from '../../../library/node-text.ts';
import type { CommandContext } from '../../context.ts';
import { checkStdin, inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { readNodeSettings } from '../../input/read-node.ts';
import { readNodeText } from '../../input/read-node-text.ts';
import { prepareHashing } from '../../large-inputs.ts';
import { addClusterOptions } from '../../options/cluster-options.ts';
import { addInputOptions, manifestOptions } from '../../options/input-options.ts';
import { addNodeOptions, EVERY_NODE, nodeProblem } from '../../options/node-options.ts';
import { addOutputOptions, outputPath, outputProblem } from '../../options/output-options.ts';
import { addProxyOptions } from '../../options/proxy-options.ts';
import { emit, type Output } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import { say } from '../../output/say.ts';
import type { Terminal } from '../../terminal.ts';
import { overwrittenFile } from './check-paths.ts';
import { renderEveryNode } from './every-node.ts';
import { outputOptions, type Rendered, type RenderFlags, type RenderInput } from './flags.ts';

const EXAMPLES = `
Examples:
  svcgen render manifests/ --script | sh
      beside Docker, firewalld or rules of your own, for IPv4 and IPv6
  svcgen render manifests/ | iptables-restore
      for a bare host only: it replaces whole tables, rules of others included
  kubectl get svc,endpointslices,pods,nodes,servicecidrs -A -o json | svcgen render --node worker-1
      what kube-proxy would program on worker-1
  svcgen render manifests/ --mode ipvs --node worker-1 | sh
      IPVS instead: brings the host to what is wanted, by what differs
  svcgen render manifests/ --mode nftables | nft -f -
      nftables instead: tables of our own, for IPv4 and IPv6, in one transaction
  iptables-save | svcgen render manifests/ --current - | iptables-restore --noflush
      only what differs from the rules that the node has
  svcgen render cluster.json --node '*' --output-dir nodes/
      every Node in the input, each in a folder of its own
  svcgen render k8s/ --synthesize-pods --lock svcgen.lock -o rules.txt
      a repository without pods and addresses: both are made up, and kept`;

/** `svcgen render`. */
export function renderCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('render')
    .summary('print the rules of one node')
    .description(
      'Prints the rules that kube-proxy would program on one node for the Services in the manifests.',
    );
  addInputOptions(command);
  addProxyOptions(command);
  addClusterOptions(command);
  addOutputOptions(command);
  addNodeOptions(command);
  return command
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], flags: RenderFlags) => {
      const inputs = inputPaths(paths, command, terminal);
      checkStdin(inputs, flags.current, command);
      finish(await render({ paths: inputs, flags, command }, terminal));
    });
}

interface Request {
  readonly paths: readonly string[];
  readonly flags: RenderFlags;
  readonly command: Command;
}

async function render({ paths, flags, command }: Request, terminal: Terminal): Promise<ExitCode> {
  const node = readNodeSettings(flags, command);
  const { config } = node;
  const problem = nodeProblem(flags) ?? outputProblem(flags, config) ?? overwrittenFile(paths, flags, config);
  if (problem !== undefined) return command.error(`error: ${problem}`);
  const identity = flags.node === EVERY_NODE ? {} : { node: config };
  const loaded = readCluster({ paths, flags, ...identity }, terminal);
  if (loaded.cluster !== undefined) await prepareHashing(loaded.cluster);
  const current =
    flags.current === undefined ? undefined : await readNodeText(flags.current, flags, terminal);
  const rendered = renderInput({ loaded, node }, { flags, current }, terminal);
  await report(rendered.diagnostics, flags, terminal);
  if (rendered.output === undefined) return EXIT.inputErrors;
  if (rendered.note !== undefined) say(terminal, rendered.note);
  const lockFiles = loaded.lockFilesWith(rendered.lock);
  return emit({ ...rendered.output, files: [...lockFiles, ...rendered.output.files] }, terminal);
}

/** What is asked for. */
interface Wanted {
  readonly flags: RenderFlags;
  /** The rules that the node has (`--current`). */
  readonly current: NodeText | undefined;
}

function renderInput(input: RenderInput, { flags, current }: Wanted, terminal: Terminal): Rendered {
  if (flags.node === EVERY_NODE) return renderEveryNode(input, flags, terminal);
  if (current !== undefined) return renderChanges(input, flags, current);
  const { artifacts, lock, diagnostics } = compileOf(input, outputOptions(flags, input.node.config));
  return { output: artifacts && nodeOutput([...artifacts.values()], flags), lock, diagnostics };
}

function nodeOutput(artifacts: readonly CompiledText[], flags: RenderFlags): Output {
  const texts = artifacts.map(({ fileName, isExecutable, pieces }) => ({
    path: outputPath(fileName, flags),
    isExecutable,
    makesFolders: flags.outputDir !== undefined,
    text: pieces(),
  }));
  return {
    files: texts.flatMap(({ path, ...rest }) => (path === undefined ? [] : [{ path, ...rest }])),
    stdout: concat(texts.flatMap(({ path, text }) => (path === undefined ? [text] : []))),
  };
}

/** Text that makes the rules of a node those that are wanted (`--current`); says so when they are. */
function renderChanges(input: NodeInput, flags: RenderFlags, current: NodeText): Rendered {
  const { family, layout, outputFile } = flags;
  const options = { ...manifestOptions(flags), family, layout };
  const { artifacts, lock, isEmpty, diagnostics } = compileChangesOf(input, current, options);
  const changes = artifacts?.get('changes');
  if (changes === undefined) return { output: undefined, lock, diagnostics };
  const toStdout = outputFile === undefined || outputFile === '-';
  const text = changes.pieces();
  return {
    output: {
      files: toStdout ? [] : [{ path: outputFile, isExecutable: false, text }],
      stdout: toStdout ? text : [],
    },
    lock,
    diagnostics,
    ...(isEmpty ? { note: 'nothing to change: the node has these rules' } : {}),
  };
}

import { join } from 'node:path';
import { Command } from 'commander';
import { resolveFamilies } from '../../compile.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { ProxyConfig } from '../../model/proxy-config.ts';
import { ARTIFACTS, type NodeStates, type RenderedMode, renderArtifact } from '../../render/artifacts.ts';
import type { SavedRules } from '../../trace/saved-rules/read-saved-rules.ts';
import { readConfigFile } from '../config/read-config-file.ts';
import type { CommandContext } from '../context.ts';
import { changesText, checkStdin, readCurrentRules } from '../current-rules.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { checkFamily } from '../family-check.ts';
import { inputPaths } from '../input/input-paths.ts';
import { addClusterOptions, type ClusterFlags } from '../options/cluster-options.ts';
import { addInputOptions, type InputFlags } from '../options/input-options.ts';
import {
  addOutputOptions,
  type OutputFlags,
  outputProblem,
  wantedArtifacts,
  wantedFamilies,
  wantedLayout,
} from '../options/output-options.ts';
import { addProxyOptions, type ProxyFlags, proxyConfig } from '../options/proxy-options.ts';
import { type OutputFile, writeFiles } from '../output/write-files.ts';
import { readCluster } from '../read-cluster.ts';
import { applyFlags, report } from '../report.ts';
import type { Terminal } from '../terminal.ts';

type RenderFlags = InputFlags & ClusterFlags & ProxyFlags & OutputFlags;

const EXAMPLES = `
Examples:
  svcgen render manifests/ | iptables-restore
      the rules of a bare host: whole tables, nothing else stays in them
  svcgen render manifests/ --script | sh
      the same beside Docker, firewalld or rules of your own, for IPv4 and IPv6
  kubectl get svc,endpointslices,pods,nodes -A -o json | svcgen render --node worker-1
      what kube-proxy would program on worker-1
  svcgen render manifests/ --mode ipvs --node worker-1 | sh
      IPVS instead: brings the host to what is wanted, by what differs
  svcgen render manifests/ --mode nftables | nft -f -
      nftables instead: tables of our own, for IPv4 and IPv6, in one transaction
  iptables-save | svcgen render manifests/ --current - | iptables-restore --noflush
      only what differs from the rules that the node has
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
  const file = flags.config === undefined ? { settings: {}, diagnostics: [] } : readConfigFile(flags.config);
  const config = proxyConfig(flags, file.settings);
  if (typeof config === 'string') return command.error(`error: ${config}`);
  const { mode } = config;
  const problem = outputProblem(flags, config);
  if (problem !== undefined) return command.error(`error: ${problem}`);
  const node = { name: config.nodeName, ips: config.nodeIPs };
  const read = readCluster({ paths, flags, node }, terminal);
  const resolved = hasErrors(file.diagnostics)
    ? undefined
    : resolveWanted(read.cluster, { ...config, mode }, flags);
  const current =
    flags.current === undefined
      ? undefined
      : readCurrentRules(flags.current, flags.family ?? 'IPv4', terminal);
  const found = [
    file,
    read,
    ...(resolved === undefined ? [] : [resolved]),
    ...(current === undefined ? [] : [current]),
  ];
  const diagnostics = applyFlags(
    found.flatMap((each) => each.diagnostics),
    flags,
  );
  await report(diagnostics, terminal);
  if (resolved === undefined || hasErrors(diagnostics)) return EXIT.inputErrors;
  return write({ mode, states: resolved.states, lockFiles: read.lockFiles, flags, current }, terminal);
}

type RenderedConfig = ProxyConfig & { readonly mode: RenderedMode };

function resolveWanted(cluster: Cluster | undefined, config: RenderedConfig, flags: RenderFlags) {
  if (cluster === undefined) return undefined;
  const families = wantedFamilies(flags, config.mode);
  const { states, diagnostics } = resolveFamilies(cluster, config, families);
  return { states, diagnostics: [...diagnostics, ...checkFamily(cluster, states)] };
}

interface Result {
  readonly mode: RenderedMode;
  readonly states: NodeStates;
  readonly lockFiles: readonly OutputFile[];
  readonly flags: RenderFlags;
  /** What the node has; undefined: not given. */
  readonly current: SavedRules | undefined;
}

function write({ mode, states, lockFiles, flags, current }: Result, terminal: Terminal): ExitCode {
  const layout = wantedLayout(flags, mode);
  const form = flags.noflush === true ? 'noflush' : 'tables';
  const artifacts = wantedArtifacts(flags, mode).map((name) => ({
    path: outputPath(ARTIFACTS[name].fileName, flags),
    isExecutable: ARTIFACTS[name].isExecutable,
    makesFolders: flags.outputDir !== undefined,
    text:
      current === undefined
        ? renderArtifact(name, { mode, layout, states, form })
        : changesText(current, states, { setting: { mode, layout }, terminal }),
  }));
  const files = artifacts.flatMap(({ path, ...rest }) => (path === undefined ? [] : [{ path, ...rest }]));
  const failure = writeFiles([...lockFiles, ...files]);
  if (failure !== undefined) {
    terminal.writeStderr(`error: cannot write ${JSON.stringify(failure.path)}: ${failure.reason}\n`);
    return EXIT.inputErrors;
  }
  for (const { path, text } of artifacts) {
    if (path !== undefined) continue;
    for (const piece of text) terminal.writeStdout(piece);
  }
  return EXIT.ok;
}

/** undefined: stdout. */
function outputPath(fileName: string, { outputDir, outputFile }: RenderFlags): string | undefined {
  if (outputDir !== undefined) return join(outputDir, fileName);
  return outputFile === '-' ? undefined : outputFile;
}

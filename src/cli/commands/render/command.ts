import { Command } from 'commander';
import { resolveFamilies } from '../../../compile.ts';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { applyPolicy } from '../../../diagnostic/policy.ts';
import { concat } from '../../../lang/text/concat.ts';
import type { Cluster } from '../../../model/cluster.ts';
import type { NodeStates } from '../../../model/node-state.ts';
import type { ProxyConfig } from '../../../model/proxy-config.ts';
import { artifactRenderer } from '../../../modes/index.ts';
import type { NodeDump } from '../../../modes/node-dump.ts';
import type { CommandContext } from '../../context.ts';
import { readConfigFile } from '../../input/config/read-config-file.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { versionOfDump } from '../../input/read-dump.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { addInputOptions, type InputFlags, policyOf } from '../../options/input-options.ts';
import { addNodeOptions, type NodeFlags, nodeProblem } from '../../options/node-options.ts';
import {
  addOutputOptions,
  type OutputFlags,
  outputPath,
  outputProblem,
  wantedArtifacts,
  wantedFamilies,
  wantedSetting,
} from '../../options/output-options.ts';
import { addProxyOptions, type ProxyFlags, proxyConfig } from '../../options/proxy-options.ts';
import { emit, type Output } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import { prepareHashing } from '../../prepare-hashing.ts';
import type { Terminal } from '../../terminal.ts';
import { overwrittenFile } from './check-paths.ts';
import { changesText, checkStdin, readCurrentRules } from './current-rules.ts';
import { EVERY_NODE, everyNodeFiles } from './every-node.ts';
import { checkFamily } from './family-check.ts';

type RenderFlags = InputFlags & ClusterFlags & ProxyFlags & OutputFlags & NodeFlags;

const EXAMPLES = `
Examples:
  svcgen render manifests/ | iptables-restore
      the rules of a bare host: whole tables, nothing else stays in them
  svcgen render manifests/ --script | sh
      the same beside Docker, firewalld or rules of your own, for IPv4 and IPv6
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
  const file = flags.config === undefined ? { settings: {}, diagnostics: [] } : readConfigFile(flags.config);
  const config = proxyConfig(flags, file.settings);
  if (typeof config === 'string') return command.error(`error: ${config}`);
  const problem = nodeProblem(flags) ?? outputProblem(flags, config) ?? overwrittenFile(paths, flags, config);
  if (problem !== undefined) return command.error(`error: ${problem}`);
  const isForOne = flags.node !== EVERY_NODE;
  const node = { name: config.nodeName, ips: config.nodeIPs };
  const { cluster, ...read } = readCluster({ paths, flags, ...(isForOne ? { node } : {}) }, terminal);
  const current =
    flags.current === undefined
      ? undefined
      : readCurrentRules(
          { path: flags.current, setting: wantedSetting(flags, config), family: flags.family ?? 'IPv4' },
          terminal,
        );
  if (cluster !== undefined) await prepareHashing(cluster);
  const prepare = isForOne ? prepareNode : prepareEveryNode;
  const prepared =
    cluster === undefined || hasErrors(file.diagnostics)
      ? undefined
      : prepare(cluster, { config, flags, current: current?.dump }, terminal);
  const found = [
    file,
    read,
    ...(prepared === undefined ? [] : [prepared]),
    ...(current === undefined ? [] : [current, versionOfDump(current, flags)]),
  ];
  const diagnostics = applyPolicy(
    found.flatMap((each) => each.diagnostics),
    policyOf(flags),
  );
  await report(diagnostics, flags, terminal);
  if (prepared === undefined || hasErrors(diagnostics)) return EXIT.inputErrors;
  const output = prepared.output();
  return emit({ ...output, files: [...read.lockFiles, ...output.files] }, terminal);
}

interface Wanted {
  readonly config: ProxyConfig;
  readonly flags: RenderFlags;
  /** What the node has; undefined: not given. */
  readonly current: NodeDump | undefined;
}

/** What is resolved. It is rendered when nobody objects. */
interface Prepared {
  readonly diagnostics: readonly Diagnostic[];
  readonly output: () => Output;
}

function prepareNode(cluster: Cluster, wanted: Wanted, terminal: Terminal): Prepared {
  const { config, flags } = wanted;
  const { states, diagnostics } = resolveFamilies(cluster, config, wantedFamilies(flags, config.mode));
  return {
    diagnostics: [...diagnostics, ...checkFamily(cluster, states)],
    output: () => nodeOutput(states, wanted, terminal),
  };
}

function nodeOutput(states: NodeStates, { config, flags, current }: Wanted, terminal: Terminal): Output {
  const input = artifactInput(config, flags);
  const render = artifactRenderer({ ...input, isForMany: false });
  const artifacts = wantedArtifacts(flags, config.mode).map(({ name, fileName, isExecutable }) => ({
    path: outputPath(fileName, flags),
    isExecutable,
    makesFolders: flags.outputDir !== undefined,
    text:
      current === undefined
        ? render(name, states)
        : changesText(current, states, { setting: input, terminal }),
  }));
  return {
    files: artifacts.flatMap(({ path, ...rest }) => (path === undefined ? [] : [{ path, ...rest }])),
    stdout: concat(artifacts.flatMap(({ path, text }) => (path === undefined ? [text] : []))),
  };
}

function prepareEveryNode(cluster: Cluster, { config, flags }: Wanted, terminal: Terminal): Prepared {
  const request = {
    config,
    input: artifactInput(config, flags),
    artifacts: wantedArtifacts(flags, config.mode),
    families: wantedFamilies(flags, config.mode),
    outputDir: flags.outputDir ?? '.',
    shard: flags.shard,
  };
  const { diagnostics, output } = everyNodeFiles(cluster, request, terminal);
  return { diagnostics, output: () => output };
}

function artifactInput(config: ProxyConfig, flags: RenderFlags) {
  const form = flags.noflush === true ? 'noflush' : 'tables';
  return { ...wantedSetting(flags, config), form } as const;
}

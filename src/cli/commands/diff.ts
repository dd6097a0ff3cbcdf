import { Command, Option } from 'commander';
import { type ClusterSide, compareClusters } from '../../compare.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import { isSame } from '../../diff/report.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { ProxyConfig, RuleLayout } from '../../model/proxy-config.ts';
import type { RenderedMode } from '../../render/artifacts.ts';
import { readConfigFile } from '../config/read-config-file.ts';
import type { CommandContext } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { addClusterOptions, type ClusterFlags } from '../options/cluster-options.ts';
import { addInputOptions, type InputFlags } from '../options/input-options.ts';
import { outputProblem, wantedLayout } from '../options/output-options.ts';
import { addProxyOptions, type ProxyFlags, proxyConfig } from '../options/proxy-options.ts';
import { parseFamily, parseLayout } from '../options/values.ts';
import { type DiffFormat, diffFormats, printTrafficDiff } from '../print-diff.ts';
import { type ReadCluster, readCluster } from '../read-cluster.ts';
import { applyFlags, report } from '../report.ts';
import type { Terminal } from '../terminal.ts';

interface DiffFlags extends InputFlags, ClusterFlags, ProxyFlags {
  readonly family?: IPFamily;
  readonly layout?: RuleLayout;
  readonly output: DiffFormat;
}

const EXAMPLES = `
Examples:
  svcgen diff old/ new/
      what changes for clients, Service by Service, and how many rules of a node that touches
  git worktree add /tmp/base origin/main && svcgen diff /tmp/base/k8s k8s --output markdown > comment.md
      the same as a comment for a pull request
  kubectl get svc,endpointslices,pods,nodes -A -o json | svcgen diff - manifests/ --node worker-1
      what applying manifests would do to the traffic of worker-1

Without --node, all nodes are compared at once: where a policy is Local, it tells which endpoints there are, and where.
Exit status: 0 no difference, 1 there are differences, 2 trouble. Warnings are those of NEW.`;

/** `svcgen diff`. */
export function diffCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('diff')
    .usage('[options] OLD NEW')
    .description(
      'Says what a change of manifests does to traffic: from OLD to NEW, files or folders or - for stdin.',
    );
  addInputOptions(command);
  addProxyOptions(command);
  addClusterOptions(command);
  command
    .optionsGroup('Output:')
    .addOption(new Option('--output <format>', 'form of the output').choices(diffFormats).default('pretty'))
    .option('--family <family>', 'compare ipv4 or ipv6 only (default: both)', parseFamily)
    .option('--layout <layout>', 'how the rules that are counted are laid out', parseLayout);
  return command.addHelpText('after', EXAMPLES).action(async (paths: readonly string[], flags: DiffFlags) => {
    const [before, after, ...more] = paths;
    if (before === undefined || after === undefined || more.length > 0) {
      return command.error(`error: it takes two sides, OLD and NEW, and got ${paths.length}`);
    }
    if (before === '-' && after === '-') return command.error('error: only one side can come from stdin');
    const { exitCode, text } = await diff({ before, after, flags, command }, terminal);
    finish(exitCode);
    terminal.writeStdout(text);
  });
}

interface Request {
  readonly before: string;
  readonly after: string;
  readonly flags: DiffFlags;
  readonly command: Command;
}

interface Answer {
  readonly exitCode: ExitCode;
  readonly text: string;
}

async function diff({ before, after, flags, command }: Request, terminal: Terminal): Promise<Answer> {
  const file = flags.config === undefined ? { settings: {}, diagnostics: [] } : readConfigFile(flags.config);
  const config = proxyConfig(flags, file.settings);
  if (typeof config === 'string') return command.error(`error: ${config}`);
  const { mode } = config;
  const problem = outputProblem(flags, config);
  if (problem !== undefined) return command.error(`error: ${problem}`);
  const node = { name: config.nodeName, ips: config.nodeIPs };
  const old = readCluster({ paths: [before], flags, node }, terminal);
  const now = readCluster({ paths: [after], flags, node }, terminal);
  const [oldSide, newSide] = [sideOf(old), sideOf(now)];
  const compared =
    oldSide === undefined || newSide === undefined || hasErrors(file.diagnostics)
      ? undefined
      : compareClusters({ ...settings({ ...config, mode }, flags), before: oldSide, after: newSide });
  const errorsOfOld = old.diagnostics.filter(({ severity }) => severity === 'error');
  const found = [...file.diagnostics, ...errorsOfOld, ...now.diagnostics, ...(compared?.diagnostics ?? [])];
  const diagnostics = applyFlags(found, flags);
  await report(diagnostics, terminal);
  if (compared === undefined || hasErrors(diagnostics)) return { exitCode: EXIT.trouble, text: '' };
  const text = await printTrafficDiff(compared.report, flags.output, terminal);
  return { exitCode: isSame(compared.report) ? EXIT.ok : EXIT.differs, text };
}

function sideOf({ cluster, lock }: ReadCluster): ClusterSide | undefined {
  return cluster === undefined || lock === undefined ? undefined : { cluster, lock };
}

function settings(config: ProxyConfig & { readonly mode: RenderedMode }, flags: DiffFlags) {
  return {
    config,
    setting: { mode: config.mode, layout: wantedLayout(flags, config.mode) },
    families: flags.family === undefined ? (['IPv4', 'IPv6'] as const) : [flags.family],
    hasLock: flags.lock !== undefined,
  };
}

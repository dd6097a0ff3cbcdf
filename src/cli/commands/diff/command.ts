import { Command, Option } from 'commander';
import { compareOf, compareWithNodeOf } from '../../../library/compare.ts';
import type { NodeText } from '../../../library/node-text.ts';
import { tellMode } from '../../../modes/dump/tell/dump-version.ts';
import type { CommandContext } from '../../context.ts';
import { checkStdin, inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { readNodeSettings } from '../../input/read-node.ts';
import { readNodeText } from '../../input/read-node-text.ts';
import type { Side } from '../../input/say-judged.ts';
import { prepareHashing } from '../../large-inputs.ts';
import { addClusterOptions } from '../../options/cluster-options.ts';
import { addInputOptions } from '../../options/input-options.ts';
import { EVERY_NODE } from '../../options/node-options.ts';
import { outputProblem } from '../../options/output-options.ts';
import { addProxyOptions } from '../../options/proxy-options.ts';
import { parseFamily, parseLayout } from '../../options/values.ts';
import { EXIT } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import { say } from '../../output/say.ts';
import type { Terminal } from '../../terminal.ts';
import { diffFormats, printDrift, printTrafficDiff } from './print-diff.ts';
import { comparisonOptions, type DiffAnswer, type DiffFlags, type DiffRequest, TROUBLE } from './request.ts';

const EXAMPLES = `
Examples:
  svcgen diff old/ new/
      what changes for clients, Service by Service, and how many rules of a node that touches
  git worktree add /tmp/base origin/main && svcgen diff /tmp/base/k8s k8s --output markdown > comment.md
      the same as a comment for a pull request
  kubectl get svc,endpointslices,pods,nodes,servicecidrs -A -o json | svcgen diff - manifests/ --node worker-1
      what applying manifests would do to the traffic of worker-1
  ssh worker-1 sudo iptables-save | svcgen diff manifests/ --rules - --node worker-1
      what the rules of worker-1 lack, have too much or have otherwise; ip6tables-save with --family ipv6
  ssh worker-1 sudo nft list ruleset | svcgen diff manifests/ --rules - --node worker-1
      the same in nftables mode, which the text tells: also elements of sets and maps, of both families
  ssh worker-1 'sudo sh -c "iptables-save; ipset save; ipvsadm-save -n"' |
    svcgen diff manifests/ --rules - --node worker-1
      the same in ipvs mode, with the sets and virtual servers of worker-1

Without --node, all nodes are compared at once: where a policy is Local, it tells which endpoints there are, and where.
Exit status: 0 no difference, 1 there are differences, 2 trouble. Warnings are those of NEW.`;

/** `svcgen diff`. */
export function diffCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('diff')
    .usage('[options] OLD NEW\n       svcgen diff [options] [paths...] --rules FILE')
    .description(
      'Says what a change of manifests does to traffic: from OLD to NEW, files or folders or - for stdin. With --rules, ' +
        'how the rules of a node have drifted from what manifests want.',
    );
  addInputOptions(command);
  addProxyOptions(command);
  addClusterOptions(command);
  command
    .optionsGroup('Output:')
    .option(
      '--rules <file>',
      'compare with a node\'s iptables-save instead (in ipvs mode also "ipset save" and "ipvsadm-save -n"), in nftables mode its "nft list ruleset"; a folder or .tar.gz that has it, - is stdin',
    )
    .addOption(new Option('--output <format>', 'form of the output').choices(diffFormats).default('pretty'))
    .option(
      '--family <family>',
      'ipv4 or ipv6 only (default: both; with --rules of iptables ipv4)',
      parseFamily,
    )
    .option('--layout <layout>', 'how the rules are laid out', parseLayout);
  return command.addHelpText('after', EXAMPLES).action(async (paths: readonly string[], flags: DiffFlags) => {
    const { exitCode, text } = await diff({ paths, flags, command }, terminal);
    finish(exitCode);
    terminal.writeStdout(text);
  });
}

interface CommandLine {
  readonly paths: readonly string[];
  readonly flags: DiffFlags;
  readonly command: Command;
}

async function diff({ paths, flags, command }: CommandLine, terminal: Terminal): Promise<DiffAnswer> {
  const node = readNodeSettings(flags, command);
  const problem = outputProblem(flags, node.config);
  if (problem !== undefined) return command.error(`error: ${problem}`);
  if (node.config.nodeName === EVERY_NODE) {
    return command.error(
      'error: --node is one node here: OLD and NEW are compared for all of them without it',
    );
  }
  const { rules } = flags;
  if (rules === undefined)
    return diffManifests(
      sidesOf([...paths, ...(flags.filename ?? [])], { flags, command }),
      { flags, node },
      terminal,
    );
  const inputs = inputPaths(paths, command, terminal);
  checkStdin(inputs, rules, command);
  const text = await readNodeText(rules, flags, terminal);
  const told = text.source && tellMode(text.source.text);
  const toldNode = readNodeSettings(flags, command, told);
  const { mode } = toldNode.config;
  if (mode !== node.config.mode)
    say(
      terminal,
      `the rules of the node are those of ${mode} mode, so that is compared (--mode chooses another)`,
    );
  return diffRules({ paths: inputs, text }, { flags, node: toldNode }, terminal);
}

/** A live cluster is what manifests are compared with. */
function sidesOf(
  named: readonly string[],
  { flags, command }: Pick<CommandLine, 'flags' | 'command'>,
): Sides {
  const paths = flags.live === undefined ? named : ['-', ...named];
  const [before, after, ...more] = paths;
  if (before === undefined || after === undefined || more.length > 0) {
    return command.error(
      `error: it takes two sides, OLD and NEW, or --rules: ${named.length === 1 ? 'one is' : `${named.length} are`} given`,
    );
  }
  if (before === '-' && after === '-') return command.error('error: only one side can come from stdin');
  return { before, after };
}

/** What manifests are compared with. */
interface Drift {
  readonly paths: readonly string[];
  /** The rules of a node. */
  readonly text: NodeText;
}

/** Says how the rules of a node have drifted from what manifests want. */
async function diffRules(
  { paths, text }: Drift,
  { flags, node }: DiffRequest,
  terminal: Terminal,
): Promise<DiffAnswer> {
  const loaded = readCluster({ paths, flags, node: node.config }, terminal);
  if (loaded.cluster !== undefined) await prepareHashing(loaded.cluster);
  const compared = compareWithNodeOf({ loaded, node }, text, comparisonOptions(flags));
  await report(compared.diagnostics, flags, terminal);
  if (compared.report === undefined) return TROUBLE;
  const printed = await printDrift(compared.report, flags, terminal);
  return { exitCode: compared.isSame ? EXIT.ok : EXIT.differs, text: printed };
}

/** The two sides, as paths. */
interface Sides {
  readonly before: string;
  readonly after: string;
}

/** Says what a change of manifests does. */
async function diffManifests(
  sides: Sides,
  { flags, node }: DiffRequest,
  terminal: Terminal,
): Promise<DiffAnswer> {
  const read = (path: string, side: Side) =>
    readCluster({ paths: [path], flags, node: node.config, side }, terminal);
  const before = read(sides.before, 'old');
  const after = read(sides.after, 'new');
  const hasLock = flags.lock !== undefined;
  const compared = compareOf({ before, after, node, hasLock }, comparisonOptions(flags));
  await report(compared.diagnostics, flags, terminal);
  if (compared.report === undefined) return TROUBLE;
  const text = await printTrafficDiff(compared.report, flags.output, terminal);
  return { exitCode: compared.isSame ? EXIT.ok : EXIT.differs, text };
}

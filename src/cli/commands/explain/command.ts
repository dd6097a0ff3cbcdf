import { Command, Option } from 'commander';
import { inNamespace } from '../../../explain/connection/parse-client.ts';
import type { Explanation } from '../../../explain/explanation.ts';
import { printPrettyExplanation } from '../../../explain/print/print.ts';
import { printJsonExplanation } from '../../../explain/print/print-json.ts';
import { connectionProblem, explainOf, type WantedConnection } from '../../../library/explain.ts';
import type { ManifestOptions } from '../../../library/options.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { RuleLayout } from '../../../model/proxy-config.ts';
import type { CommandContext } from '../../context.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { readNodeSettings } from '../../input/read-node.ts';
import { readNodeText } from '../../input/read-node-text.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { addConnectionOptions, type ConnectionFlags, targetOf } from '../../options/connection-options.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import { EVERY_NODE } from '../../options/node-options.ts';
import { outputProblem } from '../../options/output-options.ts';
import { addProxyOptions, type ProxyFlags } from '../../options/proxy-options.ts';
import { parseFamily, parseLayout } from '../../options/values.ts';
import { stdoutColors } from '../../output/colors.ts';
import { emit } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';

interface ExplainFlags extends InputFlags, ClusterFlags, ProxyFlags, ConnectionFlags {
  readonly rules?: string;
  readonly host?: string;
  readonly family?: IPFamily;
  readonly layout?: RuleLayout;
  readonly output: 'pretty' | 'json';
}

const EXAMPLES = `
Examples:
  svcgen explain manifests/ --from shop/front-0 --to default/web:http
      what this pod meets on its node: rule by rule, and every endpoint with its probability
  svcgen explain manifests/ --node worker-1 --from 203.0.113.7 --to 192.168.1.11:30080
      a client outside, and a nodePort
  iptables-save | svcgen explain --rules - --node-ip 192.168.1.11 --from 203.0.113.7 --to 10.96.0.10:53/udp
      the same of a node as it is, whoever made its rules
  nft list ruleset | svcgen explain --rules - --node-ip 192.168.1.11 --from 203.0.113.7 --to 192.168.1.11:30080
      a node of nftables mode: the text tells whose output it is
  { iptables-save; ipset save; ipvsadm-save -n; } | svcgen explain --rules - --from 203.0.113.7 --to 10.96.0.10:80
      a node of ipvs mode, with its sets and virtual servers
  iptables-save | svcgen explain manifests/ --rules - --node worker-1 --to default/web
      the rules of a node, with the names of manifests`;

/** `svcgen explain`. */
export function explainCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('explain').description(
    'Follows a new connection through the rules of a node, as the kernel does, and says in words what becomes of it: ' +
      'which rules decide, which endpoints may have it, whether its source is rewritten, or who refuses it and why.',
  );
  addConnectionOptions(command);
  command
    .optionsGroup('Rules:')
    .option(
      '--rules <file>',
      'what iptables-save (with "ipset save" and "ipvsadm-save -n") or "nft list ruleset" printed on a node, a folder or .tar.gz that has it, or - for stdin (default: ours)',
    )
    .option(
      '--host <file>',
      'what "ip -j addr" and "ip -j route" printed on the node: then its addresses and interfaces are known',
    )
    .option('--family <family>', 'of a Service that has addresses of both: ipv4 or ipv6', parseFamily)
    .option('--layout <layout>', 'how our rules are laid out: kube-proxy or compact', parseLayout);
  addInputOptions(command);
  addProxyOptions(command);
  addClusterOptions(command);
  command
    .optionsGroup('Output:')
    .addOption(
      new Option('--output <format>', 'form of the output').choices(['pretty', 'json']).default('pretty'),
    );
  return command
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], flags: ExplainFlags) => {
      finish(await explainConnection({ paths, flags, command }, terminal));
    });
}

interface Request {
  readonly paths: readonly string[];
  readonly flags: ExplainFlags;
  readonly command: Command;
}

async function explainConnection({ paths, flags, command }: Request, terminal: Terminal): Promise<ExitCode> {
  const node = readNodeSettings(flags, command);
  if (node.config.nodeName === EVERY_NODE) {
    return command.error("error: --node '*' is for render: a connection is explained on one node");
  }
  const problem = usageProblem(paths, flags) ?? outputProblem(flags, node.config);
  if (problem !== undefined) return command.error(`error: ${problem}`);
  const { rules } = flags;
  const files = manifestPaths(paths, flags, { command, terminal });
  const loaded =
    files === undefined ? undefined : readCluster({ paths: files, flags, node: node.config }, terminal);
  const text = rules === undefined ? undefined : await readNodeText(rules, flags, terminal);
  const host = flags.host === undefined ? undefined : await readNodeText(flags.host, flags, terminal);
  const { explanation, diagnostics } = explainOf({ node, loaded, rules: text, host }, wanted(flags));
  await report(diagnostics, flags, terminal);
  if (explanation === undefined) return EXIT.inputErrors;
  return emit({ files: [], stdout: [await print(explanation, flags, terminal)] }, terminal);
}

/** Where manifests are, beside what other programs have built; undefined: rules of a node need none. */
function manifestPaths(
  paths: readonly string[],
  { rules, filename = [], built, fromProject }: ExplainFlags,
  { command, terminal }: { readonly command: Command; readonly terminal: Terminal },
): readonly string[] | undefined {
  const isGiven = paths.length + filename.length > 0 || built !== undefined;
  return rules !== undefined && !isGiven ? fromProject?.paths : inputPaths(paths, command, terminal);
}

/** What the options ask for that can't be. @returns what is wrong, as text */
function usageProblem(paths: readonly string[], flags: ExplainFlags): string | undefined {
  if (flags.rules === '-' && paths.includes('-')) return 'stdin can be the rules or manifests, not both';
  if (flags.host === '-' && (flags.rules === '-' || paths.includes('-')))
    return '--host: stdin is the rules or manifests already; put the host into a file';
  const problem = connectionProblem({ ...flags, to: targetOf(flags), origin: originOf(flags) });
  return problem && `--${problem.option} ${problem.message}`;
}

function wanted(flags: ExplainFlags): WantedConnection & ManifestOptions {
  const { from, namespace, inInterface, outInterface, family, layout } = flags;
  return {
    ...manifestOptions(flags),
    to: targetOf(flags),
    from: inNamespace(from, namespace),
    origin: originOf(flags),
    inInterface,
    outInterface,
    family,
    layout,
  };
}

function originOf({ fromNode, fromOutside }: ConnectionFlags): WantedConnection['origin'] {
  return fromNode === true ? 'node' : fromOutside === true ? 'outside' : undefined;
}

async function print(
  explanation: Explanation,
  { output, verbose }: ExplainFlags,
  terminal: Terminal,
): Promise<string> {
  if (output === 'json') return printJsonExplanation(explanation);
  const colors = await stdoutColors(terminal);
  const columns = terminal.stdoutColumns();
  return printPrettyExplanation(explanation, { colors, isVerbose: verbose === true, columns });
}

import { Command, Option } from 'commander';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { applyPolicy } from '../../../diagnostic/policy.ts';
import { type ExplainRequest, explain } from '../../../explain/explain.ts';
import type { Explanation } from '../../../explain/explanation.ts';
import { printJsonExplanation, printPrettyExplanation } from '../../../explain/print.ts';
import { familyOf } from '../../../model/ip.ts';
import type { CommandContext } from '../../context.ts';
import { readConfigFile } from '../../input/config/read-config-file.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { addClusterOptions } from '../../options/cluster-options.ts';
import { addConnectionOptions } from '../../options/connection-options.ts';
import { addInputOptions, policyOf } from '../../options/input-options.ts';
import { outputProblem } from '../../options/output-options.ts';
import { addProxyOptions, proxyConfig } from '../../options/proxy-options.ts';
import { parseFamily, parseLayout } from '../../options/values.ts';
import { stdoutColors } from '../../output/colors.ts';
import { emit } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';
import { EVERY_NODE } from '../render/every-node.ts';
import { type ExplainInputFlags, readExplainInput } from './explain-input.ts';

interface ExplainFlags extends ExplainInputFlags {
  readonly output: 'pretty' | 'json';
}

const EXAMPLES = `
Examples:
  svcgen explain manifests/ --node worker-1 --from 10.244.1.9 --to default/web:http
      what a pod of worker-1 meets: rule by rule, and every endpoint with its probability
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
      'what iptables-save (with "ipset save" and "ipvsadm-save -n") or "nft list ruleset" printed on a node, or - for stdin (default: ours)',
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
  const file = flags.config === undefined ? { settings: {}, diagnostics: [] } : readConfigFile(flags.config);
  const config = proxyConfig(flags, file.settings);
  if (typeof config === 'string') return command.error(`error: ${config}`);
  if (config.nodeName === EVERY_NODE) {
    return command.error("error: --node '*' is for render: a connection is explained on one node");
  }
  const problem = connectionProblem(paths, flags) ?? outputProblem(flags, config);
  if (problem !== undefined) return command.error(`error: ${problem}`);
  const input = readExplainInput(
    { paths: manifestPaths(paths, flags, { command, terminal }), flags, config },
    terminal,
  );
  const found = [...file.diagnostics, ...input.diagnostics];
  const explained = hasErrors(found) ? undefined : explain({ ...input.request, ...wanted(flags) });
  const diagnostics = applyPolicy(
    explained?.kind === 'failed' ? [...found, explained.diagnostic] : found,
    policyOf(flags),
  );
  await report(diagnostics, flags, terminal);
  if (explained?.kind !== 'explained' || hasErrors(diagnostics)) return EXIT.inputErrors;
  const text = await print(explained.explanation, flags.output, terminal);
  return emit({ files: [], stdout: [text] }, terminal);
}

/** Rules of a node need no manifests. */
function manifestPaths(
  paths: readonly string[],
  { rules }: ExplainFlags,
  { command, terminal }: { readonly command: Command; readonly terminal: Terminal },
): readonly string[] {
  return rules !== undefined && paths.length === 0 ? [] : inputPaths(paths, command, terminal);
}

/** What the options ask for that can't be. @returns what is wrong, as text */
function connectionProblem(
  paths: readonly string[],
  { from, to, rules, family }: ExplainFlags,
): string | undefined {
  if (rules === '-' && paths.includes('-')) return 'stdin can be the rules or manifests, not both';
  const wanted = to.kind === 'address' ? to.family : family;
  if (to.kind === 'address' && family !== undefined && family !== to.family)
    return `--to ${to.ip} is ${to.family}, not ${family}`;
  if (from === undefined || wanted === undefined || familyOf(from) === wanted) return undefined;
  return `--from ${from} is ${familyOf(from)}, and the connection goes to ${wanted}`;
}

function wanted({
  to,
  from,
  fromNode,
  fromOutside,
  inInterface,
}: ExplainFlags): Pick<ExplainRequest, 'client' | 'target'> {
  const origin = fromNode === true ? 'node' : fromOutside === true ? 'outside' : undefined;
  return { target: to, client: { ip: from, origin, inInterface } };
}

async function print(
  explanation: Explanation,
  format: ExplainFlags['output'],
  terminal: Terminal,
): Promise<string> {
  return format === 'json'
    ? printJsonExplanation(explanation)
    : printPrettyExplanation(explanation, await stdoutColors(terminal));
}

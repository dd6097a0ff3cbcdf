import { Command, Option } from 'commander';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import {
  printGithubTest,
  printJsonTest,
  printJunitTest,
  printTapTest,
} from '../../../expect/print/formats.ts';
import { printPrettyTest } from '../../../expect/print/pretty.ts';
import type { RanCase, TestReport } from '../../../expect/run-cases.ts';
import { recordTrafficOf, type TestInput, testTrafficOf } from '../../../library/test-traffic.ts';
import type { SourceFile } from '../../../model/source.ts';
import type { CommandContext } from '../../context.ts';
import { describePathErrno } from '../../dangling-link.ts';
import { errnoCode } from '../../errno.ts';
import { realPathOf } from '../../input/find-files.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readBytes } from '../../input/read-bytes.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { unreadable } from '../../input/read-inputs.ts';
import { readNodeSettings } from '../../input/read-node.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import { EVERY_NODE } from '../../options/node-options.ts';
import { collectFiles } from '../../options/project-options.ts';
import { addProxyOptions, type ProxyFlags } from '../../options/proxy-options.ts';
import { stdoutColors } from '../../output/colors.ts';
import { emit } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import { type NamedPlace, nameFile } from '../../project/name-file.ts';
import { atItsPlace, type Project } from '../../project/project.ts';
import type { Terminal } from '../../terminal.ts';

const FORMATS = ['pretty', 'tap', 'junit', 'json', 'github'] as const;

interface TestFlags extends InputFlags, ClusterFlags, ProxyFlags {
  readonly expect?: readonly string[];
  readonly filter?: string;
  readonly record?: boolean;
  readonly output: (typeof FORMATS)[number];
}

const EXAMPLES = `
Examples:
  svcgen test manifests/
      runs the cases of all files *.traffic.yaml below the folder, on every node
  kubectl get svc,endpointslices,pods,nodes -A -o json | svcgen test - --expect shop.traffic.yaml
      the same of a cluster as it is
  svcgen test manifests/ --filter metrics --output junit > report.xml
      some of the cases, for CI
  svcgen test manifests/ --record > now.traffic.yaml
      what traffic does now, to begin from

A file of expectations:
  settings: { modes: [iptables, nftables], clusterCIDR: 10.244.0.0/16 }
  cases:
    - to: shop/front:https
      expect: reaches
    - name: metrics stay inside
      to: each port of shop/front
      expect: { only: [https] }

Exit status: 0 every case passes, 1 some fail or the input has errors, 2 wrong usage.`;

/** `svcgen test`. */
export function testCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('test').description(
    'Says whether traffic does what files of expectations say: follows the connections of each case through the rules of the ' +
      'nodes, as explain does, and shows the way of those that do something else.',
  );
  command
    .optionsGroup('Cases:')
    .option(
      '--expect <file>',
      'a file of expectations, besides *.traffic.yaml below the paths; repeatable',
      collectFiles,
    )
    .option('--filter <text>', 'only cases with this in their names')
    .addOption(
      new Option('--record', 'print a file of expectations that describes what traffic does now').conflicts([
        'expect',
        'filter',
        'output',
      ]),
    );
  addInputOptions(command);
  addProxyOptions(command);
  addClusterOptions(command);
  command
    .optionsGroup('Output:')
    .addOption(new Option('--output <format>', 'form of the output').choices(FORMATS).default('pretty'));
  return command.addHelpText('after', EXAMPLES).action(async (paths: readonly string[], flags: TestFlags) => {
    if (flags.node === EVERY_NODE)
      command.error(
        `error: --node '${EVERY_NODE}' is for render: cases run on every node unless they say otherwise`,
      );
    finish(await testTraffic({ paths: inputPaths(paths, command, terminal), flags, command }, terminal));
  });
}

interface Request {
  readonly paths: readonly string[];
  readonly flags: TestFlags;
  readonly command: Command;
}

async function testTraffic({ paths, flags: given, command }: Request, terminal: Terminal): Promise<ExitCode> {
  // What a file of expectations says is nearer to its cases than what a project file says, and all nodes are tested
  // unless a flag says otherwise.
  const typed = <Value>(value: Value, key: keyof TestFlags) =>
    command.getOptionValueSource(key) === 'config' ? undefined : value;
  const { node: _, ...others } = given;
  const flags: TestFlags = typed(given.node, 'node') === undefined ? others : given;
  const node = readNodeSettings(flags, command);
  const loaded = readCluster({ paths, flags, node: node.config }, terminal);
  if (flags.record === true) {
    const recorded = recordTrafficOf({ loaded, node }, manifestOptions(flags));
    await report(recorded.diagnostics, flags, terminal);
    if (recorded.text === undefined) return EXIT.inputErrors;
    return emit({ files: loaded.lockFiles, stdout: [recorded.text] }, terminal);
  }
  const named = (flags.expect ?? []).map((location) => ({
    path: nameFile(location, flags.fromProject?.folder),
    location,
  }));
  const { files, diagnostics: unread } = readFiles([...named, ...loaded.expectations], flags.fromProject);
  const input: TestInput = {
    loaded: { ...loaded, diagnostics: [...loaded.diagnostics, ...unread] },
    node,
    nodeOf: ({ mode, clusterCIDRs }) =>
      readNodeSettings(
        {
          ...flags,
          ...(mode === undefined ? {} : { mode }),
          ...(clusterCIDRs === undefined
            ? {}
            : { clusterCidr: typed(flags.clusterCidr, 'clusterCidr') ?? clusterCIDRs }),
        },
        command,
      ),
    files,
    mode: typed(flags.mode, 'mode'),
  };
  const tested = testTrafficOf(input, { ...manifestOptions(flags), filter: flags.filter });
  await report(tested.diagnostics, flags, terminal);
  if (tested.report === undefined) return EXIT.inputErrors;
  const { cases } = tested.report;
  const written = await emit(
    { files: loaded.lockFiles, stdout: [await print(tested.report, flags, terminal)] },
    terminal,
  );
  return cases.some(({ failures }) => failures.length > 0) ? EXIT.inputErrors : written;
}

/** Each once. */
function readFiles(
  places: readonly NamedPlace[],
  project: Project | undefined,
): {
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const files: SourceFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const once = new Map(places.map((place) => [realPathOf(place.location), place]));
  for (const { path, location } of once.values()) {
    try {
      files.push({ path, bytes: readBytes(location) });
    } catch (error) {
      const code = errnoCode(error);
      if (code === undefined) throw error;
      const problem = {
        ...unreadable(path, describePathErrno(error, { path, location })),
        hint: hintOn(code),
      };
      diagnostics.push(atItsPlace(problem, location, project));
    }
  }
  return { files, diagnostics };
}

function hintOn(code: string): string {
  return code === 'EISDIR'
    ? 'name the folder as a path: files *.traffic.yaml below it are found'
    : '--expect takes a file of cases; svcgen test --record writes one';
}

async function print(
  tested: TestReport<RanCase>,
  { output, verbose }: TestFlags,
  terminal: Terminal,
): Promise<string> {
  switch (output) {
    case 'pretty':
      return printPrettyTest(tested, { colors: await stdoutColors(terminal), isVerbose: verbose === true });
    case 'tap':
      return printTapTest(tested);
    case 'junit':
      return printJunitTest(tested);
    case 'json':
      return printJsonTest(tested);
    case 'github':
      return printGithubTest(tested);
  }
}

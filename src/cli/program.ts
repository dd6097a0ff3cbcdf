import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { CommandContext } from './context.ts';
import { describeErrno, errnoCode } from './errno.ts';
import type { KubectlFlags } from './input/built-manifests.ts';
import { type ClusterUse, wantsLiveCluster } from './input/input-paths.ts';
import { InputUnreadable } from './input/large-files.ts';
import { addOppositeFlags, rewriteBooleanFlags } from './options/boolean-flags.ts';
import { addKubectlOptions, type InputFlags, walkOptions } from './options/input-options.ts';
import { suggestChoices } from './options/invalid-value.ts';
import { EXIT, type ExitCode } from './output/exit-code.ts';
import { say, sayUsageError } from './output/say.ts';
import { PROJECT_INVALID, useProject } from './project/use-project.ts';
import type { Terminal } from './terminal.ts';

interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loads the command's module: only that of the command that runs. */
  readonly load: () => Promise<(context: CommandContext) => Command>;
  /** What it ends with when stdout takes no text; `inputErrors` when nothing else is said. */
  readonly failure?: ExitCode;
  /** What of it `kubectl svcgen` asks the cluster for; undefined: nothing. */
  readonly cluster?: ClusterUse;
}

/** In the order of the help text. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'render',
    summary: 'print the rules of one node',
    load: async () => (await import('./commands/render/command.ts')).renderCommand,
    cluster: 'input',
  },
  {
    name: 'validate',
    summary: 'say what is wrong with manifests, and where',
    load: async () => (await import('./commands/validate/command.ts')).validateCommand,
    cluster: 'input',
  },
  {
    name: 'env',
    summary: 'print the service environment variables of a namespace',
    load: async () => (await import('./commands/env/command.ts')).envCommand,
    cluster: 'input',
  },
  {
    name: 'endpoints',
    summary: 'print the Endpoints and EndpointSlices of the Services',
    load: async () => (await import('./commands/endpoints/command.ts')).endpointsCommand,
    cluster: 'input',
  },
  {
    name: 'dns',
    summary: 'print the DNS records of the Services',
    load: async () => (await import('./commands/dns/command.ts')).dnsCommand,
    cluster: 'input',
  },
  {
    name: 'explain',
    summary: 'follow one connection through the rules of a node',
    load: async () => (await import('./commands/explain/command.ts')).explainCommand,
    cluster: 'input',
  },
  {
    name: 'diff',
    summary: 'say what a change does to traffic, or how a node has drifted',
    load: async () => (await import('./commands/diff/command.ts')).diffCommand,
    failure: EXIT.trouble,
    cluster: 'one-side',
  },
  {
    name: 'graph',
    summary: 'draw Services: clients, addresses, policies, endpoints',
    load: async () => (await import('./commands/graph/command.ts')).graphCommand,
    cluster: 'input',
  },
  {
    name: 'view',
    summary: 'write a page with the manifests and the compiler in it',
    load: async () => (await import('./commands/view/command.ts')).viewCommand,
    cluster: 'input',
  },
  {
    name: 'test',
    summary: 'say whether traffic does what files of expectations say',
    load: async () => (await import('./commands/test/command.ts')).testCommand,
    cluster: 'input',
  },
  {
    name: 'config',
    summary: 'print the options in force, and where each value comes from',
    load: async () => (await import('./commands/config/command.ts')).configCommand,
  },
  {
    name: 'doctor',
    summary: 'print a script that gathers what explain wants to know of a node',
    load: async () => (await import('./commands/doctor/command.ts')).doctorCommand,
  },
  {
    name: 'cleanup',
    summary: 'print a script that removes from a host what any mode has left',
    load: async () => (await import('./commands/cleanup/command.ts')).cleanupCommand,
  },
  {
    name: 'completion',
    summary: 'print a script that makes a shell complete all this',
    load: async () => (await import('./commands/completion/command.ts')).completionCommand,
  },
];

const EXAMPLES = `
Examples:
  svcgen render manifests/ --script | sudo sh
      makes a node serve these Services, beside Docker, firewalld or rules of your own
  svcgen render manifests/ | sudo iptables-restore
      for a bare host only: it replaces whole tables, rules of others included
  kubectl get svc,endpointslices,pods,nodes,servicecidrs -A -o json | svcgen render --node worker-1
      prints what kube-proxy would program on worker-1

Exit status: 0 all is well, 1 the input has errors or the output could not be written, 2 wrong usage,
70 a bug of svcgen.
"svcgen help <command>" tells all about a command.`;

/**
 * Runs one command line.
 * @param argv without node and the script
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  try {
    // bin/svcgen.js, too: the script that it loads has this command and no other.
    const wanted = argv[0] === 'help' ? argv[1] : argv[0];
    const program = await createProgram(terminal, finish, (name) => name === wanted);
    await program.parseAsync(normalize(argv, program), { from: 'user' });
  } catch (error) {
    const failure = COMMANDS.find(({ name }) => name === argv[0])?.failure ?? EXIT.inputErrors;
    if (error instanceof CommanderError) {
      if (error.code === PROJECT_INVALID) return failure;
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
    if (errnoCode(error) === 'EPIPE') return exitCode;
    say(terminal, `error: ${describeFailure(error)}`);
    return failure;
  }
  return exitCode;
}

/**
 * Whatever else can be wrong with files is a diagnostic by now, so system errors are those of stdout. A reader that has
 * seen enough (`| head -1`, EPIPE) is no failure.
 * @throws error when it is none of the outside world
 */
function describeFailure(error: unknown): string {
  if (error instanceof InputUnreadable) return `cannot read ${JSON.stringify(error.path)}: ${error.message}`;
  if (errnoCode(error) === undefined) throw error;
  return `cannot write to stdout: ${describeErrno(error)}`;
}

/** The program with all its commands, which do nothing but say what they are. */
export function loadProgram(terminal: Terminal): Promise<Command> {
  return createProgram(
    terminal,
    () => {},
    () => true,
  );
}

/** The program with those commands that are wanted; of the others it only knows what the help says. */
async function createProgram(
  terminal: Terminal,
  finish: CommandContext['finish'],
  isWanted: (name: string) => boolean,
): Promise<Command> {
  const program = new Command(terminal.program)
    .description('kube-proxy as a compiler: Kubernetes Service manifests in, the rules of a node out')
    .usage('<command> [options] [paths...]')
    .version(packageJson.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: terminal.writeStdout,
      writeErr: terminal.writeStderr,
      outputError: sayUsageError,
    })
    .showHelpAfterError(`See "${terminal.program} --help".`)
    .exitOverride();
  program.hook('preAction', async (_, command) => {
    await useProject(command, terminal);
    const flags = command.opts<InputFlags & KubectlFlags>();
    refuseLonely(command, flags);
    const isBuilt = [flags.kustomize, flags.helm, flags.eachKustomization].some((each) => each !== undefined);
    const entry = COMMANDS.find(({ name }) => name === command.name());
    const isLive = !isBuilt && wantsLiveCluster(command, entry?.cluster, terminal);
    if (!isBuilt && !isLive) return;
    const { buildManifests, readLiveCluster } = await import('./input/built-manifests.ts');
    if (isLive) {
      command.setOptionValue('live', await readLiveCluster(flags, terminal));
      return;
    }
    const paths = pathsOf(command, flags);
    const context = { env: terminal.env, paths, walk: walkOptions(flags) };
    command.setOptionValue('built', await buildManifests(flags, context));
  });
  const context = { terminal, finish, loadProgram: () => loadProgram({ ...terminal, program: 'svcgen' }) };
  for (const { name, summary, load, cluster } of COMMANDS) {
    if (!isWanted(name)) {
      program.addCommand(new Command(name).summary(summary));
      continue;
    }
    const command = (await load())(context).summary(summary);
    if (terminal.program === 'kubectl svcgen' && cluster !== undefined) addKubectlOptions(command);
    addCommand(program, command);
  }
  return program;
}

function addCommand(program: Command, command: Command): void {
  addOppositeFlags(command);
  suggestChoices(command);
  command
    .copyInheritedSettings(program)
    .helpOption('-h, --help', 'print this help')
    .showHelpAfterError(`See "${program.name()} ${command.name()} --help".`);
  program.addCommand(command);
}

function normalize(argv: readonly string[], program: Command): readonly string[] {
  const find = (name: string | undefined) => program.commands.find((each) => each.name() === name);
  const [first, topic] = argv;
  // commander answers "help" of an unknown command with the general help; as a command it gets a suggestion.
  if (first === 'help' && topic !== undefined && find(topic) === undefined) return argv.slice(1);
  const command = find(first);
  if (command === undefined) return argv;
  return rewriteBooleanFlags(argv, command, (message) => command.error(message));
}

function pathsOf(command: Command, { fromProject }: InputFlags): readonly string[] {
  return command.args.length > 0 ? command.args : (fromProject?.paths ?? []);
}

/** Options that say nothing without another one: their user would think that they count. */
function refuseLonely(command: Command, flags: InputFlags): void {
  const isGiven = (name: string) => command.getOptionValueSource(name) === 'cli';
  for (const name of ['values', 'set'])
    if (flags.helm === undefined && isGiven(name))
      command.error(`error: --${name} is for --helm <chart>, which is not given`);
  if (flags.eachKustomization === true && pathsOf(command, flags).length === 0)
    command.error('error: --each-kustomization looks for kustomizations in folders: name some');
}

import { Command, Option } from 'commander';
import { escapeJson, escapeText } from '../../../diagnostic/escape.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { NEWEST_KUBERNETES } from '../../../kubernetes/versions.ts';
import { MODES } from '../../../modes/index.ts';
import type { CommandContext } from '../../context.ts';
import { type NodeSettings, readConfigFile, readNodeSettings } from '../../input/read-node.ts';
import type { InputFlags } from '../../options/input-options.ts';
import { addProjectOptions, PROJECT_FIELDS } from '../../options/project-options.ts';
import type { ProxyFlags } from '../../options/proxy-options.ts';
import { emit } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import { PROJECT_FILE } from '../../project/find-project.ts';
import { nameFile } from '../../project/name-file.ts';
import type { ProjectField } from '../../project/project.ts';
import type { Terminal } from '../../terminal.ts';

interface ConfigFlags extends InputFlags, ProxyFlags {
  readonly output: 'text' | 'json';
}

const AFTER = `
Examples:
  svcgen config
      what holds here: of svcgen.yaml, found upwards from the working folder, and by default
  svcgen config --mode ipvs --output json
      the same if an option were given, for programs

A project file, svcgen.yaml, has options in camelCase, and paths:
  paths: [k8s]
  clusterCIDR: 10.244.0.0/16
  mode: nftables`;

/** `svcgen config`. */
export function configCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('config').description(
    'Prints the options that a project file can set, with the value in force and where it comes from: a flag, svcgen.yaml, ' +
      'the KubeProxyConfiguration of --config, or the default.',
  );
  addProjectOptions(command);
  command
    .optionsGroup('Output:')
    .addOption(
      new Option('--output <format>', 'form of the output').choices(['text', 'json']).default('text'),
    );
  return command.addHelpText('after', AFTER).action(async (paths: readonly string[], flags: ConfigFlags) => {
    finish(await printConfig({ paths, flags, command }, terminal));
  });
}

interface Request {
  readonly paths: readonly string[];
  readonly flags: ConfigFlags;
  readonly command: Command;
}

/** A field, its value as text, and where that comes from. */
interface Row {
  readonly name: string;
  /** undefined: there is none. */
  readonly value: readonly string[] | string | boolean | undefined;
  readonly source: Source;
}

type Source =
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'project'; readonly line: number; readonly column: number }
  | { readonly kind: 'configuration'; readonly file: string }
  | { readonly kind: 'default' };

async function printConfig(request: Request, terminal: Terminal): Promise<ExitCode> {
  const { flags, command } = request;
  const node = readNodeSettings(flags, command);
  await report(node.diagnostics, flags, terminal);
  if (hasErrors(node.diagnostics)) return EXIT.inputErrors;
  const rows = PROJECT_FIELDS.map((field) => rowOf(field, request, node));
  const text = flags.output === 'json' ? jsonOf(rows, request) : textOf(rows, request);
  return emit({ files: [], stdout: [text] }, terminal);
}

function rowOf(field: ProjectField, request: Request, node: NodeSettings): Row {
  const { flags, command, paths } = request;
  const { name, flag } = field;
  const setting = flags.fromProject?.settings.find((each) => each.field === field);
  const fromProject = setting && {
    kind: 'project' as const,
    line: setting.span.line,
    column: setting.span.column,
  };
  if (flag === undefined) {
    const named = [...paths, ...(flags.filename ?? [])];
    if (named.length > 0) return { name, value: named, source: { kind: 'flag', flag: 'arguments' } };
    const value = flags.fromProject?.paths?.map((each) => nameFile(each, flags.fromProject?.folder));
    return { name, value, source: fromProject ?? { kind: 'default' } };
  }
  const key = command.options.find(({ long }) => long === flag)?.attributeName() ?? '';
  const value = shown(command.getOptionValue(key), flags.fromProject?.folder);
  if (command.getOptionValueSource(key) === 'cli')
    return { name, value, source: { kind: 'flag', flag: typed(flag, value) } };
  if (fromProject !== undefined) return { name, value, source: fromProject };
  return (
    configured(name, flags) ?? { name, value: value ?? defaultOf(name, node), source: { kind: 'default' } }
  );
}

/** `--no-strict` for a `--strict` that was set the other way, and for `--no-allocate` the reverse. */
function typed(flag: string, value: Row['value']): string {
  const isNegative = flag.startsWith('--no-');
  if (typeof value !== 'boolean' || value !== isNegative) return flag;
  return isNegative ? `--${flag.slice('--no-'.length)}` : `--no-${flag.slice('--'.length)}`;
}

/** What the file of `--config` says. */
function configured(name: string, { config, fromProject }: ConfigFlags): Row | undefined {
  if (config === undefined) return undefined;
  const { settings } = readConfigFile(config, fromProject);
  const { mode, nodeName, nodeIPs, clusterCIDRs } = settings;
  const values: ReadonlyMap<string, Row['value']> = new Map<string, Row['value']>([
    ['mode', mode],
    ['node', nodeName],
    ['nodeIP', nodeIPs],
    ['clusterCIDR', clusterCIDRs],
  ]);
  const value = values.get(name);
  const file = nameFile(config, fromProject?.folder);
  return value === undefined ? undefined : { name, value, source: { kind: 'configuration', file } };
}

/** What holds where nobody says anything; undefined: nothing does. */
function defaultOf(name: string, { config: { mode } }: NodeSettings): Row['value'] {
  switch (name) {
    case 'ignoreVcs':
    case 'allocate':
      return true;
    case 'relaxedServiceNames':
    case 'strict':
    case 'warningsAsErrors':
    case 'synthesizePods':
      return false;
    case 'kubernetesVersion':
      return NEWEST_KUBERNETES.name;
    case 'serviceNodePortRange':
      return '30000-32767';
    case 'duplicates':
      return 'error';
    case 'mode':
      return mode;
    case 'layout':
      return MODES[mode].layouts[0];
    default:
      return undefined;
  }
}

/** The value of an option as it would be typed; files of a project by their paths in it. */
function shown(value: unknown, folder: string | undefined): Row['value'] {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return nameFile(value, folder);
  if (Array.isArray(value)) return value.map((each) => `${shown(each, folder)}`);
  if (typeof value !== 'object' || value === null) return undefined;
  if ('pattern' in value) return `${value.pattern}`;
  return 'first' in value && 'last' in value ? `${value.first}-${value.last}` : undefined;
}

function textOf(rows: readonly Row[], { flags: { fromProject } }: Request): string {
  const lines = rows.map(({ name, value, source }) => [name, plain(value), describeSource(source)] as const);
  const widest = (column: 0 | 1) => lines.reduce((width, cells) => Math.max(width, cells[column].length), 0);
  const [nameWidth, valueWidth] = [widest(0), widest(1)];
  const head = fromProject === undefined ? `no ${PROJECT_FILE} counts here` : `${PROJECT_FILE} counts here`;
  return `# ${head}\n${lines
    .map(([name, value, source]) => `${name.padEnd(nameWidth)}  ${value.padEnd(valueWidth)}  ${source}\n`)
    .join('')}`;
}

function plain(value: Row['value']): string {
  if (value === undefined) return '-';
  return escapeText(typeof value === 'object' ? value.join(', ') : `${value}`);
}

function describeSource(source: Source): string {
  switch (source.kind) {
    case 'flag':
      return source.flag;
    case 'project':
      return `${PROJECT_FILE}:${source.line}`;
    case 'configuration':
      return escapeText(source.file);
    case 'default':
      return 'default';
  }
}

function jsonOf(rows: readonly Row[], { flags: { fromProject } }: Request): string {
  const settings = rows.map(({ name, value, source: { kind, ...place } }) => {
    const file = kind === 'project' ? { file: PROJECT_FILE } : {};
    return `    ${escapeJson(JSON.stringify({ name, value: value ?? null, source: kind, ...file, ...place }))}`;
  });
  const project = fromProject === undefined ? null : PROJECT_FILE;
  return `{\n  "project": ${JSON.stringify(project)},\n  "settings": [\n${settings.join(',\n')}\n  ]\n}\n`;
}

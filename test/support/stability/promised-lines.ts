import { readdirSync, readFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { parse } from 'yaml';
import { NO_TERMINAL } from '../../../scripts/print-man-page.ts';
import { choicesOfValue } from '../../../src/cli/options/values.ts';
import { loadProgram } from '../../../src/cli/program.ts';
import { runProgram } from '../run-program.ts';

/** Every command, option and choice, those that the help does not show among them, with defaults: `render --mode <value>`. */
export async function flagLines(): Promise<readonly string[]> {
  const program = await loadProgram(NO_TERMINAL);
  return program.commands.flatMap((command) => [
    `${command.name()} ${command.usage().replaceAll(/\s+/g, ' ')}`,
    ...command.options.flatMap((option) => optionLines(command, option)),
  ]);
}

function optionLines(command: Command, option: Option): readonly string[] {
  const [, valueName = ''] = /[<[]([^<[>\]]+)[>\]]/.exec(option.flags) ?? [];
  // Codes of diagnostics are promised by themselves.
  const choices = option.argChoices ?? (valueName === 'code' ? [] : (choicesOfValue(valueName) ?? []));
  const value = valueName === '' ? '' : ' <value>';
  const standard =
    option.defaultValue === undefined ? '' : ` (default: ${JSON.stringify(option.defaultValue)})`;
  const names = [option.short, option.long].filter((name) => typeof name === 'string');
  return names.flatMap((name) => [
    `${command.name()} ${name}${value}${standard}`,
    ...choices.map((choice) => `${command.name()} ${name}=${choice}`),
  ]);
}

/** Where a value is in JSON, and of which type it is, for all that is in it: `explain .ways[].share: string`. */
function shapeLines(name: string, value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each) => shapeLines(name, each, `${path}[]`));
  if (typeof value !== 'object' || value === null)
    return [`${name} ${path}: ${value === null ? 'null' : typeof value}`];
  return Object.entries(value).flatMap(([key, each]) => shapeLines(name, each, `${path}.${key}`));
}

const QUICKSTART = 'fixtures/quickstart';
const BAD = 'fixtures/invalid/node-port-in-range/input.yaml';
/** JSON that no golden file has, and where it is not called like its command. */
const JSON_COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'validate json': ['validate', BAD, '--output', 'json'],
  'validate sarif': ['validate', BAD, '--output', 'sarif'],
  'validate codeclimate': ['validate', BAD, '--output', 'codeclimate'],
  'env json': ['env', QUICKSTART, '--output', 'json'],
  'dns json': ['dns', QUICKSTART, '--output', 'json'],
  'endpoints json': ['endpoints', QUICKSTART, '--output', 'json'],
  'config json': ['config', '--no-project', '--output', 'json'],
};

/** What every command prints for programs: golden cases in JSON, and the commands above. */
export async function jsonLines(): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [name, argv] of [...Object.entries(JSON_COMMANDS), ...goldenJsonCommands()]) {
    const { stdout, stderr } = await runProgram(argv);
    if (stdout === '') throw new Error(`${argv.join(' ')} prints nothing: ${stderr}`);
    lines.push(...shapeLines(name, JSON.parse(stdout)));
  }
  return lines;
}

function goldenJsonCommands(): readonly (readonly [name: string, argv: readonly string[]])[] {
  const dirs = ['diff', 'explain', 'traffic', 'valid'].flatMap((folder) =>
    readdirSync(`fixtures/${folder}`).map((name) => `fixtures/${folder}/${name}`),
  );
  return dirs.flatMap((dir) => {
    const commands: Readonly<Record<string, readonly string[]>> = JSON.parse(
      readFileSync(`${dir}/case.json`, 'utf8'),
    );
    return Object.values(commands)
      .filter((argv) => argv.includes('json'))
      .map((argv) => [nameOf(argv), argv.map((word) => word.replace('{dir}', dir))] as const);
  });
}

/** Forms of one command that print another object have a name of their own. */
function nameOf(argv: readonly string[]): string {
  const [command = ''] = argv;
  const form = [
    ['diff', '--rules'],
    ['dns', '--why'],
  ].find(([name, flag = '']) => name === command && argv.includes(flag));
  return `${[command, ...(form?.slice(1) ?? [])].join(' ')} json`;
}

/** Fields that svcgen.yaml and *.traffic.yaml may have: `project.json .properties.mode.enum[]: iptables`. */
export function formatLines(): readonly string[] {
  return ['project', 'traffic-test'].flatMap((name) => {
    const schema: unknown = JSON.parse(readFileSync(`schemas/${name}.json`, 'utf8'));
    return [...schemaLines(name, schema)];
  });
}

function* schemaLines(name: string, schema: unknown, path = ''): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'enum' && Array.isArray(value)) yield* value.map((each) => `${name} ${path}: ${each}`);
    else if (key === 'type') yield `${name} ${path}: ${JSON.stringify(value)}`;
    else yield* schemaLines(name, value, Array.isArray(schema) ? path : `${path}/${key}`);
  }
}

/** What a workflow, a pipeline or a hook's configuration can name. */
export function integrationLines(): readonly string[] {
  const action: Members<'inputs' | 'outputs'> = parse(readFileSync('action.yml', 'utf8'));
  const hooks: readonly { readonly id: string; readonly language: string }[] = parse(
    readFileSync('.pre-commit-hooks.yaml', 'utf8'),
  );
  return [
    ...Object.keys(action.inputs).map((name) => `action input ${name}`),
    ...Object.keys(action.outputs).map((name) => `action output ${name}`),
    ...hooks.map(({ id }) => `hook ${id}`),
    ...['validate', 'test'].flatMap(componentLines),
  ];
}

type Members<Name extends string> = Readonly<Record<Name, Readonly<Record<string, unknown>>>>;

/** A component has two documents: its inputs, and its jobs. */
function componentLines(name: string): readonly string[] {
  const [head = ''] = readFileSync(`templates/${name}.yml`, 'utf8').split(/^---$/m);
  const { spec }: { readonly spec: Members<'inputs'> } = parse(head);
  return Object.keys(spec.inputs).map((input) => `component ${name} input ${input}`);
}

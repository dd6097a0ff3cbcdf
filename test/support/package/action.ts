import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { run } from './run.ts';

/** `shell: bash` (actions/runner src/Runner.Worker/Handlers/ScriptHandlerHelpers.cs). */
const BASH = ['--noprofile', '--norc', '-e', '-o', 'pipefail'];

interface Step {
  readonly id: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

export const readAction = (): Action => parse(readFileSync('action.yml', 'utf8'));

export interface ActionRun {
  readonly exitCode: number;
  /** What the runner would read commands from: stdout and stderr. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

interface RunOptions {
  /** The checkout. */
  readonly workspace: string;
  /** A folder for whatever the runner keeps outside of it. */
  readonly temp: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs action.yml with these inputs as the runner does (actions/runner 2.3, src/Runner.Worker/Handlers): step by step
 * up to the first that fails, with expressions evaluated in `env` only, and outputs read from a file.
 */
export async function runAction(
  inputs: Readonly<Record<string, string>>,
  { workspace, temp, env }: RunOptions,
): Promise<ActionRun> {
  const action = readAction();
  const context = new Map<string, string>();
  for (const [name, { default: value = '' }] of Object.entries(action.inputs))
    context.set(`inputs.${name}`, inputs[name] ?? value);
  const evaluate = (text: string) =>
    String(text).replace(/\$\{\{ ([\w.-]+) \}\}/g, (_, name: string) => context.get(name) ?? '');
  const files = mkdtempSync(join(temp, 'files-'));
  const summary = join(files, 'summary');
  writeFileSync(summary, '');
  let [exitCode, log] = [0, ''];
  for (const { id, run: text, env: ofStep } of action.runs.steps) {
    const output = join(files, `${id}-output`);
    const script = join(files, `${id}.sh`);
    writeFileSync(output, '');
    writeFileSync(script, text);
    const variables = {
      ...env,
      ...Object.fromEntries(Object.entries(ofStep).map(([name, value]) => [name, evaluate(value)])),
      GITHUB_ACTION_PATH: resolve('.'),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      RUNNER_TEMP: temp,
    };
    const result = await run('bash', [...BASH, script], { cwd: workspace, env: variables });
    log += result.stdout + result.stderr;
    exitCode = result.exitCode;
    for (const [name, value] of outputsIn(output)) context.set(`steps.${id}.outputs.${name}`, value);
    if (exitCode !== 0) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, evaluate(value)]);
  return { exitCode, log, outputs: Object.fromEntries(outputs), summary: readFileSync(summary, 'utf8') };
}

/** `name=value` lines. A value of several lines would need another form, which the action never writes. */
function outputsIn(file: string): readonly (readonly [string, string])[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`not an output: ${line}`);
    return [name, value];
  });
}

/** Makes a folder with files. */
export function writeTree(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(resolve(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

import { assertNever } from '../../diagnostic/invariant.ts';
import { envFileLine, quoteShell, shellAssignment, shellName } from '../../lang/text/quote.ts';
import { yamlScalar } from '../../lang/text/yaml-text.ts';
import type { EnvVariable } from './variables.ts';

/**
 * `shell`: NAME=value lines; `export`: the same for `eval`; `docker`: a file for `docker run --env-file`; `json`: one
 * object; `yaml`: the list `env` of a container.
 */
export type EnvFormat = 'shell' | 'export' | 'docker' | 'json' | 'yaml';

export const envFormats: readonly EnvFormat[] = ['shell', 'export', 'docker', 'json', 'yaml'];

/** Whether a format is read by shells, which cannot hold every name. */
export function isForShells(format: EnvFormat): boolean {
  return format === 'shell' || format === 'export';
}

/** Prints variables, names distinct, in their order. */
export function* printEnv(variables: readonly EnvVariable[], format: EnvFormat): Generator<string> {
  if (format === 'json') yield* printJSON(variables);
  else if (format === 'yaml' && variables.length === 0) yield '[]\n';
  else for (const variable of variables) yield `${printLine(variable, format)}\n`;
}

function printLine({ name, value }: EnvVariable, format: Exclude<EnvFormat, 'json'>): string {
  switch (format) {
    case 'shell':
      return shellAssignment(name, value);
    case 'export':
      return `export ${shellName(name)}=${quoteShell(value)}`;
    case 'docker':
      return envFileLine(name, value);
    case 'yaml':
      return `- name: ${yamlScalar(name)}\n  value: ${JSON.stringify(value)}`;
    default:
      return assertNever(format);
  }
}

function* printJSON(variables: readonly EnvVariable[]): Generator<string> {
  if (variables.length === 0) {
    yield '{}\n';
    return;
  }
  let separator = '{\n';
  for (const { name, value } of variables) {
    yield `${separator}  ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
    separator = ',\n';
  }
  yield '\n}\n';
}

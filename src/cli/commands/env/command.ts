import { Command, Option } from 'commander';
import { compileEnvOf } from '../../../library/compile-env.ts';
import { type EnvFormat, envFormats } from '../../../render/env/print.ts';
import type { CommandContext } from '../../context.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { clashOfFiles } from '../../options/file-clash.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import type { ExitCode } from '../../output/exit-code.ts';
import { finishText } from '../../output/finish-text.ts';
import type { Terminal } from '../../terminal.ts';

interface EnvFlags extends InputFlags, ClusterFlags {
  readonly namespace: string;
  readonly pod?: string;
  readonly output: EnvFormat;
}

const EXAMPLES = `
Examples:
  eval "$(svcgen env manifests/ --namespace shop --output export)"
      the variables of a pod in this shell
  svcgen env manifests/ --namespace shop --output docker > shop.env && docker run --env-file shop.env IMAGE
      the same in a container
  kubectl get svc,pods -A -o json | svcgen env --namespace shop --pod web-0
      what that pod sees, enableServiceLinks included`;

/** `svcgen env`. */
export function envCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('env').description(
    'Prints the variables that the kubelet gives pods of a namespace about its Services.',
  );
  addInputOptions(command);
  command
    .optionsGroup('Output:')
    .option('-n, --namespace <name>', 'namespace of the pod', 'default')
    .option('--pod <name>', 'a pod of that namespace; one without enableServiceLinks sees little')
    .addOption(new Option('--output <format>', 'form of the output').choices(envFormats).default('shell'));
  addClusterOptions(command);
  return command.addHelpText('after', EXAMPLES).action(async (paths: readonly string[], flags: EnvFlags) => {
    const inputs = inputPaths(paths, command, terminal);
    const clash = clashOfFiles({ lock: flags.lock, inputs, outputs: [] });
    if (clash !== undefined) command.error(`error: ${clash}`);
    finish(await env(inputs, flags, terminal));
  });
}

async function env(paths: readonly string[], flags: EnvFlags, terminal: Terminal): Promise<ExitCode> {
  const read = readCluster({ paths, flags }, terminal);
  const { namespace, pod, output: format } = flags;
  const compiled = compileEnvOf(read, { ...manifestOptions(flags), namespace, pod, format });
  return finishText(compiled, { ...read, flags, terminal });
}

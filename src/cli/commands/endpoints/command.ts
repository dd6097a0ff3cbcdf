import { Command, Option } from 'commander';
import { compileEndpointsOf } from '../../../library/compile-endpoints.ts';
import { type EndpointsFormat, endpointsFormats } from '../../../render/endpoints/print.ts';
import { DEFAULT_MAX_ENDPOINTS_PER_SLICE } from '../../../resolve/controllers/endpoint-slice-controller.ts';
import type { CommandContext } from '../../context.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { clashOfFiles } from '../../options/file-clash.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import { parseInteger } from '../../options/values.ts';
import type { ExitCode } from '../../output/exit-code.ts';
import { finishText } from '../../output/finish-text.ts';
import type { Terminal } from '../../terminal.ts';

interface EndpointsFlags extends InputFlags, ClusterFlags {
  readonly maxEndpointsPerSlice: number;
  readonly output: EndpointsFormat;
}

const EXAMPLES = `
Examples:
  svcgen endpoints manifests/
      the Endpoints and EndpointSlices that a cluster would make of the pods
  svcgen endpoints services.yaml pods.yaml | cat services.yaml - | svcgen render
      the same rules as of services and pods
  svcgen endpoints k8s/ --synthesize-pods --output json
      of a repository that holds no pods`;

/** `svcgen endpoints`. */
export function endpointsCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('endpoints').description(
    'Prints what the controllers of a cluster would write: Endpoints and EndpointSlices of the pods that Services ' +
      'select, and EndpointSlices that mirror Endpoints of Services without selector.',
  );
  addInputOptions(command);
  command
    .optionsGroup('Output:')
    .option(
      '--max-endpoints-per-slice <number>',
      'how many endpoints an EndpointSlice holds: 1 to 1000',
      parseInteger(1, 1000),
      DEFAULT_MAX_ENDPOINTS_PER_SLICE,
    )
    .addOption(
      new Option('--output <format>', 'form of the output').choices(endpointsFormats).default('yaml'),
    );
  addClusterOptions(command);
  return command
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], flags: EndpointsFlags) => {
      const inputs = inputPaths(paths, command, terminal);
      const clash = clashOfFiles({ lock: flags.lock, inputs, outputs: [] });
      if (clash !== undefined) command.error(`error: ${clash}`);
      finish(await endpoints(inputs, flags, terminal));
    });
}

async function endpoints(
  paths: readonly string[],
  flags: EndpointsFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const read = readCluster({ paths, flags }, terminal);
  const { maxEndpointsPerSlice, output: format } = flags;
  const compiled = compileEndpointsOf(read, { ...manifestOptions(flags), maxEndpointsPerSlice, format });
  return finishText(compiled, { ...read, flags, terminal });
}

import { extname } from 'node:path';
import { Command, Option } from 'commander';
import { drawOf } from '../../../library/draw.ts';
import { type DrawFormat, drawFormats } from '../../../library/print-pictures.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { CommandContext } from '../../context.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { readNodeSettings } from '../../input/read-node.ts';
import { addClusterOptions, type ClusterFlags } from '../../options/cluster-options.ts';
import { clashOfFiles } from '../../options/file-clash.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import { EVERY_NODE } from '../../options/node-options.ts';
import { addProxyOptions, type ProxyFlags } from '../../options/proxy-options.ts';
import { parseFamily } from '../../options/values.ts';
import { emit } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { finishText } from '../../output/finish-text.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';

interface GraphFlags extends InputFlags, ClusterFlags, ProxyFlags {
  readonly service?: readonly string[];
  readonly namespace?: string;
  readonly family?: IPFamily;
  readonly output: DrawFormat;
  readonly outputFile?: string;
}

const EXAMPLES = `
Examples:
  svcgen graph manifests/ --service default/web > web.svg
      who reaches default/web, by which addresses, what the policies decide, and the endpoints with their shares
  svcgen graph manifests/ --namespace shop --node worker-1 > shop.svg
      all Services of a namespace as worker-1 has them
  svcgen graph manifests/ -o shop.mmd
      a diagram of Mermaid, which GitHub and GitLab draw in Markdown
  svcgen graph manifests/ --output dot | dot -Tpdf > services.pdf
      the same for Graphviz

Without --node, Local policies are drawn as such: which endpoints they leave depends on the node.`;

/** `svcgen graph`. */
export function graphCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('graph').description(
    'Draws Services: clients, addresses and ports, what the policies decide, and endpoints with share, node, zone and state. ' +
      'What is rejected or dropped is red, with the reason; what no connection reaches is grey.',
  );
  addInputOptions(command);
  command
    .optionsGroup('Output:')
    .option('--service <name>', 'this Service only, as namespace/name; repeatable', collectNames)
    .option('-n, --namespace <name>', 'Services of this namespace only')
    .option('--family <family>', 'ipv4 or ipv6 only (default: both)', parseFamily)
    .addOption(
      new Option(
        '--output <format>',
        'form of the output; without it, files of -o are what they are called: .svg, .mmd, .dot',
      )
        .choices(drawFormats)
        .default('svg'),
    )
    .option('-o, --output-file <file>', 'write to a file, which changes only when all is well');
  addProxyOptions(command);
  addClusterOptions(command);
  return command
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], flags: GraphFlags) => {
      const inputs = inputPaths(paths, command, terminal);
      const { lock, outputFile, node } = flags;
      const outputs = outputFile === undefined ? [] : [{ name: '--output-file', path: outputFile }];
      const clash = clashOfFiles({ lock, inputs, outputs });
      const asked = command.getOptionValueSource('output') === 'default' ? undefined : flags.output;
      const problem = clash ?? formProblem(asked, outputFile);
      if (problem !== undefined) command.error(`error: ${problem}`);
      if (node === EVERY_NODE)
        command.error("error: --node '*' is for render: a picture is of one node, or of none");
      const output = asked ?? formOfFile(outputFile) ?? flags.output;
      finish(await graph({ paths: inputs, flags: { ...flags, output }, command }, terminal));
    });
}

/** What files of a form are called, in lower case. */
const FORMS: ReadonlyMap<string, DrawFormat> = new Map([
  ['.svg', 'svg'],
  ['.mmd', 'mermaid'],
  ['.mermaid', 'mermaid'],
  ['.dot', 'dot'],
  ['.gv', 'dot'],
]);

/** Of other pictures and documents: nobody who opens one finds out that it is SVG. */
const OTHER_FORMS = /^\.(?:png|jpe?g|gif|webp|avif|bmp|tiff?|ico|pdf|e?ps|html?)$/;

/** undefined: its name asks for none. */
function formOfFile(path = ''): DrawFormat | undefined {
  return FORMS.get(extname(path).toLowerCase());
}

/** What is wrong with the form that is asked for, as text; undefined: nothing. */
function formProblem(output: DrawFormat | undefined, outputFile = ''): string | undefined {
  const extension = extname(outputFile).toLowerCase();
  if (OTHER_FORMS.test(extension))
    return `-o ${JSON.stringify(outputFile)}: svcgen graph writes SVG, Mermaid and DOT, not ${extension}; "svcgen graph --output dot | dot -Tpng" (of Graphviz) makes a picture of pixels, -Tpdf a PDF`;
  const named = formOfFile(outputFile);
  return output === undefined || named === undefined || output === named
    ? undefined
    : `-o ${JSON.stringify(outputFile)} is called like a file of --output ${named}, not ${output}`;
}

/** A Service without namespace is in default. */
function collectNames(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value.includes('/') ? value : `default/${value}`];
}

interface GraphRequest {
  readonly paths: readonly string[];
  readonly flags: GraphFlags;
  readonly command: Command;
}

async function graph({ paths, flags, command }: GraphRequest, terminal: Terminal): Promise<ExitCode> {
  const node = readNodeSettings(flags, command);
  const loaded = readCluster({ paths, flags, node: node.config }, terminal);
  const { service: services, namespace, family, outputFile } = flags;
  const options = {
    ...manifestOptions(flags),
    services,
    namespace,
    families: family && [family],
    format: flags.output,
  };
  const drawn = drawOf({ loaded, node }, options);
  if (outputFile === undefined || outputFile === '-')
    return finishText(drawn, { lockFiles: loaded.lockFiles, flags, terminal });
  await report(drawn.diagnostics, flags, terminal);
  const text = drawn.artifacts?.get('graph');
  if (text === undefined) return EXIT.inputErrors;
  const file = { path: outputFile, isExecutable: false, text: text.pieces() };
  return emit({ files: [...loaded.lockFiles, file] }, terminal);
}

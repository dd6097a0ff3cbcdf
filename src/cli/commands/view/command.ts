import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { escapeJson } from '../../../diagnostic/escape.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { count } from '../../../diagnostic/report.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { ProxyMode, RuleLayout } from '../../../model/proxy-config.ts';
import type { InputFile } from '../../../model/source.ts';
import { decodeText } from '../../../parse/decode-text.ts';
import { bytesOf } from '../../../parse/input-file.ts';
import type { CommandContext } from '../../context.ts';
import { errnoCode } from '../../errno.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readBytes } from '../../input/read-bytes.ts';
import { readInputs } from '../../input/read-inputs.ts';
import { clashOfFiles } from '../../options/file-clash.ts';
import { addInputOptions, type InputFlags, inputRequest } from '../../options/input-options.ts';
import { parseDualStackCIDRs, parseFamily, parseLayout, parseMode } from '../../options/values.ts';
import { emit } from '../../output/emit.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import { say } from '../../output/say.ts';
import type { Terminal } from '../../terminal.ts';

interface ViewFlags extends InputFlags {
  readonly mode?: ProxyMode;
  readonly node?: string;
  readonly layout?: RuleLayout;
  readonly family?: IPFamily;
  readonly clusterCidr?: readonly string[];
  readonly outputFile?: string;
}

const EXAMPLES = `
Examples:
  svcgen view manifests/ -o services.html
      one page with the manifests and the compiler in it: open it, send it, put it anywhere
  kubectl get svc,endpointslices,pods,nodes -A -o yaml | svcgen view --node worker-1 -o cluster.html
      a cluster as it is now, as worker-1 sees it
  svcgen view worker-1.rules -o worker-1.html
      what iptables-save or "nft list ruleset" printed on a node, to explain connections over it`;

/** Flags of commands that judge manifests, which the page does by its own settings. */
const UNKNOWN_TO_PAGE = [
  'strict',
  'disable',
  'warningsAsErrors',
  'duplicates',
  'serviceClusterIpRange',
  'serviceNodePortRange',
  'relaxedServiceNames',
];

/** `svcgen view`. */
export function viewCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('view').description(
    'Writes a page with the manifests and the compiler in it: an editor with findings, pictures of the Services, rules of every mode, ' +
      'DNS, variables and endpoints, and explanations of connections. It needs no server and sends nothing anywhere.',
  );
  addInputOptions(command);
  command
    .optionsGroup('What the page shows first:')
    .option('--node <name>', 'the node that the rules are for')
    .option('--mode <mode>', 'proxy mode', parseMode)
    .option('--layout <layout>', 'how the rules are laid out', parseLayout)
    .option('--family <family>', 'ipv4 or ipv6', parseFamily)
    .option(
      '--cluster-cidr <cidr>',
      'range of the pods; for two families, separated by a comma',
      parseDualStackCIDRs,
    )
    .optionsGroup('Output:')
    .option(
      '-o, --output-file <file>',
      'write to a file, which changes only when all is well (default: stdout, unless it is a terminal)',
    );
  return command.addHelpText('after', EXAMPLES).action(async (paths: readonly string[], flags: ViewFlags) => {
    const unknown = UNKNOWN_TO_PAGE.find((name) => command.getOptionValueSource(name) === 'cli');
    const option = command.options.find((each) => each.attributeName() === unknown);
    if (option !== undefined) command.error(`error: ${option.long}: the page has no such setting`);
    const inputs = inputPaths(paths, command, terminal);
    const { outputFile } = flags;
    const outputs = outputFile === undefined ? [] : [{ name: '--output-file', path: outputFile }];
    const clash = clashOfFiles({ lock: undefined, inputs, outputs });
    if (clash !== undefined) command.error(`error: ${clash}`);
    if (outputFile === undefined && terminal.stdoutIsTTY)
      command.error('error: a page is no text for a terminal: write it to a file with -o FILE');
    const page = readPage();
    if (page === undefined) {
      return command.error(
        'error: dist/page.html is missing: this copy has not been built; run "npm run build" in its folder',
      );
    }
    finish(await view({ page, inputs, flags }, terminal));
  });
}

/** The page that the build made, beside the scripts; undefined: there is none. */
function readPage(): string | undefined {
  try {
    const script = realpathSync(process.argv[1] ?? '');
    return new TextDecoder().decode(readBytes(join(dirname(script), '../dist/page.html')));
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    return undefined;
  }
}

/** A file as the page holds it. */
interface PageFile {
  readonly path: string;
  readonly text: string;
}

interface ViewRequest {
  readonly page: string;
  readonly inputs: readonly string[];
  readonly flags: ViewFlags;
}

/** Puts files into the page. What is wrong with manifests is for the page to say: it opens all the same. */
async function view({ page, inputs, flags }: ViewRequest, terminal: Terminal): Promise<ExitCode> {
  const { files, diagnostics } = readInputs(inputs, inputRequest(flags), terminal);
  await report(diagnostics, flags, terminal);
  if (hasErrors(diagnostics)) return EXIT.inputErrors;
  const shown = files.flatMap((file): readonly PageFile[] => {
    const { text, hasSecret } = withoutSecrets(textOf(file));
    const name = JSON.stringify(file.path);
    const left = text === undefined ? name : `a part of ${name}`;
    if (hasSecret) say(terminal, `${left} is left out of the page: it holds a Secret`);
    return text === undefined ? [] : [{ path: file.path, text }];
  });
  if (shown.length === 0 && files.length > 0) {
    say(terminal, 'error: nothing is left for the page: give Services, Pods and Nodes without Secrets');
    return EXIT.inputErrors;
  }
  // Nothing has been judged yet: who sends the page shall know that.
  if (flags.quiet !== true && files.length > 0)
    say(
      terminal,
      `${count(shown.length, 'file')} in the page, which judges what is in there when it is opened`,
    );
  const html = page.replace(
    STATE,
    (_, start: string, end: string) => `${start}${stateText(shown, flags)}${end}`,
  );
  const { outputFile } = flags;
  if (outputFile === undefined || outputFile === '-') return emit({ files: [], stdout: [html] }, terminal);
  return emit({ files: [{ path: outputFile, isExecutable: false, text: [html] }] }, terminal);
}

/** A page is made to be sent: whatever spells the kind like this stays out of it. */
const SECRET = /\bkind["']?[ \t]*:[ \t]*["']?Secret\b/;

/** A separator of documents (YAML 1.2.2, 9.1.2). */
const DOCUMENT = /^(?=---(?:[ \t]|\r?$))/m;

/** Takes documents that hold a Secret out of a text, whose other lines stay where they are; undefined: nothing is left. */
function withoutSecrets(text: string): { readonly text: string | undefined; readonly hasSecret: boolean } {
  if (!SECRET.test(text)) return { text, hasSecret: false };
  const documents = text.split(DOCUMENT);
  const isLeft = documents.some((document) => !SECRET.test(document) && CONTENT.test(document));
  const shown = documents.map((document) => {
    if (!SECRET.test(document)) return document;
    const lineBreaks = document.replaceAll(/[^\r\n]+/g, '');
    return `${document.startsWith('---') ? '--- ' : ''}# a Secret is left out here${lineBreaks}`;
  });
  return { text: isLeft ? shown.join('') : undefined, hasSecret: true };
}

/** A line that is no comment. */
const CONTENT = /^(?!---)[^\s#]/m;

/** Where the page holds its first state: data, which no browser runs. */
const STATE = /(<script type="application\/json" id="state">)(<\/script>)/;

/** JSON that may stand in a script element: `<` begins a tag nowhere in it (HTML, 4.12.1.3). */
function stateText(files: readonly PageFile[], flags: ViewFlags): string {
  const {
    node = '',
    mode = 'iptables',
    layout = '',
    family = '',
    clusterCidr = [],
    kubernetesVersion = '',
  } = flags;
  const state = {
    files,
    settings: { node, mode, layout, family, version: kubernetesVersion, clusterCIDR: clusterCidr.join(',') },
  };
  return escapeJson(JSON.stringify(state)).replaceAll('<', '\\u003c');
}

/** Bytes that are no text are the page's to complain about: what can be read of them says enough. */
function textOf(file: InputFile): string {
  const decoded = decodeText(bytesOf(file));
  return 'text' in decoded ? decoded.text : decoded.readable;
}

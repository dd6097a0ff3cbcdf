import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { pathWithSbin, unshareCommand } from '../kernel/unshare.ts';
import type { Fence } from './fences.ts';

/** What a block printed, in the form that the block has; and the exit status of its last command. */
export interface FenceRun {
  readonly text: string;
  readonly status: number;
}

const runFile = promisify(execFile);

/** One command of a block and what is shown of its output. */
interface Step {
  readonly lines: readonly string[];
  readonly output: readonly string[];
}

/** The commands of a block: lines behind `$ `, with those behind `> ` that go on; of `sh`, the whole block. */
function stepsOf({ language, text }: Fence): readonly Step[] {
  const lines = text.split('\n').slice(0, -1);
  if (language === 'sh') return [{ lines, output: [] }];
  const starts = lines.flatMap((line, index) => (line.startsWith('$ ') ? [index] : []));
  if (starts[0] !== 0) throw new Error(`the first line of a console is a command, not ${lines[0]}`);
  return starts.map((start, index) => {
    const step = lines.slice(start, starts[index + 1]);
    const length = 1 + step.slice(1).findIndex((line) => !line.startsWith('> '));
    const end = length === 0 ? step.length : length;
    return { lines: step.slice(0, end), output: step.slice(end) };
  });
}

/** Ends the output of each command; nothing prints it. */
const SEPARATOR = '\u001e';

/**
 * Runs the commands of a block in one bash, in `folder`, and writes the block anew with what they print: standard output
 * and error, as a terminal shows them. `enter` is a command that runs another one in a place of its own, a root folder for
 * example.
 */
export async function runFence(fence: Fence, folder: string, enter?: readonly string[]): Promise<FenceRun> {
  if (!fence.isRoot && CHANGES_RULES.test(fence.text)) throw new Error('it changes rules: mark it as root');
  const steps = stepsOf(fence);
  const script = steps
    .map(({ lines }) => lines.map((line) => line.replace(/^[$>] /, '')).join('\n'))
    .map((command) => `{ ${command}\n} 2>&1; status=$?; printf '${SEPARATOR}'`)
    .join('\n');
  const isOwn = fence.isRoot && enter === undefined;
  const before = `set -o pipefail${fence.language === 'sh' ? ' -e' : ''}\n${isOwn ? OWN_RUN : ''}`;
  const place = enter ?? (fence.isRoot ? OWN_NAMESPACES : []);
  const argv = [...place, 'bash', '-c', `${before}${script}; exit $status`];
  const { stdout, status } = await collect(argv, folder, fence.isRoot);
  if (fence.language === 'sh') return { text: stdout.replaceAll(SEPARATOR, ''), status };
  const outputs = stdout.split(SEPARATOR);
  const blocks = steps.map(({ lines, output }, index) => {
    const printed = (outputs[index] ?? '').replace(/\n$/, '').split('\n');
    const isEmpty = printed.length === 1 && printed[0] === '';
    return [...lines, ...keepElisions(output, isEmpty ? [] : printed)].join('\n');
  });
  return { text: `${blocks.join('\n')}\n`, status };
}

/** Whoever runs the tests as root keeps the rules of the host. */
const CHANGES_RULES =
  /(?:\||\bssh \S+|^)\s*(?:sudo )?(?:sh|bash|iptables-restore|ip6tables-restore|nft -f)\b/m;

/** What a block has started ends with it. */
const OWN_NAMESPACES = [...unshareCommand(), '--pid', '--fork', '--kill-child', '--mount-proc'];

/** A script that applies rules leaves files in /run, which are nobody else's here. */
const OWN_RUN = 'mount -t tmpfs tmpfs /run && ip link set lo up || exit 99\n';

/** Lines of `…` stand for any lines. @returns what is shown where it is true, else what was printed */
function keepElisions(shown: readonly string[], printed: readonly string[]): readonly string[] {
  const pattern = shown.map((line) => (line === '…' ? '(?:.*\\n)+?' : `${escapePattern(line)}\\n`)).join('');
  return new RegExp(`^${pattern}$`).test(printed.map((line) => `${line}\n`).join('')) ? shown : printed;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

async function collect(argv: readonly string[], folder: string, isRoot: boolean) {
  const [program = '', ...args] = argv;
  const path = [join(folder, '.bin'), ...(isRoot ? [] : [join(folder, '.node-bin')]), pathWithSbin()];
  const env = {
    HOME: join(folder, '.home'),
    LANG: 'C.UTF-8',
    PATH: path.join(':'),
    SVCGEN_DOCS: join(folder, '.home'),
  };
  try {
    const { stdout } = await runFile(program, args, { cwd: folder, env, maxBuffer: 1 << 28 });
    return { stdout, status: 0 };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && typeof error.code === 'number')) throw error;
    return { stdout: 'stdout' in error ? String(error.stdout) : '', status: error.code };
  }
}

/**
 * Fills an empty folder with what the commands of a page find: the shop of examples/, the quickstart, the programs that
 * they call, and a cluster and a node to ask.
 */
export function prepareFolder(folder: string): void {
  cpSync('examples/shop', folder, { recursive: true });
  cpSync('examples/systemd', join(folder, 'examples/systemd'), { recursive: true });
  cpSync('fixtures/quickstart', join(folder, 'fixtures/quickstart'), { recursive: true });
  cpSync('test/support/docs/bin', join(folder, '.bin'), { recursive: true });
  cpSync('test/support/docs/node-bin', join(folder, '.node-bin'), { recursive: true });
  symlinkSync(process.execPath, join(folder, '.bin/node'));
  for (const name of ['svcgen', 'kubectl-svcgen'])
    symlinkSync(resolve(`bin/${name}.js`), join(folder, '.bin', name));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules/svcgen'));
  mkdirSync(join(folder, '.home'));
  const items = ['nodes', 'front', 'api'].flatMap((name) =>
    parseAllDocuments(readFileSync(`examples/shop/manifests/${name}.yaml`, 'utf8')).map((each) =>
      each.toJS(),
    ),
  );
  writeFileSync(
    join(folder, '.home/cluster.json'),
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
}

/** Writes a block with `file=` where the commands below it find it. */
export function writeFenceFile(name: string, text: string, folder: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

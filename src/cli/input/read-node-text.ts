import { closeSync, openSync, readSync, statSync } from 'node:fs';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { listNames } from '../../diagnostic/report.ts';
import { unpastedText } from '../../lang/text/pasted-text.ts';
import { chooseNode, nodeSource, tellNodes } from '../../library/node-files.ts';
import type { NodeText } from '../../library/node-text.ts';
import { STDIN_NAME } from '../../model/source.ts';
import { sourceText } from '../../model/source-text.ts';
import { decodeText } from '../../parse/decode-text.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import { say } from '../output/say.ts';
import type { Terminal } from '../terminal.ts';
import { fileProblem, missing } from './file-problem.ts';
import {
  type Bundle,
  MAX_NODE_BYTES,
  packingOf,
  readArchive,
  readFolder,
  tooManyLines,
} from './node-bundle.ts';
import { readBytes } from './read-bytes.ts';
import { TAR_BLOCK } from './tar.ts';
import { atMost } from './tell-passed-over.ts';

/** Which node is wanted, where there are several, and whether to say which files were read. */
export interface NodeTextFlags {
  readonly node?: string;
  readonly verbose?: boolean;
}

type NodeTerminal = Pick<Terminal, 'readStdin' | 'writeStderr'>;

/**
 * Reads what the tools of a node printed: a file, stdin for `-`, or what is found of it in a folder or an archive (tar, gzip or
 * both), such as a support bundle.
 */
export async function readNodeText(
  path: string,
  flags: NodeTextFlags,
  terminal: NodeTerminal,
): Promise<NodeText> {
  try {
    return await readText(path, flags, terminal);
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    if (errnoCode(error) === 'ENOENT') return failed(missing({ path, location: path }));
    const what = path === '-' ? 'stdin' : JSON.stringify(path);
    return failed(
      fileProblem({ code: 'input-readable', message: `cannot read ${what}: ${describeErrno(error)}` }),
    );
  }
}

async function readText(path: string, flags: NodeTextFlags, terminal: NodeTerminal): Promise<NodeText> {
  const given = { path, name: path === '-' ? STDIN_NAME : path };
  const stats = path === '-' ? undefined : statSync(path);
  if (stats?.isDirectory() === true) return fromBundle(given, readFolder(path), { flags, terminal });
  // What comes through a pipe comes once.
  const chunks =
    path === '-'
      ? terminal.readStdin(MAX_NODE_BYTES)
      : stats?.isFile() === true
        ? undefined
        : [readBytes(path, MAX_NODE_BYTES)];
  const head = chunks === undefined ? readStart(path) : startOf(chunks);
  const packing = packingOf(head);
  if (packing === 'tar' || packing === 'gzip')
    return fromBundle(given, await readArchive(chunks ?? path, packing), { flags, terminal });
  const name = JSON.stringify(given.name);
  if (packing !== undefined) {
    const message = `${name} is packed with ${packing}, which svcgen cannot unpack`;
    const hint = 'unpack it, and give the folder: --rules FOLDER';
    return failed(fileProblem({ code: 'input-readable', message, hint }));
  }
  const bytes = chunks === undefined ? readBytes(path, MAX_NODE_BYTES) : Buffer.concat(chunks);
  const problem = tooManyLines(bytes);
  const decoded = problem === undefined ? decodeText(bytes) : { problem };
  if ('problem' in decoded)
    return failed(fileProblem({ code: 'input-readable', message: `${name} ${decoded.problem}` }));
  return { source: sourceText(given.name, unpastedText(decoded.text)), diagnostics: [] };
}

function failed(diagnostic: Diagnostic): NodeText {
  return { source: undefined, diagnostics: [diagnostic] };
}

/** As much as tells an archive. */
function readStart(path: string): Uint8Array {
  const descriptor = openSync(path, 'r');
  try {
    const start = Buffer.alloc(TAR_BLOCK);
    return start.subarray(0, readSync(descriptor, start, 0, start.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** The same of what has come in chunks of any length. */
function startOf(chunks: readonly Uint8Array[]): Uint8Array {
  let start: Uint8Array = new Uint8Array(0);
  for (const chunk of chunks) {
    if (start.length >= TAR_BLOCK) break;
    start = Buffer.concat([start, chunk]);
  }
  return start;
}

interface Given {
  readonly path: string;
  readonly name: string;
}

/** What one node has of a folder or an archive. */
function fromBundle(
  { path, name }: Given,
  bundle: ReturnType<typeof readFolder>,
  { flags, terminal }: { readonly flags: NodeTextFlags; readonly terminal: NodeTerminal },
): NodeText {
  const quoted = JSON.stringify(name);
  if ('problem' in bundle)
    return failed(fileProblem({ code: 'input-readable', message: `${quoted} ${bundle.problem}` }));
  const [only] = bundle.files;
  if (only?.path === '') return { source: sourceText(name, only.text), diagnostics: [] };
  const nodes = tellNodes(bundle.files);
  const node = chooseNode(nodes, flags.node);
  if (flags.verbose === true) tellFiles(bundle, node?.files ?? [], terminal);
  if (node !== undefined && node.files.length > 0)
    return { source: nodeSource(path === '-' ? name : path, node.files), diagnostics: [] };
  const names = listNames(nodes.map((each) => each.name));
  const problem =
    nodes.length > 1
      ? {
          code: 'rules-of-one-node' as const,
          message: `${quoted} has the rules of ${nodes.length} nodes, and ${flags.node === undefined ? 'which one is meant is not said' : `--node ${flags.node} names none of them`}: ${names}`,
          hint: 'say which with --node, or give the folder of one',
        }
      : {
          code: 'input-readable' as const,
          message: `${quoted} holds neither rules nor addresses of a node (files looked at: ${bundle.passedOverCount})`,
          hint: 'it takes what iptables-save, "iptables -L -n -v", "nft list ruleset", "ipset save", "ipvsadm -S -n" or "ip addr" print; -v says why each file was passed over, and manifests are given as paths of their own',
        };
  return failed(fileProblem(problem));
}

function tellFiles(
  { passedOver, passedOverCount }: Bundle,
  files: Bundle['files'],
  terminal: NodeTerminal,
): void {
  for (const { path } of files) say(terminal, `read: ${path}`);
  const lines = passedOver.map(({ path, reason }) => `${path}: ${reason}`);
  for (const line of atMost(lines, 'files', passedOverCount)) say(terminal, `passed over: ${line}`);
}

import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import { lockText } from '../../library/compile.ts';
import { type LoadedManifests, loadFiles } from '../../library/load.ts';
import type { NodeIdentity } from '../../library/options.ts';
import { sizeOf } from '../../parse/input-file.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import { makeRoom } from '../large-inputs.ts';
import { type ClusterFlags, clusterOptions } from '../options/cluster-options.ts';
import { type InputFlags, inputRequest } from '../options/input-options.ts';
import { startProgress } from '../output/progress.ts';
import type { OutputFile } from '../output/write-files.ts';
import type { NamedPlace } from '../project/name-file.ts';
import type { Terminal } from '../terminal.ts';
import { fileProblem } from './file-problem.ts';
import { readBytes } from './read-bytes.ts';
import { type Inputs, readInputs } from './read-inputs.ts';
import { type Side, sayJudged } from './say-judged.ts';
import { tellPassedOver } from './tell-passed-over.ts';

/** What a command line asks for, as far as reading is concerned. */
export interface ReadRequest {
  readonly paths: readonly string[];
  readonly flags: InputFlags & ClusterFlags;
  /** Where there are two of them. */
  readonly side?: Side;
  /** The node that output is made for: where synthesized pods are when the input has no Nodes. */
  readonly node?: NodeIdentity;
}

export interface ReadCluster extends LoadedManifests {
  /** The lock file, when it has to be written anew: before the output, or with it. */
  readonly lockFiles: readonly OutputFile[];
  /** The same with what was allocated since; undefined: there are errors. */
  readonly lockFilesWith: (lock: string | undefined) => readonly OutputFile[];
  /** Files of expectations among the inputs. */
  readonly expectations: readonly NamedPlace[];
}

/** Reads manifests up to a cluster in which every Service has its addresses. */
export function readCluster(request: ReadRequest, terminal: Terminal): ReadCluster {
  const { paths, flags } = request;
  const inputs = readInputs(paths, inputRequest(flags), terminal);
  const lockFile = flags.lock === undefined ? undefined : readLockFile(flags.lock);
  const problems = [...inputs.diagnostics, ...(lockFile?.diagnostics ?? [])];
  if (hasErrors(problems)) return failed(problems);
  const loaded = loadInputs(inputs, request, { lockFile, terminal });
  return {
    ...loaded,
    diagnostics: [...problems, ...loaded.diagnostics],
    lockFiles: lockFileUpdate(lockFile, lockText(loaded)),
    lockFilesWith: (lock) => lockFileUpdate(lockFile, lock),
    expectations: inputs.expectations,
  };
}

interface LoadContext {
  readonly lockFile: LockFile | undefined;
  readonly terminal: Terminal;
}

function loadInputs(
  inputs: Inputs,
  { flags, node, side }: ReadRequest,
  { lockFile, terminal }: LoadContext,
): LoadedManifests {
  const { files, named, folders, unfinished } = inputs;
  const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0);
  makeRoom(bytes);
  const progress = startProgress(terminal, bytes);
  const { path = '', text } = lockFile ?? {};
  const lock = text === undefined ? undefined : { path, text };
  return loadFiles(
    files,
    { ...clusterOptions(flags), folders, unfinished, lock, onStage: progress.show },
    {
      node,
      named,
      onLoaded: (read) => {
        progress.clear();
        if (flags.quiet !== true) sayJudged(read, { side, ignored: inputs.ignored.length }, terminal);
        if (flags.verbose === true) tellPassedOver(read, inputs, terminal);
      },
    },
  );
}

function failed(diagnostics: readonly Diagnostic[]): ReadCluster {
  const lockFilesWith = () => [];
  return { cluster: undefined, lock: undefined, diagnostics, lockFiles: [], lockFilesWith, expectations: [] };
}

/** A lock file as it was found. */
interface LockFile {
  readonly path: string;
  /** undefined: there was none yet, or it could not be read. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what was allocated before. A file that is not there yet holds nothing. */
function readLockFile(path: string): LockFile {
  try {
    return { path, text: Buffer.from(readBytes(path)).toString('utf8'), diagnostics: [] };
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    if (errnoCode(error) === 'ENOENT') return { path, text: undefined, diagnostics: [] };
    const message = `cannot read the lock file ${JSON.stringify(path)}: ${describeErrno(error)}`;
    return { path, text: undefined, diagnostics: [fileProblem({ code: 'input-readable', message })] };
  }
}

/** What is to be written back: nothing when nothing has changed, or when there are errors. */
function lockFileUpdate(file: LockFile | undefined, lock: string | undefined): readonly OutputFile[] {
  if (file === undefined || lock === undefined || lock === file.text) return [];
  return [{ path: file.path, isExecutable: false, text: [lock] }];
}

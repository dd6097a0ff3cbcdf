import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { count, listNames } from '../../diagnostic/report.ts';
import type { FoundFiles } from '../../library/check-named-files.ts';
import { type InputFile, STDIN_NAME } from '../../model/source.ts';
import { LARGE_BYTES } from '../../parse/input-file.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import { optimizeLate } from '../large-inputs.ts';
import { PROJECT_FILE } from '../project/find-project.ts';
import { type NamedPlace, nameFile } from '../project/name-file.ts';
import { atItsPlace, type Project } from '../project/project.ts';
import type { Terminal } from '../terminal.ts';
import type { BuiltManifests } from './built-manifests.ts';
import { unrenderedChart } from './chart.ts';
import { danglingLink, fileProblem, missing, strayLink } from './file-problem.ts';
import {
  EXPECTATIONS,
  type FoundFile,
  type FoundTree,
  findFiles,
  realPathOf,
  type WalkOptions,
} from './find-files.ts';
import { fileInChunks, openLargeFile } from './large-files.ts';
import { nothingRead } from './nothing-read.ts';
import { readBelow } from './read-bytes.ts';
import { type PassedOver, sortOut } from './sort-out.ts';
import { withSlashes } from './with-slashes.ts';

/** Files that were read, and what kept others from it. */
export interface Inputs extends FoundFiles {
  /** Files that were found in a folder, with the folder that each is in. */
  readonly folders: ReadonlyMap<string, string>;
  /** Files whose objects may be whole only when kustomize has built them. */
  readonly unfinished: ReadonlySet<string>;
  /** Files of expectations, each once: they are not read here. */
  readonly expectations: readonly NamedPlace[];
  /** What was found and not read. */
  readonly passedOver: readonly PassedOver[];
  /** Files and folders that a .gitignore or .svcgenignore leaves out. */
  readonly ignored: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is read beside paths, and how. */
export interface InputRequest {
  readonly walk: WalkOptions;
  readonly built: BuiltManifests | undefined;
  /** Takes the place of stdin. */
  readonly live: BuiltManifests | undefined;
  /** What is in its folder is called by its path from there. */
  readonly project: Project | undefined;
}

interface Reading {
  readonly files: InputFile[];
  readonly named: Set<string>;
  readonly folders: Map<string, string>;
  readonly unfinished: Set<string>;
  readonly expectations: NamedPlace[];
  readonly passedOver: PassedOver[];
  readonly ignored: string[];
  readonly diagnostics: Diagnostic[];
  readonly walk: WalkOptions;
  readonly project: Project | undefined;
  /** Real paths of what has been read: a file that is named twice is read once. */
  readonly seen: Set<string>;
}

/**
 * Reads what the paths name: files, folders with all below them, `-` for stdin. Whatever can't be read becomes a
 * diagnostic, and the rest is read all the same.
 */
export function readInputs(
  paths: readonly string[],
  { walk, built, live, project }: InputRequest,
  { readStdin }: Pick<Terminal, 'readStdin'>,
): Inputs {
  const reading: Reading = {
    files: [],
    named: new Set(),
    folders: new Map(),
    unfinished: new Set(),
    expectations: [],
    passedOver: [],
    ignored: [],
    diagnostics: [],
    walk,
    project,
    seen: new Set(),
  };
  if (built !== undefined) addBuilt(built, reading);
  for (const path of paths) {
    if (path === '-' && live !== undefined) addBuilt(live, reading);
    else if (path === '-') addStdin(readStdin, reading);
    else addPath(withSlashes(path), reading);
  }
  const none = nothingRead(reading);
  if (none !== undefined) reading.diagnostics.push(none);
  optimizeLate(reading.files.length);
  return reading;
}

function addBuilt({ files, found, diagnostics }: BuiltManifests, reading: Reading): void {
  for (const file of files) {
    reading.files.push(file);
    if (found?.has(file) !== true) reading.named.add(file.path);
  }
  for (const diagnostic of diagnostics) reading.diagnostics.push(diagnostic);
}

function addStdin(readStdin: () => readonly Uint8Array[], reading: Reading): void {
  if (reading.seen.has('-')) return;
  reading.seen.add('-');
  reading.named.add(STDIN_NAME);
  try {
    reading.files.push(fileInChunks(STDIN_NAME, readStdin()));
  } catch (error) {
    reading.diagnostics.push(unreadable(STDIN_NAME, describeErrno(error)));
  }
}

function addPath(location: string, reading: Reading): void {
  const path = nameFile(location, reading.project?.folder);
  const stats = statOf(location);
  if (stats instanceof Error) {
    const isMissing = ['ENOENT', 'ENOTDIR'].includes(errnoCode(stats) ?? '');
    const problem = isMissing ? missing({ path, location }) : unreadable(path, describeErrno(stats));
    reading.diagnostics.push(atItsPlace(problem, location, reading.project));
    return;
  }
  if (stats.isDirectory()) {
    addFolder({ path, location }, reading);
    return;
  }
  if (EXPECTATIONS.test(path)) {
    addExpectations([{ path, location, realPath: realPathOf(location) }], reading);
    return;
  }
  reading.named.add(path);
  addFile({ path, location, realPath: realPathOf(location), isFound: false }, reading);
}

function addExpectations(files: readonly FoundFile[], { seen, expectations }: Reading): void {
  for (const file of files) if (!seen.has(file.realPath)) expectations.push(file);
  for (const { realPath } of files) seen.add(realPath);
}

function addFolder({ path: folder, location }: NamedPlace, reading: Reading): void {
  const tree = findFiles(folder, { ...reading.walk, location });
  const { charts, kustomizations, tests, danglingLinks, strayLinks, ignored, problems } = tree;
  const { files, unfinished, passedOver } = sortOut(tree.files, tree);
  for (const { path, reason } of problems) reading.diagnostics.push(unreadable(path, reason));
  for (const link of danglingLinks) reading.diagnostics.push(danglingLink(link));
  for (const path of strayLinks) reading.diagnostics.push(strayLink(path));
  for (const chart of charts)
    reading.diagnostics.push(unrenderedChart(chart, { isNamed: chart.path === folder }));
  for (const file of files) addFile({ ...file, isFound: true }, reading);
  for (const path of unfinished) reading.unfinished.add(path);
  for (const each of passedOver) reading.passedOver.push(each);
  for (const path of ignored) reading.ignored.push(path);
  addExpectations(tree.expectations, reading);
  const found = [tree.files, charts, kustomizations, tests, tree.expectations, problems];
  const isEmpty = found.every(({ length }) => length === 0);
  if (!isEmpty) return;
  const problem = withoutManifests(folder, tree, reading);
  reading.diagnostics.push(atItsPlace(problem, location, reading.project));
}

interface FileToRead extends FoundFile {
  readonly isFound: boolean;
}

function addFile({ path, location, realPath, isFound }: FileToRead, reading: Reading): void {
  if (reading.seen.has(realPath)) return;
  reading.seen.add(realPath);
  try {
    reading.files.push({ ...readFile({ path, location }), isFound });
    if (isFound) reading.folders.set(path, dirname(path));
  } catch (error) {
    reading.diagnostics.push(unreadable(path, describeErrno(error)));
  }
}

/**
 * Large files are read when something of them is wanted.
 * @throws Error for files that cannot be read, and for those that are too large to be text
 */
function readFile({ path, location }: NamedPlace): InputFile {
  const { stats, bytes } = readBelow(location, LARGE_BYTES);
  return bytes === undefined ? openLargeFile({ path, location }, stats) : { path, bytes };
}

function statOf(path: string): Stats | Error {
  try {
    return statSync(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A file or stdin that can't be read. */
export function unreadable(path: string, reason: string): Diagnostic {
  const what = path === STDIN_NAME ? 'stdin' : quote(path);
  return fileProblem({ code: 'input-readable', file: path, message: `cannot read ${what}: ${reason}` });
}

function withoutManifests(
  folder: string,
  { danglingLinks, strayLinks, ignored }: FoundTree,
  { walk: { patterns }, project }: Pick<Reading, 'walk' | 'project'>,
): Diagnostic {
  const given = patterns.map(({ pattern }) => quote(pattern));
  const isOfProject = project?.settings.some(({ value }) => value === patterns) === true;
  const name = isOfProject ? `"ignore" of ${PROJECT_FILE}` : '--ignore';
  const ignore = given.length === 0 ? name : `${name}, which is ${listNames(given)} here`;
  const links = danglingLinks.length + strayLinks.length;
  const aside = [
    ...(links === 0 ? [] : [`${count(links, 'link')} passed over`]),
    ...(ignored.length === 0
      ? []
      : [`${count(ignored.length, 'path')} left out by .gitignore or .svcgenignore`]),
  ];
  const but = aside.length === 0 ? '' : `, but for ${aside.join(' and ')}`;
  return fileProblem({
    code: 'folder-has-manifests',
    file: folder,
    message: `the folder ${quote(folder)} holds no .yaml, .yml or .json file${but}`,
    hint: `hidden files, node_modules and what ${ignore}, .gitignore or .svcgenignore match are left out; a file named by itself is always read`,
  });
}

/** Control characters of a path must not reach a terminal as they are. */
function quote(path: string): string {
  return JSON.stringify(path);
}

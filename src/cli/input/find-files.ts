import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeErrno, errnoCode } from '../errno.ts';
import { PROJECT_FILE } from '../project/find-project.ts';
import { isWithin, type NamedPlace } from '../project/name-file.ts';
import { CHART_FILE } from './chart.ts';
import { type IgnorePattern, isIgnored } from './glob.ts';
import { enclosingScope, type IgnoreScope, isLeftOutIn, scopeOf, workTreeOf } from './ignore-files.ts';
import { KUSTOMIZATION_NAMES, type Kustomization, readKustomization } from './kustomization.ts';
import { readTestFile, type TestFile } from './test-file.ts';
import { withSlashes } from './with-slashes.ts';

/** A file to be read. */
export interface FoundFile extends NamedPlace {
  /** Tells links to one file apart from two files. */
  readonly realPath: string;
}

export interface FindProblem {
  readonly path: string;
  readonly reason: string;
}

/** What there is in a folder and all below it. */
export interface FoundTree {
  readonly files: readonly FoundFile[];
  /** Folders that hold charts: nothing in them is looked at. */
  readonly charts: readonly NamedPlace[];
  readonly kustomizations: readonly Kustomization[];
  /** Of clusters and of policies. */
  readonly tests: readonly TestFile[];
  /** What `svcgen test` expects of traffic: no manifests. */
  readonly expectations: readonly FoundFile[];
  /** Links that lead nowhere or in circles. */
  readonly danglingLinks: readonly NamedPlace[];
  /** Links that lead out of the tree. */
  readonly strayLinks: readonly string[];
  /** What a .gitignore or .svcgenignore leaves out. */
  readonly ignored: readonly string[];
  readonly problems: readonly FindProblem[];
}

/** What one walk has seen: folders are entered once, so that links may make circles. */
interface Walk extends FoundTree {
  readonly patterns: readonly IgnorePattern[];
  /** It is in a work tree of Git, whose .gitignore counts. */
  readonly hasGit: boolean;
  /** Where links may lead. */
  readonly bounds: string;
  readonly visited: Set<string>;
  readonly files: FoundFile[];
  readonly charts: NamedPlace[];
  readonly kustomizations: Kustomization[];
  readonly tests: TestFile[];
  readonly expectations: FoundFile[];
  readonly danglingLinks: NamedPlace[];
  readonly strayLinks: string[];
  readonly ignored: string[];
  readonly problems: FindProblem[];
}

/** How files of expectations are named. */
export const EXPECTATIONS = /\.traffic\.(?:ya?ml|json)$/i;

const EXTENSION = /\.(?:ya?ml|json)$/i;

/**
 * The `.yaml`, `.yml` and `.json` files in a folder and all below it, sorted by name, folder by folder. Links are
 * followed within the work tree of Git around the folder, or within the folder where there is none: who writes a repository
 * decides what its links name, but not what is read on the machine that checks it. Left out: what `patterns` match, what .gitignore and .svcgenignore leave out, hidden files and folders, charts,
 * and modules of others (`node_modules`, Go's `vendor`).
 */
export function findFiles(
  folder: string,
  { patterns, ignoreVcs, location = folder }: WalkOptions & Partial<Pick<NamedPlace, 'location'>>,
): FoundTree {
  const realPath = realPathOf(location);
  const top = workTreeOf(realPath);
  const { hasGit, scope } = enclosingScope(realPath, ignoreVcs ? top : undefined);
  const walk: Walk = {
    patterns,
    hasGit,
    bounds: top ?? realPath,
    visited: new Set(),
    files: [],
    charts: [],
    kustomizations: [],
    tests: [],
    expectations: [],
    danglingLinks: [],
    strayLinks: [],
    ignored: [],
    problems: [],
  };
  visitFolder({ path: folder, relativePath: '', location: realPath, realPath, scope }, walk);
  return walk;
}

/** What is left out of a walk. */
export interface WalkOptions {
  /** `--ignore` */
  readonly patterns: readonly IgnorePattern[];
  /** Not `--no-ignore-vcs`: what .gitignore names is left out in a work tree of Git. */
  readonly ignoreVcs: boolean;
}

/** The path without links; for pipes and the like, which have none, the path itself. */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

interface Place extends NamedPlace {
  /** Below the folder where the walk began, with slashes on every system. */
  readonly relativePath: string;
  /** `location` has no links on the way there; this one is no link either. */
  readonly realPath: string;
  /** What is left out where it is. */
  readonly scope: IgnoreScope | undefined;
}

function visitFolder(folder: Place, walk: Walk): void {
  if (walk.visited.has(folder.realPath)) return;
  walk.visited.add(folder.realPath);
  const entries = entriesOf(folder, walk);
  if (entries.some(({ name }) => name === CHART_FILE)) {
    walk.charts.push(folder);
    return;
  }
  const scope = scopeOf({ folder: folder.realPath, hasGit: walk.hasGit }, folder.scope);
  for (const entry of isVendored(folder.path, entries) ? [] : entries) {
    const relativePath = folder.relativePath === '' ? entry.name : `${folder.relativePath}/${entry.name}`;
    if (isLeftOut(entry.name) || isIgnored(relativePath, walk.patterns)) continue;
    const path = withSlashes(join(folder.path, entry.name));
    const location = join(folder.realPath, entry.name);
    const realPath = entry.isSymbolicLink() ? realPathOf(path) : location;
    visitEntry(entry, { path, relativePath, location, realPath, scope }, walk);
  }
}

function visitEntry(entry: Dirent, place: Place, walk: Walk): void {
  const kind = entry.isSymbolicLink() ? targetOf(place, walk) : entry;
  if (kind === 'unreadable') return;
  const isFolder = kind?.isDirectory() === true;
  if (!isFolder && !EXTENSION.test(entry.name) && !KUSTOMIZATION_NAMES.has(entry.name)) return;
  if (isLeftOutIn(place.scope, { path: place.location, isFolder })) walk.ignored.push(place.path);
  else if (kind !== undefined && !isWithin(place.realPath, walk.bounds)) walk.strayLinks.push(place.path);
  else if (isFolder) visitFolder(place, walk);
  else if (KUSTOMIZATION_NAMES.has(entry.name) && kind?.isFile() === true)
    walk.kustomizations.push(readKustomization(place, dirname(place.realPath)));
  else if (EXPECTATIONS.test(entry.name) && kind?.isFile() === true) walk.expectations.push(place);
  else if (EXTENSION.test(entry.name)) addFile(entry.name, place, kind?.isFile(), walk);
}

/** What a link leads to; undefined: nothing, or in circles. */
function targetOf({ path, location }: Place, walk: Walk): Stats | 'unreadable' | undefined {
  try {
    return statSync(location, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoCode(error) === 'ELOOP') return undefined;
    walk.problems.push({ path, reason: describeErrno(error) });
    return 'unreadable';
  }
}

function addFile(name: string, place: Place, isFile: boolean | undefined, walk: Walk): void {
  if (isFile === undefined) walk.danglingLinks.push(place);
  if (isFile !== true) return;
  const test = readTestFile(place, name, dirname(place.realPath));
  if (test === undefined) walk.files.push(place);
  else walk.tests.push(test);
}

function entriesOf({ path, realPath }: Place, walk: Walk): readonly Dirent[] {
  try {
    return readdirSync(realPath, { withFileTypes: true }).sort(byName);
  } catch (error) {
    walk.problems.push({ path, reason: describeErrno(error) });
    return [];
  }
}

/** By UTF-16 code units: the same everywhere. */
function byName(a: Dirent, b: Dirent): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/** Sources of others, as `go mod vendor` writes them. */
function isVendored(path: string, entries: readonly Dirent[]): boolean {
  return basename(path) === 'vendor' && entries.some(({ name }) => name === 'modules.txt');
}

function isLeftOut(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules' || name === PROJECT_FILE;
}

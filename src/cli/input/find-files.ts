import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeErrno, errnoCode } from '../errno.ts';
import { CHART_FILE } from './chart.ts';
import { type IgnorePattern, isIgnored } from './glob.ts';
import { KUSTOMIZATION_NAMES, type Kustomization, readKustomization } from './kustomization.ts';

/** A file to be read. */
export interface FoundFile {
  readonly path: string;
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
  readonly charts: readonly string[];
  readonly kustomizations: readonly Kustomization[];
  /** Links that lead nowhere. */
  readonly danglingLinks: readonly string[];
  readonly problems: readonly FindProblem[];
}

/** What one walk has seen: folders are entered once, so that links may make circles. */
interface Walk extends FoundTree {
  readonly patterns: readonly IgnorePattern[];
  readonly visited: Set<string>;
  readonly files: FoundFile[];
  readonly charts: string[];
  readonly kustomizations: Kustomization[];
  readonly danglingLinks: string[];
  readonly problems: FindProblem[];
}

const EXTENSION = /\.(?:ya?ml|json)$/i;

/**
 * The `.yaml`, `.yml` and `.json` files in a folder and all below it, sorted by name, folder by folder. Links are
 * followed. Left out: what `patterns` match, hidden files and folders, charts, and modules of others (`node_modules`,
 * Go's `vendor`).
 */
export function findFiles(folder: string, patterns: readonly IgnorePattern[]): FoundTree {
  const walk: Walk = {
    patterns,
    visited: new Set(),
    files: [],
    charts: [],
    kustomizations: [],
    danglingLinks: [],
    problems: [],
  };
  visitFolder({ path: folder, relativePath: '', realPath: realPathOf(folder) }, walk);
  return walk;
}

/** The path without links; for pipes and the like, which have none, the path itself. */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

interface Place {
  readonly path: string;
  /** Below the folder where the walk began, with slashes on every system. */
  readonly relativePath: string;
  readonly realPath: string;
}

function visitFolder(folder: Place, walk: Walk): void {
  if (walk.visited.has(folder.realPath)) return;
  walk.visited.add(folder.realPath);
  const entries = entriesOf(folder.path, walk);
  if (entries.some(({ name }) => name === CHART_FILE)) {
    walk.charts.push(folder.path);
    return;
  }
  for (const entry of isVendored(folder.path, entries) ? [] : entries) {
    const relativePath = folder.relativePath === '' ? entry.name : `${folder.relativePath}/${entry.name}`;
    if (isLeftOut(entry.name) || isIgnored(relativePath, walk.patterns)) continue;
    const path = join(folder.path, entry.name);
    const realPath = entry.isSymbolicLink() ? realPathOf(path) : join(folder.realPath, entry.name);
    visitEntry(entry, { path, relativePath, realPath }, walk);
  }
}

function visitEntry(entry: Dirent, place: Place, walk: Walk): void {
  const kind = entry.isSymbolicLink() ? targetOf(place.path, walk) : entry;
  if (kind === 'unreadable') return;
  if (kind?.isDirectory() === true) visitFolder(place, walk);
  else if (KUSTOMIZATION_NAMES.has(entry.name) && kind?.isFile() === true)
    walk.kustomizations.push(readKustomization(place.path, dirname(place.realPath)));
  else if (EXTENSION.test(entry.name)) addFile(place, kind?.isFile(), walk);
}

/** What a link leads to; undefined: nothing, or in circles. */
function targetOf(path: string, walk: Walk): Stats | 'unreadable' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoCode(error) === 'ELOOP') return undefined;
    walk.problems.push({ path, reason: describeErrno(error) });
    return 'unreadable';
  }
}

function addFile({ path, realPath }: Place, isFile: boolean | undefined, walk: Walk): void {
  if (isFile === true) walk.files.push({ path, realPath });
  else if (isFile === undefined) walk.danglingLinks.push(path);
}

function entriesOf(path: string, walk: Walk): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).sort(byName);
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
  return name.startsWith('.') || name === 'node_modules';
}

import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Manifest } from '../model/manifest.ts';
import type { InputFile } from '../model/source.ts';
import type { ReadOptions } from './document-memory.ts';
import { LARGE_BYTES } from './input-file.ts';
import { type FileResult, type ParseFileOptions, parseFile } from './parse-file.ts';
import { UNCUT } from './pieces/cut.ts';

/** What there is to say of files, beside their manifests. */
export interface ParsedFiles {
  readonly diagnostics: readonly Diagnostic[];
  /** Files that hold an object, if only a List of nothing. */
  readonly filesWithObjects: ReadonlySet<string>;
}

export interface ParseResult extends ParsedFiles {
  /** In the order of the files, and of their documents. */
  readonly manifests: readonly Manifest[];
}

/**
 * Reads the Kubernetes objects of some files: YAML as Kubernetes understands it (YAML 1.1 by go-yaml's rules), JSON,
 * several documents, lists taken apart. Every problem of every file becomes a diagnostic; nothing is thrown for bad
 * input. A file without documents gives neither objects nor diagnostics.
 */
export function parse(files: readonly InputFile[]): ParseResult {
  const { made: manifests, ...parsed } = parseInTurn(files, (each) => [...each]);
  return { ...parsed, manifests };
}

/** What `parseInTurn` comes to. */
export interface ParsedInTurn<T> extends ParsedFiles {
  /** From the manifests. */
  readonly made: T;
}

/**
 * Reads files as `parse` does, and each manifest when `make` asks for it, so that of a large file neither the text nor
 * all values need to be in memory at once.
 * @param make makes something of all manifests. It goes through them to the end, and may do so again, which reads the
 *   files again. It must not touch anything else: it is called a second time when a manifest of a large file turns
 *   out, further down, not to be one, and what it made first is dropped.
 * @param options isThorough: for `--strict`, where a repeated key is an error; skims: not for it; memory: what earlier
 *   readings have read
 * @throws whatever keeps a file from being read that is not in memory
 */
export function parseInTurn<T>(
  files: readonly InputFile[],
  make: (manifests: Iterable<Manifest>) => T,
  options: ReadOptions = { isThorough: false },
): ParsedInTurn<T> {
  try {
    return parseWith({ ...options, cutFrom: LARGE_BYTES }, files, make);
  } catch (error) {
    if (error === UNCUT) return parseWith({ ...options, cutFrom: Number.POSITIVE_INFINITY }, files, make);
    throw error;
  }
}

function parseWith<T>(
  options: ParseFileOptions,
  files: readonly InputFile[],
  make: (manifests: Iterable<Manifest>) => T,
): ParsedInTurn<T> {
  const results: FileResult[] = [];
  const made = make({
    *[Symbol.iterator]() {
      for (const [index, file] of files.entries()) results[index] = yield* parseFile(file, options);
    },
  });
  return {
    made,
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
    filesWithObjects: new Set(results.flatMap(({ path, hasObjects }) => (hasObjects ? [path] : []))),
  };
}

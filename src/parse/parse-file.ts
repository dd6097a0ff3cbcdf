import { type Collector, createCollector } from '../diagnostic/collector.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { isJsonObject, type JsonValue } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { InputFile } from '../model/source.ts';
import { type SourceLines, sourceText } from '../model/source-text.ts';
import { decodeText, findNul, howToUnpack, type NotText } from './decode-text.ts';
import type { OpenFile, Reading } from './document.ts';
import type { ReadOptions } from './document-memory.ts';
import { flattenManifests, type Sink } from './flatten-manifests.ts';
import { bytesOf, readInPieces, sizeOf } from './input-file.ts';
import { judgeFound } from './judge-found.ts';
import { UNCUT } from './pieces/cut.ts';
import { openInPieces } from './pieces/open-in-pieces.ts';
import { describeProblem } from './problem.ts';
import { readDocuments } from './read-documents.ts';

/** What there is to say of a file, beside its manifests. */
export interface FileResult {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  /** If only a List of nothing. */
  readonly hasObjects: boolean;
}

export interface ParseFileOptions extends ReadOptions {
  /** From this length on, in bytes, the file is read in pieces if it can be. */
  readonly cutFrom: number;
}

/**
 * Gives the objects of a file one by one, and at the end what else there is to say of it.
 * @throws UNCUT when it has been cut, and must not be: the manifests that were given don't count then
 * @throws whatever keeps it from being read
 */
export function* parseFile(file: InputFile, options: ParseFileOptions): Generator<Manifest, FileResult> {
  const pieces = sizeOf(file) >= options.cutFrom ? openInPieces(readInPieces(file), options) : undefined;
  const { source, readers } = pieces ?? openWhole(file, options);
  const report: Report = {
    ofUnread: createCollector(() => file.path),
    ofDocuments: createCollector(() => file.path),
    hasObjects: false,
  };
  for (const read of readers) yield* parseReading(read, source, report);
  const { ofUnread, ofDocuments, hasObjects } = report;
  const diagnostics = withoutRepetition([...ofUnread.items(), ...ofDocuments.items()]);
  return {
    path: file.path,
    diagnostics: file.isFound === true ? judgeFound(file, diagnostics) : diagnostics,
    hasObjects,
  };
}

/** What is said of a file, while it is read. */
interface Report {
  /** Of the documents that could not be read. */
  readonly ofUnread: Collector<Diagnostic>;
  readonly ofDocuments: Collector<Diagnostic>;
  hasObjects: boolean;
}

/** A generator of its own, which reads: so nothing keeps the values of a piece in memory when the next one is read. */
function* parseReading(read: () => Reading, source: SourceLines, report: Report): Generator<Manifest, void> {
  const { documents, problems } = read();
  for (const problem of problems) report.ofUnread.add(describeProblem(problem, source));
  for (const document of documents) {
    const { value, warnings, isPart } = document;
    const sink: Sink = { manifests: [], problems: [...warnings] };
    flattenManifests(document, source, sink);
    // Which item of the whole List it is about, and how many others have problems, can't be told from a part.
    if (isPart === true && sink.problems.length > 0) throw UNCUT;
    for (const problem of sink.problems) report.ofDocuments.add(describeProblem(problem, source, value));
    report.hasObjects ||= isObject(value);
    yield* sink.manifests;
  }
}

function isObject(value: JsonValue): boolean {
  return isJsonObject(value) && typeof value.kind === 'string' && typeof value.apiVersion === 'string';
}

/** One document of a template is enough to say so. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const first = diagnostics.find(({ code }) => code === 'unrendered-template');
  return diagnostics.filter(
    (diagnostic) => diagnostic === first || diagnostic.code !== 'unrendered-template',
  );
}

function openWhole(file: InputFile, options: ReadOptions): OpenFile {
  const { path } = file;
  const decoded = decodeText(bytesOf(file));
  if ('problem' in decoded) {
    const { readable } = decoded;
    return { source: sourceText(path, readable), readers: [() => notText(decoded)] };
  }
  const { text } = decoded;
  return { source: sourceText(path, text), readers: [() => readWhole(text, options)] };
}

function readWhole(text: string, options: ReadOptions): Reading {
  const reading = readDocuments(text, { ...options, known: new Map(), textAgain: () => text });
  const nul = reading.problems.length > 0 ? findNul(text) : undefined;
  return nul === undefined ? reading : notText(nul);
}

function notText({ problem, offset, readable }: NotText): Reading {
  const unpack = howToUnpack(readable);
  const hint =
    unpack === undefined
      ? 'manifests are YAML or JSON in UTF-8: convert it'
      : `it is an archive: unpack it with ${unpack}, and name what was in it`;
  return {
    documents: [],
    problems: [
      {
        code: 'text-file',
        severity: 'error',
        message: `the file ${problem}`,
        hint: `${hint}, or leave it out with --ignore`,
        range: { start: offset, end: offset + 1 },
      },
    ],
  };
}

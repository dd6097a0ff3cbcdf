import type { Reading } from './document.ts';
import { type ReadOptions, recall } from './document-memory.ts';
import { fastYamlPlace, readRepeatedKeys } from './fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from './fast-yaml/read-fast-yaml.ts';
import type { KnownScalars } from './fast-yaml/reader.ts';
import { faultProblem, type JsonReading, readJson, startsLikeJson } from './json/read-json.ts';
import type { Place, Range } from './place.ts';
import { headOfDefinition, isDefinition } from './skim.ts';
import { type Part, splitDocuments } from './split-documents.ts';
import { asTemplateProblems } from './template.ts';
import { readGeneralYaml } from './yaml/read-general-yaml.ts';

/** A longer text that begins like JSON, but is not, is not tried as YAML: that would take minutes. */
const MAX_FLOW_YAML = 1024 * 1024;

/** For a text that is a piece of a file. */
export interface PieceOptions extends ReadOptions {
  /** Shared by the pieces. */
  readonly known: KnownScalars;
  /** The same text, when a diagnostic asks for places: documents don't keep it in memory. */
  readonly textAgain: () => string;
}

/**
 * Reads the documents of a text: JSON, or YAML as Kubernetes reads it. JSON.parse and the fast reader are tried
 * first; what both decline is for the general parser.
 */
export function readDocuments(
  text: string,
  options: PieceOptions = { known: new Map(), textAgain: () => text, isThorough: false },
): Reading {
  const whole = { start: 0, end: text.length };
  const { memory } = options;
  const json = startsLikeJson(text, 0)
    ? recall(text, whole, memory, () => readJson(text, whole, options))
    : undefined;
  if (json !== undefined && 'documents' in json) return json;
  const parts = splitDocuments(text);
  const partOptions: PartOptions = { ...options, tried: parts.length === 1 ? json : undefined };
  const readings = parts.map((part) => recall(text, part, memory, () => readPart(text, part, partOptions)));
  return {
    documents: readings.flatMap(({ documents }) => documents),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

interface PartOptions extends PieceOptions {
  /** What reading this part as JSON came to, if that is known. */
  readonly tried: JsonReading | undefined;
}

function readPart(text: string, part: Part, options: PartOptions): Reading {
  const { tried, textAgain } = options;
  const { contentStart, end } = part;
  if (startsLikeJson(text, contentStart)) {
    const json = tried ?? readJson(text, { start: contentStart, end }, options);
    return 'documents' in json ? json : readFlowYaml(text, part, json);
  }
  const content = text.slice(contentStart, end);
  if (isBlank(content)) return { documents: [], problems: [] };
  const { value, read } = part.isMarkerAlone ? readPlain(content, options) : NOT_PLAIN;
  if (value === undefined) return readRepeating(text, part, options) ?? readYaml(text, part);
  const place = placeAgain(textAgain, { start: contentStart, end: contentStart + read });
  return { documents: [{ value, warnings: [], place }], problems: [] };
}

/** Everyday YAML, but for keys that stand twice. */
function readRepeating(text: string, part: Part, { textAgain }: PieceOptions): Reading | undefined {
  const { contentStart: start, end } = part;
  const found = part.isMarkerAlone ? readRepeatedKeys(text.slice(start, end), start) : undefined;
  if (found === undefined) return undefined;
  const { value, problems } = found;
  return {
    documents: [{ value, warnings: problems, place: placeAgain(textAgain, { start, end }) }],
    problems: [],
  };
}

const NOT_PLAIN = { value: undefined, read: 0 };

/** What the fast reader makes of a document, and how many characters of it were enough. */
function readPlain(content: string, { known, skims }: PieceOptions) {
  const head = skims === true ? headOfDefinition(content) : undefined;
  const ofHead = head === undefined ? undefined : readFastYaml(head, known);
  if (head !== undefined && ofHead !== undefined && isDefinition(ofHead))
    return { value: ofHead, read: head.length };
  return { value: readFastYaml(content, known), read: content.length };
}

function placeAgain(textAgain: () => string, { start, end }: Range): () => Place {
  return () => fastYamlPlace(textAgain().slice(start, end), start);
}

const BLANK_LINE = /[ \t\r]*(?:#[^\n]*)?(?:\n|$)/y;

/** Nothing but comments. */
function isBlank(text: string): boolean {
  BLANK_LINE.lastIndex = 0;
  while (BLANK_LINE.lastIndex < text.length) if (!BLANK_LINE.test(text)) return false;
  return true;
}

/**
 * YAML in brackets, or broken JSON: the parser that understood more of it says what is wrong. To YAML, a comment of JavaScript is
 * the beginning of the key behind it, which nobody means.
 */
function readFlowYaml(
  text: string,
  part: Part,
  { fault }: Extract<JsonReading, { fault: unknown }>,
): Reading {
  const content = text.slice(part.start, part.end);
  const problems = asTemplateProblems([faultProblem(fault)], { content, start: part.start });
  const json = { documents: [], problems };
  if (fault.kind !== 'syntax' || part.end - part.start > MAX_FLOW_YAML) return json;
  const yaml = readYaml(text, part);
  const error = yaml.problems.find(({ severity }) => severity === 'error');
  if (error?.code !== 'yaml-syntax') return yaml;
  // A bracket that is never closed is shown where it opens, and beside that how far the parser came.
  const { range } = error.related ?? error;
  return fault.range.start >= range.start ? json : yaml;
}

function readYaml(text: string, { start, end }: Part): Reading {
  const content = text.slice(start, end);
  const { documents, problems } = readGeneralYaml(content, start);
  return { documents, problems: asTemplateProblems(problems, { content, start }) };
}

import type { Reading } from './document.ts';
import { fastYamlPlace } from './fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from './fast-yaml/read-fast-yaml.ts';
import type { KnownScalars } from './fast-yaml/reader.ts';
import { readGeneralYaml } from './general-yaml.ts';
import { faultProblem, type JsonReading, readJson, startsLikeJson } from './read-json.ts';
import { type Part, splitDocuments } from './split-documents.ts';
import { asTemplateProblems } from './template.ts';

/** A longer text that begins like JSON, but is not, is not tried as YAML: that would take minutes. */
const MAX_FLOW_YAML = 1024 * 1024;

/**
 * Reads the documents of a text: JSON, or YAML as Kubernetes reads it. JSON.parse and the fast reader are tried
 * first; what both decline is for the general parser.
 */
export function readDocuments(text: string): Reading {
  const json = startsLikeJson(text, 0) ? readJson(text, { start: 0, end: text.length }) : undefined;
  if (json !== undefined && 'documents' in json) return json;
  const parts = splitDocuments(text);
  const known: KnownScalars = new Map();
  const readings = parts.map((part) =>
    readPart(text, part, { tried: parts.length === 1 ? json : undefined, known }),
  );
  return {
    documents: readings.flatMap(({ documents }) => documents),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

interface Before {
  /** What reading this part as JSON came to, if that is known. */
  readonly tried: JsonReading | undefined;
  readonly known: KnownScalars;
}

function readPart(text: string, part: Part, { tried, known }: Before): Reading {
  const { contentStart, end } = part;
  if (startsLikeJson(text, contentStart)) {
    const json = tried ?? readJson(text, { start: contentStart, end });
    return 'documents' in json ? json : readFlowYaml(text, part, json);
  }
  const content = text.slice(contentStart, end);
  if (isBlank(content)) return { documents: [], problems: [] };
  const value = part.isMarkerAlone ? readFastYaml(content, known) : undefined;
  if (value === undefined) return readYaml(text, part);
  const place = () => fastYamlPlace(content, contentStart);
  return { documents: [{ value, warnings: [], place }], problems: [] };
}

const BLANK_LINE = /[ \t\r]*(?:#[^\n]*)?(?:\n|$)/y;

/** Nothing but comments. */
function isBlank(text: string): boolean {
  BLANK_LINE.lastIndex = 0;
  while (BLANK_LINE.lastIndex < text.length) if (!BLANK_LINE.test(text)) return false;
  return true;
}

/** YAML in brackets, or broken JSON: the parser that understood more of it says what is wrong. */
function readFlowYaml(
  text: string,
  part: Part,
  { fault }: Extract<JsonReading, { fault: unknown }>,
): Reading {
  const content = text.slice(part.start, part.end);
  const problems = asTemplateProblems([faultProblem(fault)], { content, start: part.start });
  const json = { documents: [], problems };
  if (fault.isTooDeep || part.end - part.start > MAX_FLOW_YAML) return json;
  const yaml = readYaml(text, part);
  const error = yaml.problems.find(({ severity }) => severity === 'error');
  if (error?.code !== 'yaml-syntax') return yaml;
  return fault.range.start >= error.range.start ? json : yaml;
}

function readYaml(text: string, { start, end }: Part): Reading {
  const content = text.slice(start, end);
  const { documents, problems } = readGeneralYaml(content, start);
  return { documents, problems: asTemplateProblems(problems, { content, start }) };
}

import { realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, win32 } from 'node:path';
import { Command, InvalidArgumentError, type Option } from 'commander';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { inputProblem } from '../../library/problem.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Locator, Span } from '../../model/source.ts';
import { type ParsedDocument, parseDocuments } from '../../parse/parse-documents.ts';
import { isProject } from '../../validate/generated/shapes.js';
import { explainDocument } from '../../validate/shape/explain-document.ts';
import type { CliCode } from '../codes.ts';
import { describeErrno } from '../errno.ts';
import { readBytes } from '../input/read-bytes.ts';
import { EVERY_NODE } from '../options/node-options.ts';
import { addProjectOptions, PROJECT_FIELDS } from '../options/project-options.ts';
import { PROJECT_FILE } from './find-project.ts';
import { isWithin } from './name-file.ts';
import type { Project, ProjectField, ProjectSetting } from './project.ts';

export interface ReadProject {
  /** undefined: there are errors. */
  readonly project: Project | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a project file: every value as the option of its name would, whether the command that runs has that or not. */
export function readProject(path: string): ReadProject {
  const found = documentOf(path);
  if ('diagnostics' in found) return { project: undefined, diagnostics: found.diagnostics };
  const { value, locate } = found;
  if (!isJsonObject(value))
    return failed([wrong(locate, [], { message: 'a project file is a map', hint: HINT })]);
  const fields = value;
  if (!isProject(value)) {
    return failed(
      explainDocument(value, 'project', locate).map((finding) => ({
        code: 'project-valid',
        severity: 'error',
        object: '',
        related: [],
        ...finding,
        hint: forbidden(finding.field) ?? finding.hint ?? HINT,
      })),
    );
  }
  const diagnostics: Diagnostic[] = [];
  const report = (field: FieldPath, problem: Problem) => {
    diagnostics.push(wrong(locate, field, problem));
  };
  const folder = dirname(path);
  const { options } = addProjectOptions(new Command());
  const settings = PROJECT_FIELDS.flatMap((field): readonly ProjectSetting[] => {
    const given = fields[field.name] ?? null;
    if (given === null) return [];
    const option = options.find(({ long }) => long === field.flag);
    const read = readValue({ field, option, given, folder }, report);
    return [{ field, value: read, span: locate([field.name]) }];
  });
  if (diagnostics.length > 0) return failed(diagnostics);
  const paths = value.paths === undefined || value.paths === null ? undefined : [value.paths].flat();
  return {
    project: {
      folder,
      settings,
      paths: paths?.map((each) => join(folder, each ?? '')),
      places: placesOf(fields, folder, locate),
    },
    diagnostics: [],
  };
}

/** Where files and folders are named. */
function placesOf(fields: JsonObject, folder: string, locate: Locator): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  for (const { name, isPath } of PROJECT_FIELDS) {
    const given = fields[name] ?? null;
    if (isPath !== true || given === null) continue;
    const isList = Array.isArray(given);
    for (const [index, each] of (isList ? given : [given]).entries())
      places.set(join(folder, `${each}`), locate(isList ? [name, index] : [name]));
  }
  return places;
}

const HINT = 'the fields are those of schemas/project.json: options of svcgen in camelCase, and paths';

/** Why an option is none of a project file, for those that somebody may try. */
function forbidden([name]: FieldPath): string | undefined {
  switch (name) {
    case 'outputFile':
    case 'outputDir':
    case 'lock':
      return 'a project file names nothing that is written: that takes the command line';
    case 'kustomize':
    case 'helm':
    case 'values':
    case 'set':
      return 'a project file runs nothing: that takes the command line';
    default:
      return undefined;
  }
}

function documentOf(path: string): ParsedDocument | { readonly diagnostics: readonly Diagnostic[] } {
  try {
    const { documents, diagnostics } = parseDocuments({ path: PROJECT_FILE, bytes: readBytes(path) });
    if (diagnostics.length > 0)
      return { diagnostics: diagnostics.map((each) => ({ ...each, severity: 'error' })) };
    const [document, second] = documents;
    if (second !== undefined)
      return {
        diagnostics: [wrong(second.locate, [], { message: 'a project file has one document', hint: HINT })],
      };
    return document ?? { diagnostics: [emptyFile()] };
  } catch (error) {
    const message = `cannot read ${JSON.stringify(path)}: ${describeErrno(error)}`;
    return { diagnostics: [inputProblem<CliCode>({ code: 'input-readable', message })] };
  }
}

function emptyFile(): Diagnostic {
  const message = `${PROJECT_FILE} says nothing`;
  return inputProblem<CliCode>({ code: 'project-valid', file: PROJECT_FILE, message, hint: HINT });
}

interface Problem {
  readonly message: string;
  readonly hint: string;
}

type Report = (field: FieldPath, problem: Problem) => void;

function failed(diagnostics: readonly Diagnostic[]): ReadProject {
  return { project: undefined, diagnostics };
}

function wrong(locate: Locator, field: FieldPath, problem: Problem): Diagnostic {
  return {
    code: 'project-valid',
    severity: 'error',
    object: '',
    field,
    span: locate(field),
    related: [],
    ...problem,
  };
}

interface GivenValue {
  readonly field: ProjectField;
  /** undefined: there is none, as for `paths`. */
  readonly option: Option | undefined;
  readonly given: JsonValue;
  readonly folder: string;
}

function readValue({ field, option, given, folder }: GivenValue, report: Report): unknown {
  if (typeof given === 'boolean') return given;
  const items = (Array.isArray(given) ? given : [given]).map((each) => `${each ?? ''}`);
  if (items.length === 0) report([field.name], { message: 'the list is empty', hint: 'leave the field out' });
  const texts = field.isJoined === true ? [items.join(',')] : items;
  return texts.reduce<unknown>((previous, text, index) => {
    const place = Array.isArray(given) && field.isJoined !== true ? [field.name, index] : [field.name];
    const problem = textProblem(field, text, folder);
    if (problem !== undefined) report(place, problem);
    else
      return parse(
        { option, text: field.isPath === true ? join(folder, text) : text, place, previous },
        report,
      );
    return previous;
  }, undefined);
}

function textProblem({ name, isPath }: ProjectField, text: string, folder: string): Problem | undefined {
  if (text === '') return { message: `${name} is empty`, hint: 'leave the field out' };
  if (name === 'node' && text === EVERY_NODE)
    return { message: 'node is one node', hint: `--node '${EVERY_NODE}' is for the command line` };
  if (isPath !== true) return undefined;
  if (staysInside(text) && !leadsAway(join(folder, text), folder)) return undefined;
  return {
    message: `${JSON.stringify(text.slice(0, 100))} leads out of the folder of the project file`,
    hint: `what ${name} names is a file or folder below it, without "..": the same on every machine; what is elsewhere takes the command line`,
  };
}

function staysInside(path: string): boolean {
  if (isAbsolute(path) || win32.isAbsolute(path) || path === '-' || path.includes('\0')) return false;
  return !path.split(/[/\\]/).includes('..');
}

/** A link could show lines of any file of this machine, and a device has no end. What is not there is told when it is read. */
function leadsAway(path: string, folder: string): boolean {
  try {
    const real = realpathSync(path);
    const stats = statSync(real);
    return !isWithin(real, realpathSync(folder)) || !(stats.isFile() || stats.isDirectory());
  } catch {
    return false;
  }
}

interface ValueText {
  readonly option: Option | undefined;
  readonly text: string;
  readonly place: FieldPath;
  /** What came of the items in front of it. */
  readonly previous: unknown;
}

function parse({ option, text, place, previous }: ValueText, report: Report): unknown {
  if (option === undefined) return [...(Array.isArray(previous) ? previous : []), text];
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, previous);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    const message = `${JSON.stringify(text.slice(0, 100))} is no value of ${place[0]}`;
    report(place, { message, hint: error.message });
    return previous;
  }
}

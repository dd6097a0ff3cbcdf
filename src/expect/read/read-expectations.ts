import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { PROXY_MODES } from '../../model/proxy-config.ts';
import type { Locator, SourceFile } from '../../model/source.ts';
import { parseDocuments } from '../../parse/parse-documents.ts';
import {
  isTrafficTest,
  type TestSettings as SettingFields,
  type TrafficTest,
} from '../../validate/generated/shapes.js';
import { readDualStackCIDRs } from '../../validate/proxy-values.ts';
import { explainDocument } from '../../validate/shape/explain-document.ts';
import type { ExpectationFile, Fault, TestSettings, TrafficCase } from '../expectation.ts';
import { diagnose, meant } from './case-faults.ts';
import { readCase } from './read-case.ts';
import { caseWords, type ReportFault } from './read-words.ts';

export interface ReadExpectations {
  /** undefined: there are errors. */
  readonly file: ExpectationFile | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file of expectations. Whatever is wrong with it is said, with its place. */
export function readExpectations(source: SourceFile): ReadExpectations {
  const { documents, diagnostics } = parseDocuments(source);
  if (diagnostics.length > 0) return failed(diagnostics.map((each) => ({ ...each, severity: 'error' })));
  const [document, second] = documents;
  if (document === undefined) return failed([emptyFile(source.path)]);
  const { value, locate } = document;
  if (isManifest(value)) {
    const message = `this is a manifest, and ${JSON.stringify(source.path)} was given as a file of expectations`;
    const hint = 'name manifests as paths; a file for --expect begins with "cases:"';
    return failed([diagnose(locate, '', 'expectation-valid', { field: ['kind'], message, hint })]);
  }
  if (second !== undefined) {
    const message = 'there is a second document, and a file of expectations has one';
    return failed([diagnose(second.locate, '', 'expectation-valid', { field: [], message })]);
  }
  if (!isTrafficTest(value)) return failed(shapeProblems(value, locate));
  return readFile({ path: source.path, value, locate });
}

function isManifest(value: JsonValue): boolean {
  const { apiVersion, kind } = isJsonObject(value) ? value : {};
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

function failed(diagnostics: readonly Diagnostic[]): ReadExpectations {
  return { file: undefined, diagnostics };
}

function emptyFile(file: string): Diagnostic {
  const message = `${JSON.stringify(file)} holds no expectations`;
  const hint = 'it begins with "cases:"; svcgen test --record writes one';
  return {
    code: 'expectation-given',
    severity: 'error',
    object: '',
    field: [],
    span: undefined,
    file,
    related: [],
    message,
    hint,
  };
}

function shapeProblems(value: unknown, locate: Locator): readonly Diagnostic[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [
      diagnose(locate, '', 'expectation-valid', {
        field: [],
        message: 'a file of expectations is a map',
        hint: 'it begins with "cases:"',
      }),
    ];
  return explainDocument(value, 'traffic-test', locate).map((finding) => {
    const hint = OTHER_WORDS.get(String(finding.field.at(-1)));
    return {
      code: 'expectation-valid',
      severity: 'error',
      object: '',
      related: [],
      ...finding,
      ...(hint === undefined ? {} : { hint }),
    };
  });
}

const NODES_OF_A_CASE = 'the nodes of a case are its "at"';

/** Words that somebody may try, and what is meant. To YAML 1.1, `on` is a word for true. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['on', NODES_OF_A_CASE],
  ['true', NODES_OF_A_CASE],
  ['selector', 'write pods: LABELS'],
  ['where', 'a change is like { remove: { pods: LABELS, zone: ZONE } }'],
  ['patch', 'write the fields here: { kind: Service, metadata: { name: NAME }, spec: … }'],
  ['delete', 'pods and nodes go with "remove"'],
  ['drain', 'write { terminating: node NAME }'],
]);

interface Document {
  readonly path: string;
  readonly value: TrafficTest;
  readonly locate: Locator;
}

function readFile({ path, value, locate }: Document): ReadExpectations {
  const found: Diagnostic[] = [];
  const report = (field: FieldPath, problem: Fault): void => {
    found.push(diagnose(locate, '', 'expectation-valid', { field, ...problem }));
  };
  const settings = readSettings(value.settings ?? {}, report);
  const given = value.cases ?? [];
  const words = caseWords();
  if (given.length === 0) {
    const problem = { field: ['cases'], message: 'there is no case', hint: 'a case has "to" and "expect"' };
    found.push(diagnose(locate, '', 'expectation-given', problem));
  }
  const cases: TrafficCase[] = [];
  for (const [index, fields] of given.entries()) {
    const at: FieldPath = ['cases', index];
    const reportOf: ReportFault = (field, problem) => report([...at, ...field], problem);
    if (fields === null)
      reportOf([], { message: 'a case is a map, not null', hint: 'it has "to" and "expect"' });
    const read = fields === null ? undefined : readCase(fields, { at, locate, words, report: reportOf });
    if (read !== undefined) cases.push(read);
  }
  const problems = [...found, ...repeatedNames(cases)];
  return problems.length > 0 ? failed(problems) : { file: { path, settings, cases }, diagnostics: [] };
}

function readSettings({ modes, clusterCIDR }: SettingFields, report: ReportFault): TestSettings {
  if (modes?.length === 0)
    report(['settings', 'modes'], {
      message: 'the list is empty',
      hint: `it takes ${PROXY_MODES.join(', ')}`,
    });
  const known = (modes ?? []).flatMap((text, index) => {
    const mode = PROXY_MODES.find((each) => each === text);
    if (mode === undefined)
      report(['settings', 'modes', index], {
        message: `${JSON.stringify(text)} is no mode`,
        hint: meant(text ?? '', PROXY_MODES),
      });
    return mode === undefined ? [] : [mode];
  });
  const range =
    clusterCIDR === null || clusterCIDR === undefined ? undefined : readDualStackCIDRs(clusterCIDR);
  if (range?.kind === 'problem') report(['settings', 'clusterCIDR'], { message: range.message });
  return {
    modes: known.length === 0 ? undefined : [...new Set(known)],
    clusterCIDRs: range?.kind === 'value' ? range.value : undefined,
  };
}

function repeatedNames(cases: readonly TrafficCase[]): readonly Diagnostic[] {
  const first = new Map<string, TrafficCase>();
  return cases.flatMap((each) => {
    const other = first.get(each.name);
    if (other === undefined) {
      first.set(each.name, each);
      return [];
    }
    const message = `there is another case of the name ${JSON.stringify(each.name)}`;
    const diagnostic = each.report('expectation-name-unique', ['name'], {
      message,
      hint: 'give it a name of its own',
    });
    return [{ ...diagnostic, related: [{ message: 'the first is here', span: other.locate() }] }];
  });
}

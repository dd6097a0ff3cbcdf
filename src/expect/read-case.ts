import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { FieldPath } from '../model/field-path.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Locator } from '../model/source.ts';
import type { TestCase } from '../validate/generated/shapes.js';
import type { ExpectCode } from './codes.ts';
import {
  CHANGES,
  type ClusterChange,
  type Expectation,
  type Fault,
  type ObjectPatch,
  REASONS,
  REFUSALS,
  type TrafficCase,
} from './expectation.ts';
import {
  type CaseWords,
  type ReadWords,
  type ReportFault,
  readEndpoint,
  readSelector,
  readSubject,
  type SelectorFields,
} from './read-words.ts';

interface Found extends Fault {
  readonly field: FieldPath;
  readonly at?: 'key' | 'value' | undefined;
}

/** An error in a file of expectations. */
export function diagnose(
  locate: Locator,
  object: string,
  code: ExpectCode,
  { field, at, message, hint }: Found,
): Diagnostic {
  const span = locate(field, at);
  return {
    code,
    severity: 'error',
    object,
    field,
    span,
    related: [],
    message,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** `did you mean "a"?`, or what there is. */
export function meant(word: string, known: readonly string[]): string {
  const near = didYouMean(word, known);
  return near === undefined ? `it takes ${known.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
}

interface CasePlace {
  /** Of the case, in its file. */
  readonly at: FieldPath;
  readonly locate: Locator;
  /** Of the file. */
  readonly words: CaseWords;
  /** Takes fields of the case. */
  readonly report: ReportFault;
}

const NEEDED = ['to', 'expect'] as const;

/** Reads a case. @returns undefined when it makes no sense, which has been reported */
export function readCase(
  fields: TestCase,
  { at, locate, words, report }: CasePlace,
): TrafficCase | undefined {
  const missing = NEEDED.filter((name) => (fields[name] ?? null) === null);
  for (const name of missing)
    report([], { message: `the case has no ${JSON.stringify(name)}`, hint: 'a case has "to" and "expect"' });
  if (missing.length > 0) return undefined;
  const from = words.from(fields.from ?? 'outside', report);
  const to = words.to(fields.to ?? [], report);
  const nodes = words.at(fields.at ?? 'each node', report);
  const { changes, patches } =
    (fields.change ?? null) === null ? UNCHANGED : readChanges(fields.change ?? [], { at, locate, report });
  const expect = readExpectation(fields.expect ?? {}, report);
  const isEachPort = to.every((target) => target.kind === 'name' && target.isEachPort);
  if (expect?.kind === 'only' && !isEachPort)
    report(['expect', 'only'], {
      message: '"only" is about several ports',
      hint: 'write "to: each port of …"',
    });
  if (expect === undefined || from.length === 0 || to.length === 0) return undefined;
  const isNamed = (fields.name ?? null) !== null;
  const name = fields.name ?? `${describe(fields.from ?? 'outside')} to ${describe(fields.to)}`;
  return {
    name,
    locate: () => locate(isNamed ? [...at, 'name'] : at),
    from,
    to,
    at: nodes,
    patches,
    changes,
    expect,
    report: (code, field, problem) =>
      diagnose(locate, `case ${JSON.stringify(name)}`, code, { field: [...at, ...field], ...problem }),
  };
}

function describe(words: unknown): string {
  if (typeof words === 'string') return words;
  return Array.isArray(words) ? describeList(words) : JSON.stringify(words);
}

/** A name is to be read. */
const MAX_WORDS = 5;

function describeList(words: readonly unknown[]): string {
  const more = words.length > MAX_WORDS ? [`${words.length - MAX_WORDS} more`] : [];
  return [...words.slice(0, MAX_WORDS).map(describe), ...more].join(', ');
}

interface ReadChanges {
  readonly patches: readonly ObjectPatch[];
  readonly changes: readonly ClusterChange[];
}

const VERBS = [...CHANGES, 'patch'] as const;

const UNCHANGED: ReadChanges = { patches: [], changes: [] };

function readChanges(
  given: NonNullable<TestCase['change']>,
  { at, locate, report }: Omit<CasePlace, 'words'>,
): ReadChanges {
  const patches: ObjectPatch[] = [];
  const changes: ClusterChange[] = [];
  for (const [index, fields] of given.entries()) {
    const [verb, second] = VERBS.filter((each) => (fields?.[each] ?? null) !== null);
    const field = ['change', index, ...(verb === undefined || second !== undefined ? [] : [verb])];
    const subject = verb === undefined || verb === 'patch' ? null : (fields?.[verb] ?? null);
    if (second === undefined && verb === 'patch') {
      const value = fields?.patch;
      const read = isJsonObject(value) ? readPatch(value, field) : { problem: NO_OBJECT };
      if ('problem' in read) report(field, read.problem);
      else patches.push({ ...read.value, locate: (path, part) => locate([...at, ...field, ...path], part) });
    } else if (second === undefined && verb !== undefined && verb !== 'patch' && subject !== null) {
      const read = readChanged(subject);
      if ('problem' in read) report(field, read.problem);
      else changes.push({ field, verb, subject: read.value });
    } else {
      const message = `a change has one verb, not ${second === undefined ? 0 : 2}`;
      report(field, { message, hint: `it takes ${VERBS.join(', ')}` });
    }
  }
  return { patches, changes };
}

const NO_OBJECT: Fault = {
  message: 'the patch does not say whose fields these are',
  hint: 'it has kind and metadata.name of an object of the manifests, and metadata.namespace',
};

function readPatch(value: JsonObject, field: FieldPath): ReadWords<Omit<ObjectPatch, 'locate'>> {
  const { kind, metadata } = value;
  const { name, namespace } = isJsonObject(metadata) ? metadata : {};
  if (typeof kind !== 'string' || typeof name !== 'string') return { problem: NO_OBJECT };
  if (namespace !== undefined && typeof namespace !== 'string') return { problem: NO_OBJECT };
  return { value: { field, kind, name, namespace, value } };
}

function readChanged(subject: string | SelectorFields): ReadWords<ClusterChange['subject']> {
  if (typeof subject !== 'string') {
    const read = readSelector(subject);
    return 'problem' in read ? read : { value: { kind: 'selected', selector: read.value } };
  }
  const value = readSubject(subject);
  if (value !== undefined) return { value };
  const message = `${JSON.stringify(subject.slice(0, 100))} is neither a pod nor a node`;
  return { problem: { message, hint: 'it takes pod NAMESPACE/NAME, node NAME, or a selector' } };
}

type ExpectFields = Exclude<NonNullable<TestCase['expect']>, string>;

const KINDS = ['reaches', ...REFUSALS, 'only'] as const;

function readExpectation(given: string | ExpectFields, report: ReportFault): Expectation | undefined {
  if (typeof given === 'string') return readOutcome(given, report);
  const kinds = KINDS.filter((kind) => (given[kind] ?? null) !== null);
  const [kind = 'reaches', second] = kinds;
  const source = oneOf(given.source, ['expect', 'source'], report, ['kept', 'rewritten'] as const);
  const hasSource = (given.source ?? null) !== null;
  if (second !== undefined || (kinds.length === 0 && !hasSource)) {
    const message = `an expectation is about one of ${KINDS.join(', ')}, not ${kinds.length}`;
    report(['expect'], {
      message,
      hint: 'write "expect: reaches", or { reaches: { count: 3 }, source: kept }',
    });
    return undefined;
  }
  if (source !== undefined && kind !== 'reaches')
    report(['expect', 'source'], {
      message: `only what reaches an endpoint has a source there, and this is ${kind}`,
    });
  if (kind === 'only') return { kind, ports: (given.only ?? []).map(String) };
  if (kind === 'reaches') return { kind, ...readReached(given.reaches ?? {}, report), source };
  return { kind, reason: oneOf(given[kind], ['expect', kind], report, REASONS) };
}

function readOutcome(text: string, report: ReportFault): Expectation | undefined {
  const kind = [...REFUSALS, 'reaches' as const].find((each) => each === text);
  switch (kind) {
    case undefined:
      report(['expect'], {
        message: `${JSON.stringify(text.slice(0, 100))} is nothing that can be expected`,
        hint: meant(text, ['reaches', ...REFUSALS]),
      });
      return undefined;
    case 'reaches':
      return { kind, ...readReached({}, report), source: undefined };
    default:
      return { kind, reason: undefined };
  }
}

type Reaches = Extract<Expectation, { kind: 'reaches' }>;

function readReached(
  given: NonNullable<ExpectFields['reaches']>,
  report: ReportFault,
): Omit<Reaches, 'kind' | 'source'> {
  const { pods, namespace, node, zone, endpoints, count, evenly } = given;
  if (typeof count === 'number' && count < 1)
    report(['expect', 'reaches', 'count'], {
      message: `what reaches an endpoint reaches 1 or more, not ${count}`,
      hint: 'of what reaches nothing, write "expect: unreachable"',
    });
  const isSelected = [pods, namespace, node, zone].some((each) => (each ?? null) !== null);
  const selected = isSelected ? readSelector({ pods: pods ?? {}, namespace, node, zone }) : undefined;
  if (isSelected && (endpoints ?? null) !== null)
    report(['expect', 'reaches', 'endpoints'], {
      message: 'it is about the pods of a selector, and about single endpoints',
      hint: 'write pods, with namespace, node and zone, or endpoints',
    });
  return {
    pods: selected !== undefined && 'value' in selected ? selected.value : undefined,
    endpoints: readEndpoints(endpoints ?? undefined, report),
    count: count ?? undefined,
    evenly: evenly ?? undefined,
  };
}

function readEndpoints(
  given: NonNullable<ExpectFields['reaches']>['endpoints'],
  report: ReportFault,
): Reaches['endpoints'] {
  const field = ['expect', 'reaches', 'endpoints'];
  if (given?.length === 0)
    report(field, { message: 'the list is empty', hint: 'nothing is reached: write "expect: unreachable"' });
  return given?.flatMap((text, index) => {
    const read = readEndpoint(text ?? '');
    if ('value' in read) return [read.value];
    report([...field, index], read.problem);
    return [];
  });
}

function oneOf<const Value extends string>(
  given: string | null | undefined,
  field: FieldPath,
  report: ReportFault,
  known: readonly Value[],
): Value | undefined {
  if (given === undefined || given === null) return undefined;
  const value = known.find((each) => each === given);
  if (value === undefined)
    report(field, {
      message: `${JSON.stringify(given.slice(0, 100))} is unknown here`,
      hint: meant(given, known),
    });
  return value;
}

import { severityUnder } from '../diagnostic/policy.ts';
import type { JsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import { decoderCodes } from './codes.ts';
import { countObject, diagnoseObject, labelOf } from './diagnose.ts';
import type * as api from './generated/shapes.js';
import type { ValidateOptions } from './options.ts';
import type { MetadataSubject, ObjectKind, ObjectRule, RuleContext } from './rule.ts';
import { metadataRules } from './rules/metadata/index.ts';
import {
  type AbsentField,
  type AbsentFields,
  absentFields,
  findAbsentFields,
  withoutFields,
} from './shape/absent-fields.ts';
import { explainShape, mendShape, type ShapeFinding } from './shape/explain-shape.ts';
import { wayToFinish } from './unfinished.ts';
import type { ClusterDraft, ValidationRun } from './validation-run.ts';

/** Checks one manifest and, if it has no error, adds it to the run's cluster. */
export type KindReader = (manifest: Manifest) => void;

/** Makes readers, one for each run, that know where its findings go. Which rules are wanted is the same in all. */
export type MakeReader = (options: ValidateOptions) => (run: ValidationRun) => KindReader;

/** All that differs between kinds. `Raw`: the object, its shape checked. `Subject`: what the kind's rules see. */
export interface KindDefinition<Raw, Subject> {
  readonly kind: ObjectKind;
  /** File name in schemas/ without its ending. */
  readonly schema: string;
  readonly isShape: (value: unknown) => value is Raw;
  readonly toSubject: (raw: Raw, context: RuleContext) => Subject;
  /** Whether rules with `skipsPlain` can be spared. */
  readonly isPlain?: (subject: Subject) => boolean;
  /**
   * The parts whose fields rules name in `onlyWith`. A Service or a pod has a dozen of the hundred fields that there are rules
   * about: to ask only those takes 0.87 x the time of all for a repository of small files (bench/validate-bench.mjs).
   */
  readonly partsOf?: (subject: Subject, raw: Raw) => readonly object[];
  readonly rules: readonly ObjectRule<Subject>[];
  readonly add: (subject: Subject, manifest: Manifest, cluster: ClusterDraft) => void;
}

export interface WithMetadata {
  readonly metadata?: api.ObjectMeta | null;
}

/** Makes the reader of a kind: shape, then defaults, then rules, then the model. */
export function readerOf<Raw extends WithMetadata, Subject>(
  definition: KindDefinition<Raw, Subject>,
): MakeReader {
  const { kind, toSubject, add } = definition;
  return (options) => {
    const rulesFor = rulesByObject(definition, options);
    const chooseMetadataRules = ruleChooser(wantedRules(metadataRules, options));
    const absent = absentFields(definition.schema, options.kubernetes);
    return (run) => {
      const withhold = (manifest: Manifest, before: number) => {
        run.withheld.add(labelOf(kind, manifest));
        const isWrong = run.found.errors() > before;
        if (!isWrong && isUnfinished(manifest, run)) run.tally.unfinished += 1;
        else run.tally.invalid += 1;
        if (!isWrong) warnOfSilence(kind, manifest, run);
      };
      const decode = decoderOf(definition, absent, run);
      return (manifest) => {
        const before = run.found.errors();
        const decoded = decode(manifest);
        if (decoded === undefined) {
          withhold(manifest, before);
          return;
        }
        const { raw, isSound } = decoded;
        const subject = toSubject(raw, run.context);
        const metadata: MetadataSubject = { kind, metadata: raw.metadata ?? {}, path: METADATA };
        const ofMetadata = chooseMetadataRules([metadata.metadata]);
        const isNamed = passesRules({ subject: metadata, rules: ofMetadata, kind, manifest }, run);
        const rules = rulesFor(subject, raw);
        const isValid = passesRules({ subject, rules, kind, manifest }, run);
        if (isSound && isNamed && isValid) {
          add(subject, manifest, run.cluster);
          run.tally.valid += 1;
        } else withhold(manifest, before);
      };
    };
  };
}

/** Nothing is wrong with it, but it is no object before a tool has made one of it. */
function isUnfinished(manifest: Manifest, { context, unrendered }: ValidationRun): boolean {
  return wayToFinish(manifest, context.options) !== undefined || unrendered.has(manifest);
}

/** An error that is silenced leaves no trace of its own, but an object that is missing has to have one. */
function warnOfSilence(kind: ObjectKind, manifest: Manifest, run: ValidationRun): void {
  if (isUnfinished(manifest, run)) return;
  const finding = { field: [], message: `this ${kind} is left out because of errors that are silenced` };
  diagnoseObject(
    { rule: { code: 'silenced-object-left-out', severity: 'warning' }, finding, kind, manifest },
    run,
  );
}

/** Those of a kind's rules that may find something in an object. */
function rulesByObject<Raw, Subject>(
  { rules: all, isPlain = never, partsOf }: KindDefinition<Raw, Subject>,
  options: ValidateOptions,
): (subject: Subject, raw: Raw) => readonly ObjectRule<Subject>[] {
  const rules = wantedRules(all, options);
  const plainRules = rules.filter(({ skipsPlain }) => skipsPlain !== true);
  const chooseRules = ruleChooser(rules);
  return (subject, raw) => {
    if (isPlain(subject)) return plainRules;
    return partsOf === undefined ? rules : chooseRules(partsOf(subject, raw));
  };
}

function never(): boolean {
  return false;
}

function wantedRules<Subject>(
  rules: readonly ObjectRule<Subject>[],
  options: ValidateOptions,
): readonly ObjectRule<Subject>[] {
  const { categories, saysHints } = options;
  return rules.filter(
    ({ category, severity }) => categories.has(category) && (saysHints || severity !== 'info'),
  );
}

const METADATA = ['metadata'];

/** Repositories have some dozens. */
const MAX_CHOICES = 1_000;

/**
 * Which of some rules can find anything in an object (`onlyWith`), by the names of the fields that its parts have. Objects of
 * the same fields share one answer, which is made of the joined names alone: a name with a comma in it can only add rules.
 */
function ruleChooser<Subject>(
  rules: readonly ObjectRule<Subject>[],
): (parts: readonly object[]) => readonly ObjectRule<Subject>[] {
  const chosen = new Map<string, readonly ObjectRule<Subject>[]>();
  return (parts) => {
    let [names, before] = ['', ''];
    for (const part of parts) {
      const own = `${Object.keys(part)},`;
      // A hundred ports in a row have the same fields.
      if (own !== before) names += own;
      before = own;
    }
    const known = chosen.get(names);
    if (known !== undefined) return known;
    const given = new Set(names.split(','));
    const made = rules.filter(({ onlyWith }) => onlyWith?.some((name) => given.has(name)) !== false);
    if (chosen.size >= MAX_CHOICES) chosen.clear();
    chosen.set(names, made);
    return made;
  };
}

interface Decoded<Raw> {
  readonly raw: Raw;
  /** False: the API server could not decode it, and what the rules see is what was probably meant. */
  readonly isSound: boolean;
}

/** What the API server's decoder makes of a manifest; undefined: it cannot be decoded, nor told what was meant. */
function decoderOf<Raw, Subject>(
  { kind, schema, isShape }: KindDefinition<Raw, Subject>,
  { unknown, dropped }: AbsentFields,
  run: ValidationRun,
): (manifest: Manifest) => Decoded<Raw> | undefined {
  const { kubernetes } = run.context.options;
  const leaveOut = (value: JsonObject, fields: readonly AbsentField[], manifest: Manifest): JsonObject => {
    const findings = fields.length === 0 ? [] : findAbsentFields(value, fields, kubernetes);
    if (findings.length === 0) return value;
    diagnoseShape({ findings, kind, manifest }, run);
    return withoutFields(value, fields);
  };
  return (manifest) => {
    const value = leaveOut(manifest.value, unknown, manifest);
    if (isShape(value)) return { raw: leaveOut(value, dropped, manifest) as Raw, isSound: true };
    const findings = explainShape(value, schema, run.shapes());
    diagnoseShape({ findings, kind, manifest }, run);
    const isSound = findings.every(isUnknownField);
    const mended = isSound ? value : mendShape(value, findings);
    if (mended === undefined) return undefined;
    if (!isSound && !explainShape(mended, schema, run.shapes()).every(isUnknownField)) return undefined;
    return { raw: leaveOut(mended, dropped, manifest) as Raw, isSound };
  };
}

interface ShapeReport {
  readonly findings: readonly ShapeFinding[];
  readonly kind: ObjectKind;
  readonly manifest: Manifest;
}

function diagnoseShape({ findings, kind, manifest }: ShapeReport, run: ValidationRun): void {
  for (const finding of findings) {
    const { code, more = 0 } = finding;
    const severity = severityUnder(run.context.options, { code, severity: decoderCodes[code].severity });
    diagnoseObject({ rule: { code, severity }, finding, kind, manifest }, run);
    if (more > 0) countObject({ rule: { code, severity }, number: more, manifest }, run);
  }
}

function isUnknownField({ code }: ShapeFinding): boolean {
  return code === 'unknown-field';
}

interface Check<Subject> {
  readonly subject: Subject;
  readonly rules: readonly ObjectRule<Subject>[];
  readonly kind: ObjectKind;
  readonly manifest: Manifest;
}

function passesRules<Subject>(
  { subject, rules, kind, manifest }: Check<Subject>,
  run: ValidationRun,
): boolean {
  const { context, findings, report } = run;
  let passes = true;
  for (const rule of rules) {
    rule.check(subject, report, context);
    if (findings.kept.length === 0) continue;
    if (rule.severity === 'error') passes = false;
    for (const finding of findings.kept.splice(0)) diagnoseObject({ rule, finding, kind, manifest }, run);
    if (findings.more > 0) countObject({ rule, number: findings.more, manifest }, run);
    findings.more = 0;
  }
  return passes;
}

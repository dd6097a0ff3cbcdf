import { isSilenced } from '../diagnostic/policy.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import {
  type Placeholder,
  placeholderBehind,
  placeholderForNumber,
  placeholderIn,
  placeholderInTemplate,
  placeholderOf,
} from '../model/placeholder.ts';
import type { Span } from '../model/source.ts';
import type { ValidateOptions } from './options.ts';
import type { ClusterFinding, Finding, RuleRecord } from './rule.ts';
import { wayToAdd } from './unfinished.ts';
import type { ValidationRun } from './validation-run.ts';

interface ObjectFinding {
  readonly rule: Pick<RuleRecord, 'code' | 'severity'>;
  readonly finding: Finding;
  readonly kind: string;
  readonly manifest: Manifest;
}

/** Reports what a rule has found in one object, unless that is silenced. */
export function diagnoseObject(found: ObjectFinding, run: ValidationRun): void {
  const { finding, kind, manifest } = found;
  // An object that is not whole yet is left out, but nothing is wrong with it: that is said once, whatever else it lacks.
  const remedy = wayToAdd(found.rule.code, manifest, run.context.options);
  const isMended = remedy !== undefined;
  const rule = isMended ? { code: found.rule.code, severity: 'info' as const } : found.rule;
  if (isSilenced(rule.code, annotationsOf(manifest), run.context.options)) return;
  if (run.unrendered.has(manifest)) return;
  if (isMended && run.incomplete.has(manifest)) return;
  if (isMended) run.incomplete.add(manifest);
  const placeholder = rule.severity === 'error' ? placeholderAt(found, run.context.options) : undefined;
  if (placeholder !== undefined) {
    diagnosePlaceholder(found, placeholder, run);
    return;
  }
  if (!run.found.hasRoom(rule)) {
    run.found.count(rule, 1, manifest.file);
    return;
  }
  const span = manifest.locate(finding.place ?? finding.field, finding.at);
  const hint = remedy ?? hintAt(finding, span);
  run.found.add({
    code: rule.code,
    severity: rule.severity,
    object: labelOf(kind, manifest),
    field: finding.field,
    span,
    related: [],
    message: finding.message,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What projects call files that somebody copies and fills in: `template.yaml`, `web-template.yaml`, `web.tmpl.yaml`. */
const TEMPLATE = /(?:^|[-_./\\])(?:template|tmpl|tpl)[-_.][^/\\]{0,200}$/i;

/** A placeholder is what is wrong with a value that holds one. */
function placeholderAt(
  { rule, finding, manifest }: ObjectFinding,
  { folders }: ValidateOptions,
): Placeholder | undefined {
  const { field, place, at } = finding;
  const { value, locate } = manifest;
  const path = place ?? field;
  if (at === 'key') return placeholderIn(String(path.at(-1)));
  let inner: JsonValue | undefined = value;
  for (const key of path) {
    if (Array.isArray(inner)) inner = inner[Number(key)];
    else inner = isJsonObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined;
  }
  if (folders.has(manifest.file) && TEMPLATE.test(manifest.file)) {
    const word = placeholderInTemplate(inner);
    if (word !== undefined) return word;
  }
  if (inner !== null) return rule.code === 'field-type' ? placeholderForNumber(inner) : placeholderOf(inner);
  const { text, start, length } = locate(path, 'key').excerpt;
  return placeholderBehind(text.slice(start + length));
}

/** Said once an object: what else is wrong with it is known when it is filled in. */
function diagnosePlaceholder(
  { finding, kind, manifest }: ObjectFinding,
  { text, hint }: Placeholder,
  run: ValidationRun,
): void {
  run.unrendered.add(manifest);
  run.found.add({
    code: 'unrendered-template',
    severity: run.context.options.folders.has(manifest.file) ? 'info' : 'error',
    object: labelOf(kind, manifest),
    field: finding.field,
    span: manifest.locate(finding.place ?? finding.field, finding.at),
    related: [],
    message: `${text} is a placeholder: this is no manifest before it is filled in`,
    hint,
  });
}

/** The same for findings that nobody has made, because there are so many. */
export function countObject(
  { rule, number, manifest }: Pick<ObjectFinding, 'rule' | 'manifest'> & { readonly number: number },
  run: ValidationRun,
): void {
  if (isSilenced(rule.code, annotationsOf(manifest), run.context.options)) return;
  if (wayToAdd(rule.code, manifest, run.context.options) === undefined)
    run.found.count(rule, number, manifest.file);
}

/** Rules about what one object says of another, which a kustomization may change in either. */
const OF_BUILT_OBJECTS: ReadonlySet<string> = new Set([
  'target-port-defined',
  'target-port-defined-everywhere',
]);

function annotationsOf({ value: { metadata } }: Manifest): JsonObject {
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  return isJsonObject(annotations) ? annotations : {};
}

/** What to do about a finding that stands at a place. */
export function hintAt({ hint, hintFor }: Finding, { excerpt }: Span): string | undefined {
  const { text, start, length } = excerpt;
  return hintFor?.(text.slice(start, start + length)) ?? hint;
}

/** Reports what a rule over the whole cluster has found, unless that is silenced. */
export function diagnoseCluster(
  given: Pick<RuleRecord, 'code' | 'severity'>,
  finding: ClusterFinding,
  run: ValidationRun,
): void {
  const { object, kind, field, place, at, message, hint, related = [] } = finding;
  const rule = amongAlternatives(
    finding,
    { code: given.code, severity: finding.severity ?? given.severity },
    run,
  );
  if (rule.severity === 'error') run.contradictory.add(object);
  if (isSilenced(rule.code, object.annotations, run.context.options)) return;
  run.found.add({
    code: rule.code,
    severity: rule.severity,
    object: labelOf(kind, object),
    field,
    span: object.locate(place ?? field, at),
    related: related.map((other) => ({ message: other.message, span: other.object.locate(other.field) })),
    message,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What contradicts only alternatives is no error: they never are in one cluster. What is built may be mended by that. */
function amongAlternatives(
  { object, related = [] }: ClusterFinding,
  rule: ObjectFinding['rule'],
  { areAlternatives, context }: ValidationRun,
): ObjectFinding['rule'] {
  const isUnfinished = (each: ClusterFinding['object']) =>
    context.options.unfinished.has(each.locate([]).file);
  if (OF_BUILT_OBJECTS.has(rule.code) && [object, ...related.map((other) => other.object)].some(isUnfinished))
    return { code: rule.code, severity: 'info' };
  if (rule.severity !== 'error' || related.length === 0) return rule;
  const isMet = related.every((other) => areAlternatives(object, other.object) !== undefined);
  return isMet ? { code: rule.code, severity: 'info' } : rule;
}

const CLUSTER_KINDS: ReadonlySet<string> = new Set(['Node', 'ServiceCIDR']);
const SAFE_NAME = /^[\w.:-]{1,253}$/;

/** `Service default/web`, as diagnostics name an object; odd names are quoted and cut. */
export function labelOf(
  kind: string,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): string {
  const shown = showName(name);
  const shownKind = showName(kind);
  return CLUSTER_KINDS.has(kind)
    ? `${kind} ${shown}`
    : `${shownKind} ${showName(namespace || 'default')}/${shown}`;
}

function showName(name: string): string {
  return SAFE_NAME.test(name) ? name : JSON.stringify(name.slice(0, 63));
}

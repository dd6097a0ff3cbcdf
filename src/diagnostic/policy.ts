import { createCollector } from './collector.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';

/** How much the user wants to hear, and how strict to be. The one place that decides about it is this file. */
export interface DiagnosticPolicy {
  /** `--strict`: what `kubectl --validate=strict` refuses is an error: unknown fields, repeated keys. */
  readonly strict: boolean;
  /** `--disable CODE`: not reported. An object with such an error is kept out of the cluster all the same. */
  readonly disabledCodes: ReadonlySet<string>;
  /** `--warnings-as-errors`; what is `info` stays so. */
  readonly warningsAsErrors: boolean;
}

/** Reports everything as it is. */
export const defaultPolicy: DiagnosticPolicy = {
  strict: false,
  disabledCodes: new Set(),
  warningsAsErrors: false,
};

/** Codes in this annotation of an object, separated by commas, are not reported for it. */
const IGNORE_ANNOTATION = 'svcgen/ignore';

/** Warnings that `--strict` makes errors. */
const STRICT_CODES: ReadonlySet<string> = new Set(['unknown-field', 'duplicate-key']);

/** How severe a finding is: what is lax by default may be strict. */
export function severityUnder(
  { strict }: Pick<DiagnosticPolicy, 'strict'>,
  { code, severity }: { readonly code: string; readonly severity: Severity },
): Severity {
  return strict && STRICT_CODES.has(code) ? 'error' : severity;
}

/**
 * Whether validation keeps quiet about a finding in an object with these annotations. Its errors can be silenced as
 * well as its warnings, since it leaves such objects out; errors of other stages can't: rules must not come of them.
 */
export function isSilenced(
  code: string,
  annotations: { readonly [key: string]: unknown },
  { disabledCodes }: Pick<DiagnosticPolicy, 'disabledCodes'>,
): boolean {
  if (disabledCodes.has(code)) return true;
  const ignored = Object.hasOwn(annotations, IGNORE_ANNOTATION) ? annotations[IGNORE_ANNOTATION] : undefined;
  return typeof ignored === 'string' && ignored.split(',').some((name) => name.trim() === code);
}

/** A value or a name of any length can be in it; nobody reads more of it. */
const MAX_TEXT = 2000;

/**
 * What all stages of a run have found, as the user wants to hear it: silenced, stricter, sorted, each thing once, and of
 * each code no more than a collector keeps.
 */
export function applyPolicy(
  diagnostics: readonly Diagnostic[],
  policy: DiagnosticPolicy,
): readonly Diagnostic[] {
  const kept = diagnostics.filter(
    ({ code, severity }) => severity === 'error' || !policy.disabledCodes.has(code),
  );
  return collectSorted(kept.map((diagnostic) => judge(diagnostic, policy)).sort(compareDiagnostics));
}

function judge(diagnostic: Diagnostic, policy: DiagnosticPolicy): Diagnostic {
  const strict = severityUnder(policy, diagnostic);
  const severity = policy.warningsAsErrors && strict === 'warning' ? 'error' : strict;
  return severity === diagnostic.severity ? diagnostic : { ...diagnostic, severity };
}

/** Without exact repetitions: two rules can object to one value alike. */
function collectSorted(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  const collector = createCollector<Diagnostic>(({ span }) => span?.file);
  let previous: Diagnostic | undefined;
  for (const diagnostic of sorted) {
    const isRepeated = previous !== undefined && compareDiagnostics(previous, diagnostic) === 0;
    if (!isRepeated) collector.add(shorten(diagnostic));
    else if (diagnostic.more !== undefined) collector.count(diagnostic, diagnostic.more.count);
    previous = diagnostic;
  }
  return collector.items();
}

function shorten(diagnostic: Diagnostic): Diagnostic {
  const { message, hint = '' } = diagnostic;
  if (message.length <= MAX_TEXT && hint.length <= MAX_TEXT) return diagnostic;
  return { ...diagnostic, message: cut(message), ...(hint === '' ? {} : { hint: cut(hint) }) };
}

function cut(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

/**
 * In the order in which a reader goes through the files: file, line, column, code, message. Diagnostics without
 * a place (about flags) come first.
 */
function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareText(a.span?.file ?? '', b.span?.file ?? '') ||
    (a.span?.line ?? 0) - (b.span?.line ?? 0) ||
    (a.span?.column ?? 0) - (b.span?.column ?? 0) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message) ||
    compareText(a.object, b.object) ||
    compareText(a.field.join('\0'), b.field.join('\0'))
  );
}

/** By code units: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

import { formatFieldPath } from '../model/field-path.ts';
import { sha256Base32Prefix } from '../model/sha256.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { escapeJson, escapeText } from './escape.ts';

export interface CodeClimateOptions {
  /** The file or folder that was judged: where that is which is about none in particular. */
  readonly target: string;
}

/**
 * A report of Code Quality for GitLab (doc/ci/testing/code_quality.md, "Code Quality report format"), an issue a line:
 * those properties of Code Climate's format that GitLab reads. It compares reports of two commits by fingerprint, and
 * shows one of several issues with the same one.
 */
export function* printCodeClimate(
  diagnostics: readonly Diagnostic[],
  { target }: CodeClimateOptions,
): Generator<string> {
  const fingerprint = fingerprints();
  yield '[';
  let separator = '\n';
  for (const issue of diagnostics.flatMap((diagnostic) => issuesOf(diagnostic, target))) {
    const { identity, ...rest } = issue;
    const text = JSON.stringify({ ...rest, fingerprint: fingerprint(identity) });
    yield `${separator}  ${escapeJson(text)}`;
    separator = ',\n';
  }
  yield diagnostics.length === 0 ? ']\n' : '\n]\n';
}

/** An error is what a cluster would refuse or a node could not serve. GitLab also has `major`, and `blocker` above. */
const SEVERITIES: Readonly<Record<Severity, string>> = {
  error: 'critical',
  warning: 'minor',
  info: 'info',
};

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly severity: string;
  readonly location: object;
  /** What the fingerprint is made of. */
  readonly identity: readonly string[];
}

function issuesOf(diagnostic: Diagnostic, target: string): readonly Issue[] {
  const { code, severity, span, object, message, hint, more } = diagnostic;
  const path = (span?.file ?? diagnostic.file ?? target).replace(/^(?:\.\/+)+/, '');
  const field = formatFieldPath(diagnostic.field);
  const subject = [object, field].filter((part) => part !== '').join(': ');
  const place = { check_name: code, severity: SEVERITIES[severity] };
  const words = [
    ...(subject === '' ? [] : [`${subject}: `]),
    message,
    ...(hint === undefined ? [] : [`; ${hint}`]),
  ];
  const issue: Issue = {
    description: escapeText(words.join('')),
    ...place,
    location: { path, lines: { begin: span?.line ?? 1 } },
    // The line may move, and the value change: it is still the same problem. What is in no object is told by its text.
    identity: [code, path, object, field, object === '' ? (span?.excerpt.text.trim() ?? '') : ''],
  };
  if (more === undefined) return [issue];
  const rest: Issue = {
    description: `${more.count} more of this code are not listed`,
    ...place,
    location: { path, lines: { begin: 1 } },
    identity: [code, 'more'],
  };
  return [issue, rest];
}

/** Tells apart what would be alike by counting it. */
function fingerprints(): (identity: readonly string[]) => string {
  const seen = new Map<string, number>();
  return (identity) => {
    const key = JSON.stringify(identity);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return sha256Base32Prefix(count === 0 ? key : `${key}${count}`).toLowerCase();
  };
}

import type { Diagnostic } from './diagnostic.ts';

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  /** Files that some diagnostic is in. */
  readonly filesAffected: number;
}

/** Counts diagnostics by severity, and the files that they are in. */
export function summarize(diagnostics: readonly Diagnostic[]): Summary {
  const files = new Set<string>();
  const counts = { error: 0, warning: 0 };
  for (const { severity, span, more } of diagnostics) {
    counts[severity] += 1 + (more?.count ?? 0);
    if (span !== undefined) files.add(span.file);
    for (const file of more?.files ?? []) files.add(file);
  }
  return { errors: counts.error, warnings: counts.warning, filesAffected: files.size };
}

/**
 * The last line of a report: `2 errors, 1 warning in 3 files`. With the number of files that were checked:
 * `2 errors in 1 of 3 files`, `no problems in 3 files`.
 */
export function formatSummary(summary: Summary, filesChecked: number | undefined): string {
  const { errors, warnings, filesAffected } = summary;
  const counts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  if (counts.length === 0) {
    return filesChecked === undefined ? 'no problems' : `no problems in ${count(filesChecked, 'file')}`;
  }
  return `${counts.join(', ')}${whereAbouts(filesAffected, filesChecked)}`;
}

function whereAbouts(filesAffected: number, filesChecked: number | undefined): string {
  if (filesAffected === 0) return '';
  if (filesChecked === undefined || filesChecked <= filesAffected)
    return ` in ${count(filesAffected, 'file')}`;
  return ` in ${filesAffected} of ${count(filesChecked, 'file')}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

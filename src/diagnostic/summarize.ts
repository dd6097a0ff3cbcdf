import type { Diagnostic, Severity } from './diagnostic.ts';

export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  /** Files that some error or warning is in. */
  readonly filesAffected: number;
}

/** What became of the objects of the input. */
export interface ObjectCounts {
  /** Without errors, of kinds that are judged. */
  readonly valid: number;
  readonly invalid: number;
  /** Of kinds that do not matter to Services. */
  readonly passedOver: number;
}

/** How much was looked at, where that is worth telling. */
export interface Extent {
  readonly filesChecked?: number | undefined;
  readonly objects?: ObjectCounts | undefined;
}

/** Counts diagnostics by severity, and the files with problems. */
export function summarize(diagnostics: readonly Diagnostic[]): Summary {
  const files = new Set<string>();
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const { severity, span, more } of diagnostics) {
    counts[severity] += 1 + (more?.count ?? 0);
    if (severity === 'info') continue;
    if (span !== undefined) files.add(span.file);
    for (const file of more?.files ?? []) files.add(file);
  }
  return {
    errors: counts.error,
    warnings: counts.warning,
    infos: counts.info,
    filesAffected: files.size,
  };
}

/**
 * The last line of a report: `2 errors, 1 warning in 3 files`. With the number of files that were checked:
 * `2 errors in 1 of 3 files`, `no problems in 3 files`. An info is no problem: `no problems in 3 files; 1 info`. With objects:
 * `no problems in 3 files; objects: 7 valid, 2 invalid, 0 passed over`.
 */
export function formatSummary(summary: Summary, { filesChecked, objects }: Extent): string {
  const { infos } = summary;
  return [
    formatProblems(summary, filesChecked),
    ...(infos === 0 ? [] : [count(infos, 'info')]),
    ...(objects === undefined ? [] : [formatObjects(objects)]),
  ].join('; ');
}

function formatProblems(
  { errors, warnings, filesAffected }: Summary,
  filesChecked: number | undefined,
): string {
  const counts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  if (counts.length === 0) {
    return filesChecked === undefined ? 'no problems' : `no problems in ${count(filesChecked, 'file')}`;
  }
  return `${counts.join(', ')}${whereAbouts(filesAffected, filesChecked)}`;
}

/** `objects: 7 valid, 2 invalid, 0 passed over`. */
export function formatObjects({ valid, invalid, passedOver }: ObjectCounts): string {
  return `objects: ${valid} valid, ${invalid} invalid, ${passedOver} passed over`;
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

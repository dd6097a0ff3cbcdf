import type { Diagnostic, Severity } from './diagnostic.ts';

/** More than these are too many to read one by one, unless somebody asks for `--all`. */
export const MAX_SHOWN = 20;

/** Where there are too many, so many of one code are shown that is no error: more of the same would bury the errors. */
const MAX_OF_HARMLESS = 3;

/** What is not shown of one code. */
export interface Rest {
  readonly severity: Severity;
  readonly code: string;
  readonly count: number;
  readonly files: ReadonlySet<string>;
}

/** The gravest ones come first. */
const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * Of too many diagnostics, those that say most: the first of each code, errors before warnings, then further errors, then
 * a few further warnings of each code. In their order.
 */
export function chooseShown(diagnostics: readonly Diagnostic[], limit: number): readonly Diagnostic[] {
  if (diagnostics.length <= limit) return diagnostics;
  const counts = new Map<string, number>();
  const ranked = diagnostics.flatMap((diagnostic, index) => {
    const sort = sortOf(diagnostic);
    const before = counts.get(sort) ?? 0;
    counts.set(sort, before + 1);
    if (diagnostic.severity !== 'error' && before >= MAX_OF_HARMLESS) return [];
    return [{ diagnostic, index, rank: (before > 0 ? 3 : 0) + RANKS[diagnostic.severity] }];
  });
  const chosen = ranked.sort((a, b) => a.rank - b.rank || a.index - b.index).slice(0, limit);
  return chosen.sort((a, b) => a.index - b.index).map(({ diagnostic }) => diagnostic);
}

/** How many more there are of each code, errors first, the most frequent code first. */
export function countRest(diagnostics: readonly Diagnostic[], shown: readonly Diagnostic[]): readonly Rest[] {
  const isShown = new Set(shown);
  const rests = new Map<string, Rest & { count: number; readonly files: Set<string> }>();
  for (const diagnostic of diagnostics) {
    const { severity, code, span, more } = diagnostic;
    const hidden = (isShown.has(diagnostic) ? 0 : 1) + (more?.count ?? 0);
    if (hidden === 0) continue;
    const rest = rests.get(sortOf(diagnostic)) ?? { severity, code, count: 0, files: new Set<string>() };
    rest.count += hidden;
    if (span !== undefined && !isShown.has(diagnostic)) rest.files.add(span.file);
    for (const file of more?.files ?? []) rest.files.add(file);
    rests.set(sortOf(diagnostic), rest);
  }
  return [...rests.values()].sort((a, b) => RANKS[a.severity] - RANKS[b.severity] || b.count - a.count);
}

function sortOf({ severity, code }: Diagnostic): string {
  return `${severity} ${code}`;
}

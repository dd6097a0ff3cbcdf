import { formatFieldPath } from '../model/field-path.ts';
import type { Span } from '../model/source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { escapeJson } from './escape.ts';
import { type ObjectCounts, summarize } from './summarize.ts';

export interface JsonReportOptions {
  /** How many files were looked at. */
  readonly filesChecked: number;
  readonly objects: ObjectCounts;
}

/**
 * One JSON object, its diagnostics one a line:
 * `{"diagnostics":[{code,severity,object,field,message,file,line,column,hint?,related?}],"summary":{…}}`.
 * `field` is a path as the API server spells it; `line` and `column` are null when it is about a file as a whole, `file` too
 * when it is about none. Lines and columns count from 1, columns in UTF-16 units. Values are as in the input; what is
 * invisible is spelled as JSON's own escapes, so that the text is safe on a terminal too. Where there are more of a code
 * than are listed, `notListed` of the summary says how many.
 */
export function* printJson(
  diagnostics: readonly Diagnostic[],
  { filesChecked, objects }: JsonReportOptions,
): Generator<string> {
  yield '{\n  "diagnostics": [';
  let separator = '\n';
  for (const diagnostic of diagnostics) {
    yield `${separator}    ${escapeJson(JSON.stringify(toJson(diagnostic)))}`;
    separator = ',\n';
  }
  yield diagnostics.length === 0 ? '],\n' : '\n  ],\n';
  const { errors, warnings, infos, filesAffected } = summarize(diagnostics);
  const notListed = diagnostics.flatMap(({ code, severity, more }) =>
    more === undefined ? [] : [{ code, severity, count: more.count }],
  );
  const summary = {
    errors,
    warnings,
    infos,
    files: filesChecked,
    filesAffected,
    objects,
    ...(notListed.length === 0 ? {} : { notListed }),
  };
  yield `  "summary": ${JSON.stringify(summary)}\n}\n`;
}

function toJson(diagnostic: Diagnostic): object {
  const { code, severity, object, field, message, span, file, hint, related } = diagnostic;
  return {
    code,
    severity,
    object,
    field: formatFieldPath(field),
    message,
    ...toPlace(span, file),
    ...(hint === undefined ? {} : { hint }),
    ...(related.length === 0
      ? {}
      : { related: related.map((other) => ({ message: other.message, ...toPlace(other.span) })) }),
  };
}

function toPlace(span: Span | undefined, file?: string): object {
  return { file: span?.file ?? file ?? null, line: span?.line ?? null, column: span?.column ?? null };
}

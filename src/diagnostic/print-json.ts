import { formatFieldPath } from '../model/field-path.ts';
import type { Span } from '../model/source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { escapeJson } from './escape.ts';
import { summarize } from './summarize.ts';

export interface JsonOptions {
  /** How many files were looked at. */
  readonly filesChecked: number;
}

/**
 * One JSON object, its diagnostics one a line:
 * `{"diagnostics":[{code,severity,object,field,message,file,line,column,hint?,related?}],"summary":{…}}`.
 * `field` is a path as the API server spells it; `file`, `line` and `column` are null when it is about no file.
 * Lines and columns count from 1, columns in UTF-16 units. Values are as in the input; what is invisible is
 * spelled as JSON's own escapes, so that the text is safe on a terminal too.
 */
export function printJson(diagnostics: readonly Diagnostic[], { filesChecked }: JsonOptions): string {
  const { errors, warnings, infos, filesAffected } = summarize(diagnostics);
  const lines = diagnostics.map((diagnostic) => `    ${escapeJson(JSON.stringify(toJson(diagnostic)))}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  const summary = JSON.stringify({ errors, warnings, infos, files: filesChecked, filesAffected });
  return `{\n  "diagnostics": ${list},\n  "summary": ${summary}\n}\n`;
}

function toJson(diagnostic: Diagnostic): object {
  const { code, severity, object, field, message, span, hint, related } = diagnostic;
  return {
    code,
    severity,
    object,
    field: formatFieldPath(field),
    message,
    ...toPlace(span),
    ...(hint === undefined ? {} : { hint }),
    ...(related.length === 0
      ? {}
      : { related: related.map((other) => ({ message: other.message, ...toPlace(other.span) })) }),
  };
}

function toPlace(span: Span | undefined): object {
  return { file: span?.file ?? null, line: span?.line ?? null, column: span?.column ?? null };
}

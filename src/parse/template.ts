import { placeholderIn } from '../model/placeholder.ts';
import type { Problem } from './problem.ts';

/** An action of Go's text/template where YAML has structure: at a line's beginning, or as a value without quotes. */
const ACTION = /(?:^[ \t-]*|:[ \t]+|=)(\{\{.*?(?:\}\}|$))/m;

/** What the name of an object has in it when nobody rendered it. */
export function holdsAction(text: string): boolean {
  const opening = text.indexOf('{{');
  return opening >= 0 && text.includes('}}', opening);
}

/**
 * What is wrong with a document that can't be read, and that holds template actions, is that it is a template. The
 * parser's own complaint is kept beside it, should the actions be innocent. Other problems stay as they are.
 */
export function asTemplateProblems(
  problems: readonly Problem[],
  { content, start }: { readonly content: string; readonly start: number },
): readonly Problem[] {
  if (!problems.some(isOfTemplates)) return problems;
  const match = ACTION.exec(content);
  const action = match?.[1];
  if (match === null || action === undefined)
    return problems.map((problem) => asPlaceholderProblem(problem, { content, start }));
  const position = start + match.index + match[0].length - action.length;
  const range = { start: position, end: position + action.length };
  return problems.map((problem) => {
    if (!isOfTemplates(problem)) return problem;
    return templateProblem({
      range,
      related: { message: `as YAML: ${problem.message}`, range: problem.range },
    });
  });
}

/** A value that begins with a placeholder of which YAML makes something else: a map, a directive, a reserved word. */
const AS_VALUE = /[:-][ \t]{1,20}[{%@][^\n]{0,200}$/;

/** So far before a problem a value is looked for: it stands on the same line. */
const LINE_WINDOW = 300;

/** A value that can't be read for a placeholder in it. */
function asPlaceholderProblem(
  problem: Problem,
  { content, start }: { readonly content: string; readonly start: number },
): Problem {
  if (!isOfTemplates(problem)) return problem;
  const offset = problem.range.start - start;
  const lineStart = Math.max(content.lastIndexOf('\n', offset - 1) + 1, offset - LINE_WINDOW);
  const [line = ''] = content.slice(lineStart, offset + LINE_WINDOW).split('\n', 1);
  const value = AS_VALUE.exec(line);
  const placeholder = value === null ? undefined : placeholderIn(value[0]);
  if (value === null || placeholder === undefined) return problem;
  const position = start + lineStart + value.index + value[0].indexOf(placeholder.text);
  return {
    code: 'unrendered-template',
    severity: 'error',
    message: `${placeholder.text} is a placeholder: this is no manifest before it is filled in`,
    hint: placeholder.hint,
    range: { start: position, end: position + placeholder.text.length },
    related: { message: `as YAML: ${problem.message}`, range: problem.range },
  };
}

function isOfTemplates({ code }: Problem): boolean {
  return code === 'yaml-syntax' || code === 'yaml-value';
}

/** Says what to do with a template. */
export function templateProblem(more: Pick<Problem, 'range' | 'path' | 'related'>): Problem {
  return {
    code: 'unrendered-template',
    severity: 'error',
    message: 'this is a template, not a manifest yet: it holds actions in double braces',
    hint: 'give what its tool makes of it, e.g. what "helm template CHART" prints, or leave it out with --ignore',
    ...more,
  };
}

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
  const match = problems.some(isOfTemplates) ? ACTION.exec(content) : null;
  const action = match?.[1];
  if (match === null || action === undefined) return problems;
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

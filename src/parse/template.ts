import type { Problem } from './problem.ts';

/** An action of Go's text/template where YAML has structure: at a line's beginning, or as a value without quotes. */
const ACTION = /(?:^[ \t-]*|:[ \t]+|=)(\{\{.*?(?:\}\}|$))/m;

/** What the name of an object has in it when nobody rendered it. */
export function holdsAction(text: string): boolean {
  return /\{\{.*\}\}/s.test(text);
}

/**
 * What is wrong with a document that can't be read, and that holds template actions, is that it is a template. The
 * parser's own complaint is kept beside it, should the actions be innocent.
 */
export function asTemplateProblem(
  problem: Problem,
  { content, start }: { readonly content: string; readonly start: number },
): Problem {
  if (problem.code !== 'yaml-syntax' && problem.code !== 'yaml-value') return problem;
  const match = ACTION.exec(content);
  const action = match?.[1];
  if (match === null || action === undefined) return problem;
  const position = start + match.index + match[0].length - action.length;
  return templateProblem({
    range: { start: position, end: position + action.length },
    related: { message: `as YAML: ${problem.message}`, range: problem.range },
  });
}

/** Says what to do with a template. */
export function templateProblem(more: Pick<Problem, 'range' | 'path' | 'related'>): Problem {
  return {
    code: 'unrendered-template',
    severity: 'error',
    message: 'this is a template, not a manifest yet: it holds actions in double braces',
    hint: 'render it first, e.g. with "helm template CHART | svcgen render -", or leave it out with --ignore',
    ...more,
  };
}

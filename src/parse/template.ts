import type { Problem } from './problem.ts';

/** An action of Go's text/template, as Helm and others have them. */
const ACTION = /\{\{.*?\}\}/s;

/**
 * Text that could not be read and holds template actions is a template: one problem says so, at its first action,
 * instead of whatever the YAML parser made of it.
 */
export function asTemplateProblem(problems: readonly Problem[], text: string): Problem[] {
  const action = problems.some(({ severity }) => severity === 'error') ? ACTION.exec(text) : null;
  if (action === null) return [...problems];
  return [
    {
      code: 'unrendered-template',
      severity: 'error',
      message: 'this is a template, not a manifest: it holds actions in double braces',
      hint: 'render it first, e.g. with "helm template CHART | svcgen render -", or leave it out with --ignore',
      range: { start: action.index, end: action.index + action[0].length },
    },
  ];
}

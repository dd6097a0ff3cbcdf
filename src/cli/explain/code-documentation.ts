import type { CodeCategory } from '../../diagnostic/codes/code-description.ts';
import { type DiagnosticCode, diagnosticCodes } from '../../diagnostic/codes.ts';
import type { Severity } from '../../diagnostic/diagnostic.ts';
import type { RuleDocumentation } from '../../validate/rule.ts';
import { allRules } from '../../validate/rules/index.ts';

/** What can be said about a code: of rules everything, of other codes what they mean. */
export interface CodeDocumentation {
  readonly code: DiagnosticCode;
  readonly category: CodeCategory;
  readonly summary: string;
  readonly severity: Severity | undefined;
  readonly explanation: string | undefined;
  readonly examples: { readonly failing: string; readonly passing: string } | undefined;
}

/** Everything that is known about a code. */
export function documentationOf(code: DiagnosticCode): CodeDocumentation {
  const { category, summary } = diagnosticCodes[code];
  const rule = allRules.find((each) => each.code === code);
  return {
    code,
    category,
    summary,
    severity: rule?.severity,
    explanation: rule === undefined ? undefined : asOneLine(rule.explanation),
    examples: rule === undefined ? undefined : examplesOf(rule),
  };
}

/** Every code: those of rules in the order in which rules run, then the others in the order of the stages. */
export function documentedCodes(): readonly CodeDocumentation[] {
  const ofRules = allRules.map(({ code }) => code);
  const all = new Set<DiagnosticCode>([...ofRules, ...Object.keys(diagnosticCodes).filter(isCode)]);
  return [...all].map(documentationOf);
}

/** What a category means to a reader. */
export const categoryTitles: Readonly<Record<CodeCategory, string>> = {
  api: 'the API server or its allocators refuse it',
  cross: 'objects contradict each other, or nothing comes of one',
  node: 'the API server takes it, but a node could not program it, or would program something unsafe',
  input: 'the input cannot be read, or does not say enough',
};

function isCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(diagnosticCodes, code);
}

/** Explanations are wrapped for their source file. */
function asOneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

function examplesOf({ failingExample, passingExample }: RuleDocumentation): CodeDocumentation['examples'] {
  return { failing: failingExample.trimEnd(), passing: passingExample.trimEnd() };
}

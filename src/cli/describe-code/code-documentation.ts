import type { CodeCategory } from '../../diagnostic/codes/code-description.ts';
import { type DiagnosticCode, diagnosticCodes } from '../../diagnostic/codes.ts';
import type { Severity } from '../../diagnostic/diagnostic.ts';
import { invariant } from '../../diagnostic/invariant.ts';
import { allRules } from '../../validate/rules/index.ts';
import type { CodeExplanation } from './codes/code-explanation.ts';
import { codeExplanations } from './codes/index.ts';

/** What can be said about a code. */
export interface CodeDocumentation {
  readonly code: DiagnosticCode;
  readonly category: CodeCategory;
  readonly summary: string;
  readonly severity: Severity;
  readonly explanation: string;
  /** Made by a rule of `validate`; of other codes only warnings can be silenced, and only by flag. */
  readonly isRule: boolean;
}

/** Everything that is known about a code: of a rule from itself, of others from `codes/`. */
export function documentationOf(code: DiagnosticCode): CodeDocumentation {
  const { category, summary } = diagnosticCodes[code];
  const { severity, explanation } = explanationOf(code);
  return {
    code,
    category,
    summary,
    severity,
    explanation: asOneLine(explanation),
    isRule: !isOfStage(code),
  };
}

function explanationOf(code: DiagnosticCode): CodeExplanation {
  if (isOfStage(code)) return codeExplanations[code];
  const rule = allRules.find((each) => each.code === code);
  invariant(rule !== undefined, `no rule has the code ${code}`);
  return rule;
}

function isOfStage(code: DiagnosticCode): code is keyof typeof codeExplanations {
  return Object.hasOwn(codeExplanations, code);
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

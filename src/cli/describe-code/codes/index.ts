import type { DiagnosticCode } from '../../../diagnostic/codes.ts';
import type { ValidateCode } from '../../../validate/rule.ts';
import { allocationExplanations } from './allocation.ts';
import { cliExplanations } from './cli.ts';
import type { CodeExplanation } from './code-explanation.ts';
import { nodeExplanations } from './node.ts';
import { parseExplanations } from './parse.ts';
import { renderExplanations } from './render.ts';
import { traceExplanations } from './trace.ts';

/** Of every code that no rule of `validate` makes; rules explain themselves. */
export const codeExplanations: Readonly<Record<Exclude<DiagnosticCode, ValidateCode>, CodeExplanation>> = {
  ...parseExplanations,
  ...nodeExplanations,
  ...allocationExplanations,
  ...renderExplanations,
  ...traceExplanations,
  ...cliExplanations,
};

import { cliCodes } from './codes/cli.ts';
import { parseCodes } from './codes/parse.ts';
import { renderCodes } from './codes/render.ts';
import { resolveCodes } from './codes/resolve.ts';
import { traceCodes } from './codes/trace.ts';
import { validateCodes } from './codes/validate.ts';

/**
 * Every code that a diagnostic can carry, by the stage that makes it. Codes are stable: CI configurations and
 * `svcgen/ignore` annotations name them.
 */
export const diagnosticCodes = {
  ...parseCodes,
  ...validateCodes,
  ...resolveCodes,
  ...renderCodes,
  ...traceCodes,
  ...cliCodes,
} as const;

export type DiagnosticCode = keyof typeof diagnosticCodes;

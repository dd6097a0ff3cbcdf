import type { CodeDescription } from './code-description.ts';

export const validateCodes = {} as const satisfies Record<string, CodeDescription>;

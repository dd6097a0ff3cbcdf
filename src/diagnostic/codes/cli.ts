import type { CodeDescription } from './code-description.ts';

export const cliCodes = {} as const satisfies Record<string, CodeDescription>;

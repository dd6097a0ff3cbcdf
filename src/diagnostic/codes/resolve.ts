import type { CodeDescription } from './code-description.ts';

export const resolveCodes = {} as const satisfies Record<string, CodeDescription>;

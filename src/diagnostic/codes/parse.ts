import type { CodeDescription } from './code-description.ts';

export const parseCodes = {} as const satisfies Record<string, CodeDescription>;

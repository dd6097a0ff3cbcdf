import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What explaining a connection reports. */
export const explainCodes = {
  'service-known': {
    category: 'input',
    severity: 'error',
    summary: 'the Service that is named is not in the input, or has no such port or no address',
    explanation: `A Service is asked for by its name, and the manifests have none of that name, or it has no such
port, or several where none is named. Headless and ExternalName Services have no address of their own, and so no
rules either.`,
  },
} as const satisfies CodeDescriptions;

/** A code of explaining. */
export type ExplainCode = keyof typeof explainCodes;

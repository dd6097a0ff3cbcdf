import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What explaining a connection reports. */
export const explainCodes = {
  'client-known': {
    category: 'input',
    severity: 'error',
    summary: 'the pod or node that connects is not in the input, or has no address',
    explanation: `A client is named, and nobody knows its address: no pod or Node of the manifests has this name, or
several pods have, or the one that is meant has no address yet, or none of the family that the connection has.`,
  },
  'service-known': {
    category: 'input',
    severity: 'error',
    summary: 'the Service that is named is not in the input, or has no such port or no address',
    explanation: `A Service is asked for by its name, and the manifests have none of that name, or it has no such
port, or several where none is named. Headless and ExternalName Services have no address of their own, and so no
rules either.`,
  },
  'ways-bounded': {
    category: 'input',
    severity: 'error',
    summary: 'a connection has more ways through the rules than can be told',
    explanation: `What becomes of the connection depends on so many things that only the node can tell, or chains
lead to each other in so many ways, that following all of them takes too long and no answer could be read. Say more of
the connection, such as the interface that it comes in by, or give the contents of the sets that rules ask for.`,
  },
} as const satisfies CodeDescriptions;

/** A code of explaining. */
export type ExplainCode = keyof typeof explainCodes;

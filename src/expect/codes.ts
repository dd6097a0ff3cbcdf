import type { CodeDescriptions } from '../diagnostic/code-record.ts';

/** What is wrong with expectation files. */
export const expectCodes = {
  'expectation-valid': {
    category: 'input',
    severity: 'error',
    summary: 'an expectation file says something that svcgen test does not understand',
    explanation: `Expectation files have the fields of schemas/traffic-test.json and no others, and every word in them
means something. A test that is misread would pass for the wrong reason, so nothing is guessed.`,
  },
  'expectation-given': {
    category: 'input',
    severity: 'error',
    summary: 'there is no expectation to test, or a file or --filter leaves none',
    explanation: `Expectations are in files named *.traffic.yaml below the paths, or named by --expect. No case at all,
an empty file or a --filter that matches no name would pass without looking at anything. svcgen test --record writes a file
to begin from.`,
  },
  'expectation-name-unique': {
    category: 'input',
    severity: 'error',
    summary: 'two cases of one file have the same name',
    explanation: `Reports and --filter tell cases by their names. A case without one is named after its from and to, so
that two of those need names when they differ in nothing else.`,
  },
  'expectation-subject-known': {
    category: 'input',
    severity: 'error',
    summary: 'a case names a Service, port, pod or node that is not in the input, or selects nothing',
    explanation: `A test that tests nothing would always pass: the Service, its port, the pod, the node must be in the
manifests, and a selector must match something. A case that is to prove that something is gone begins with "change".`,
  },
} as const satisfies CodeDescriptions;

/** A code of expectations. */
export type ExpectCode = keyof typeof expectCodes;

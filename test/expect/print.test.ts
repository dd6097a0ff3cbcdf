import { expect, test } from 'vitest';
import { noColors } from '../../src/diagnostic/print-pretty.ts';
import { printGithubTest, printTapTest } from '../../src/expect/print/formats.ts';
import { printPrettyTest } from '../../src/expect/print/pretty.ts';
import type { RanCase, TestReport } from '../../src/expect/run-cases.ts';

const PASSED: RanCase = {
  name: 'web answers',
  locate: () => {
    throw new Error('nobody needs its place');
  },
  connections: 1,
  failures: [],
};

test.each<[string, (report: TestReport<RanCase>) => string]>([
  ['pretty', (report) => printPrettyTest(report, { colors: noColors, isVerbose: true })],
  ['tap', printTapTest],
  ['github', printGithubTest],
])('%s: the place of a case that passes, which takes longer than the case, is not looked for', (_, print) => {
  expect(print({ cases: [PASSED], notes: [] })).toContain('1');
});

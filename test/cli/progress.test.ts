import { expect, test } from 'vitest';
import { startProgress } from '../../src/cli/output/progress.ts';

function told(stderrIsTTY: boolean, bytes: number): string {
  let text = '';
  const progress = startProgress({ stderrIsTTY, writeStderr: (piece) => (text += piece) }, bytes);
  progress.show('parsing');
  progress.show('validating');
  progress.clear();
  return text;
}

test('long work on a terminal is told about, and leaves no trace', () => {
  const lines = told(true, 71e6).split('\r\u001B[2K');
  expect(lines).toEqual(['', 'svcgen: parsing (71 MB of input)', 'svcgen: validating (71 MB of input)', '']);
});

test('short work is not, nor anything where nobody looks', () => {
  expect(told(true, 1000)).toBe('');
  expect(told(false, 71e6)).toBe('');
});

import { expect, test } from 'vitest';
import { hereDocument } from '../../../src/render/script/parts.ts';
import { runProgram } from '../../support/run-program.ts';

function printed(...pieces: readonly string[]): string {
  return [...hereDocument('text', pieces)].join('');
}

test('a value may spell the end of a text', async () => {
  expect(printed('-A X -i END_OF_TEXT -j RETURN\n', 'END_OF_TEXT is no end\n')).toContain(
    '-i END_OF_TEXT -j',
  );
  const argv = [
    'render',
    'fixtures/quickstart',
    '--node',
    'node-a',
    '--detect-local-mode',
    'BridgeInterface',
  ];
  const { exitCode, stdout } = await runProgram([
    ...argv,
    '--pod-bridge-interface',
    'END_OF_TEXT',
    '--script',
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('-i END_OF_TEXT');
});

test.each([[['a\nEND_OF_TEXT\nrm -rf /\n']], [['END_OF_TEXT\n']], [['a\nEND_OF', '_TEXT', '\n']]])(
  'a line of a text that is its end is a bug: %j',
  (pieces) => {
    expect(() => printed(...pieces)).toThrow('the end of a here-document');
  },
);

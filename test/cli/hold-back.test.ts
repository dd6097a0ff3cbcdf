import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { emit } from '../../src/cli/output/emit.ts';
import { holdBack } from '../../src/cli/output/hold-back.ts';

const LINE = `${'grüße 😀 '.repeat(100)}\n`;
/** As many lines wait in memory, and as many do not. */
const FEW = 1000;
const MANY = 8000;

function* lines(count: number, { diesAt = -1 } = {}): Generator<string> {
  for (let line = 0; line < count; line++) {
    if (line === diesAt) throw new Error('a bug');
    yield LINE;
  }
}

function textOf(pieces: Iterable<Uint8Array>): string {
  const decoder = new TextDecoder();
  let text = '';
  for (const piece of pieces) text += decoder.decode(piece, { stream: true });
  return text;
}

describe.each([FEW, MANY])('%d lines', (count) => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'svcgen-test-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test('are all written, when all are made', () => {
    let made = 0;
    const counted = function* () {
      for (const line of lines(count)) {
        made += 1;
        yield line;
      }
    };
    const pieces = holdBack(counted());
    expect(made).toBe(count);
    expect(readdirSync(folder)).toEqual([]);
    expect(textOf(pieces) === LINE.repeat(count)).toBe(true);
  });

  test('are all written where nothing can wait on disk', () => {
    vi.stubEnv('TMPDIR', join(folder, 'nowhere'));
    expect(textOf(holdBack(lines(count))) === LINE.repeat(count)).toBe(true);
  });

  test('none is written when a bug shows up at the last, nor any file', async () => {
    const written: string[] = [];
    const terminal = {
      program: 'svcgen' as const,
      env: {},
      stdinIsTTY: false,
      stdinIsPiped: false,
      stdoutIsTTY: false,
      stderrIsTTY: false,
      stdoutColumns: () => undefined,
      readStdin: () => [],
      writeStdout: (piece: string | Uint8Array) => written.push(String(piece)),
      writeStderr: () => {},
    };
    const path = join(folder, 'lock');
    const output = {
      files: [{ path, isExecutable: false, text: ['{}\n'] }],
      stdout: lines(count, { diesAt: count - 1 }),
    };
    await expect(emit(output, terminal)).rejects.toThrow('a bug');
    expect(written).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });
});

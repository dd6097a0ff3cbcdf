import { fstatSync, statSync } from 'node:fs';
import { readToEnd } from './input/read-bytes.ts';
import { writeAll } from './output/write-all.ts';

/** Names to start it by. */
export type Program = 'svcgen' | 'kubectl svcgen';

/** What a command may know and use of the process that runs it; tests put their own in its place. */
export interface Terminal {
  /** How the program was started: by its name, or as a plugin of kubectl. */
  readonly program: Program;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTTY: boolean;
  /** A pipe or a file: somebody gives text to read. */
  readonly stdinIsPiped: boolean;
  readonly stdoutIsTTY: boolean;
  readonly stderrIsTTY: boolean;
  /** undefined: stdout is no terminal, and what is printed does not depend on how wide one is. */
  readonly stdoutColumns: () => number | undefined;
  /**
   * Everything up to the end of stdin, in chunks.
   * @param most how many bytes there may be: by default, as many as a text may have
   * @throws NodeJS.ErrnoException when it can't be read; `EFBIG` when there is more
   */
  readonly readStdin: (most?: number) => readonly Uint8Array[];
  /** Returns when all of a text, or of its bytes, is written. @throws NodeJS.ErrnoException `EPIPE`, `ENOSPC`, … */
  readonly writeStdout: (text: string | Uint8Array) => void;
  /** As writeStdout, but nobody minds if it fails: there is nowhere left to say so. */
  readonly writeStderr: (text: string) => void;
}

/**
 * The real one. It works on file descriptors: the streams of `process` take milliseconds to set up, and lose text
 * when the process exits before a slow reader has read it.
 */
export async function processTerminal(program: Program): Promise<Terminal> {
  const { isTTY, columnsOf } = await terminalTests();
  return {
    program,
    env: process.env,
    stdinIsTTY: isTTY(0),
    stdinIsPiped: isPiped(0),
    stdoutIsTTY: isTTY(1),
    stderrIsTTY: isTTY(2),
    stdoutColumns: () => (isTTY(1) ? columnsOf(1) : undefined),
    readStdin: (most) => readToEnd(0, most),
    writeStdout: (text) => {
      writeAll(1, text);
    },
    writeStderr: (text) => {
      try {
        writeAll(2, text);
      } catch {
        // stderr is closed, or its disk full: the exit code still tells.
      }
    },
  };
}

interface TerminalTests {
  /** Whether a descriptor is a terminal. */
  readonly isTTY: (descriptor: number) => boolean;
  /** How wide a terminal is; undefined: it doesn't say. */
  readonly columnsOf: (descriptor: number) => number | undefined;
}

/** What Node.js has for that takes milliseconds to load: mostly in vain. */
async function terminalTests(): Promise<TerminalTests> {
  if (![0, 1, 2].some(mayBeTerminal)) return { isTTY: () => false, columnsOf: () => undefined };
  const { isatty, WriteStream } = await import('node:tty');
  // 0 is what a terminal says that does not know.
  return { isTTY: isatty, columnsOf: (descriptor) => new WriteStream(descriptor).columns || undefined };
}

function isPiped(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFIFO() || stats.isFile();
  } catch {
    return false;
  }
}

function mayBeTerminal(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev !== statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}

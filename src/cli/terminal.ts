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
  /** Everything up to the end of stdin, in chunks. @throws NodeJS.ErrnoException when it can't be read */
  readonly readStdin: () => readonly Uint8Array[];
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
  const isTTY = await terminalTest();
  return {
    program,
    env: process.env,
    stdinIsTTY: isTTY(0),
    stdinIsPiped: isPiped(0),
    stdoutIsTTY: isTTY(1),
    stderrIsTTY: isTTY(2),
    readStdin: () => readToEnd(0),
    writeStdout: (text) => writeAll(1, text),
    writeStderr: (text) => {
      try {
        writeAll(2, text);
      } catch {
        // stderr is closed, or its disk full: the exit code still tells.
      }
    },
  };
}

/** Tells whether a descriptor is a terminal. What Node.js has for that takes milliseconds to load: mostly in vain. */
async function terminalTest(): Promise<(descriptor: number) => boolean> {
  if (![0, 1, 2].some(mayBeTerminal)) return () => false;
  const { isatty } = await import('node:tty');
  return isatty;
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

import { isatty } from 'node:tty';
import { readStdin } from './input/read-stdin.ts';
import { writeAll } from './output/write-all.ts';

/** What a command may know and use of the process that runs it; tests put their own in its place. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTTY: boolean;
  readonly stdoutIsTTY: boolean;
  readonly stderrIsTTY: boolean;
  /** Everything up to the end of stdin. @throws NodeJS.ErrnoException when it can't be read */
  readonly readStdin: () => Uint8Array;
  /** Returns when all of it is written. @throws NodeJS.ErrnoException `EPIPE`, `ENOSPC`, … */
  readonly writeStdout: (text: string) => void;
  /** As writeStdout, but nobody minds if it fails: there is nowhere left to say so. */
  readonly writeStderr: (text: string) => void;
}

/**
 * The real one. It works on file descriptors: the streams of `process` take milliseconds to set up, and lose text
 * when the process exits before a slow reader has read it.
 */
export function processTerminal(): Terminal {
  return {
    env: process.env,
    stdinIsTTY: isatty(0),
    stdoutIsTTY: isatty(1),
    stderrIsTTY: isatty(2),
    readStdin: () => readStdin(0),
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

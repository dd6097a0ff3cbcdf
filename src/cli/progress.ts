import type { Terminal } from './terminal.ts';

/** Below this much input a command is done before anybody could read what it is doing. */
const LONG_WORK_BYTES = 8 * 1024 * 1024;

const ERASE_LINE = '\r\u001B[2K';

/** Says on a terminal's stderr what long work is at; elsewhere nothing. */
export interface Progress {
  readonly show: (stage: string) => void;
  /** Leaves no trace. */
  readonly clear: () => void;
}

/** Progress for a command that works on so many bytes. */
export function startProgress(
  { stderrIsTTY, writeStderr }: Pick<Terminal, 'stderrIsTTY' | 'writeStderr'>,
  bytes: number,
): Progress {
  if (!stderrIsTTY || bytes < LONG_WORK_BYTES) return { show: () => {}, clear: () => {} };
  const megabytes = Math.round(bytes / 1e6);
  return {
    show: (stage) => writeStderr(`${ERASE_LINE}svcgen: ${stage} (${megabytes} MB of input)`),
    clear: () => writeStderr(ERASE_LINE),
  };
}

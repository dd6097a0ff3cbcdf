import type { Terminal } from '../terminal.ts';

/** Below this much input a command is done before anybody could read what it is doing. */
const LONG_WORK_BYTES = 8 * 1024 * 1024;

const ERASE_LINE = '\r\u001B[2K';

/** What progress has to know of the process. */
export type ProgressTerminal = Pick<Terminal, 'stderrIsTTY' | 'writeStderr'>;

/** Says on a terminal's stderr what long work is at; elsewhere nothing. */
export interface Progress {
  readonly show: (stage: string) => void;
  /** Leaves no trace. */
  readonly clear: () => void;
}

/** Progress for a command that works on so many bytes. */
export function startProgress({ stderrIsTTY, writeStderr }: ProgressTerminal, bytes: number): Progress {
  if (!stderrIsTTY || bytes < LONG_WORK_BYTES) return { show: () => {}, clear: () => {} };
  const megabytes = Math.round(bytes / 1e6);
  return {
    show: (stage) => writeStderr(`${ERASE_LINE}svcgen: ${stage} (${megabytes} MB of input)`),
    clear: () => writeStderr(ERASE_LINE),
  };
}

/** With fewer nodes than these a command is done before anybody could read how far it is. */
const MANY_NODES = 20;

/** Says on a terminal's stderr how many nodes are done; elsewhere nothing. */
export interface NodeCount {
  /** So many of all nodes are `resolved`, `rendered`, … */
  readonly show: (done: string, counted: number, nodes: number) => void;
  /** Leaves no trace. */
  readonly clear: () => void;
}

/** Counts nodes. */
export function countNodes({ stderrIsTTY, writeStderr }: ProgressTerminal): NodeCount {
  let isShown = false;
  return {
    show: (done, counted, nodes) => {
      if (!stderrIsTTY || nodes < MANY_NODES) return;
      isShown = true;
      writeStderr(`${ERASE_LINE}svcgen: ${counted} of ${nodes} nodes ${done}`);
    },
    clear: () => {
      if (isShown) writeStderr(ERASE_LINE);
      isShown = false;
    },
  };
}

import type { Command } from 'commander';
import type { ExitCode } from './output/exit-code.ts';
import type { Terminal } from './terminal.ts';

/** What a command gets to work with. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Says what the process shall end with; `EXIT.ok` when nobody does. */
  readonly finish: (code: ExitCode) => void;
  /** svcgen with all its commands, for those that tell about it. */
  readonly loadProgram: () => Promise<Command>;
}

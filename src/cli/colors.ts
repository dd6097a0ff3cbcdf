import { type Colors, noColors } from '../diagnostic/print-pretty.ts';
import type { Terminal } from './terminal.ts';

/**
 * Colours for stderr. FORCE_COLOR (any value but 0 and false) turns them on, else NO_COLOR (any value) turns them
 * off, else a terminal that can show them decides.
 */
export async function stderrColors(terminal: Terminal): Promise<Colors> {
  if (!wantsColors(terminal)) return noColors;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    error: chalk.red.bold,
    warning: chalk.yellow.bold,
    strong: chalk.bold,
    faint: chalk.dim,
    label: chalk.cyan,
  };
}

function wantsColors({ env, stderrIsTTY }: Terminal): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stderrIsTTY && TERM !== 'dumb';
}

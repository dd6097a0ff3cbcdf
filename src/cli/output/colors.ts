import { type Colors, noColors } from '../../diagnostic/print-pretty.ts';
import type { Terminal } from '../terminal.ts';

/** Colours for what goes to stderr. */
export async function stderrColors({ env, stderrIsTTY }: Terminal): Promise<Colors> {
  return colorsFor(env, stderrIsTTY);
}

/** Colours for what goes to stdout. */
export async function stdoutColors({ env, stdoutIsTTY }: Terminal): Promise<Colors> {
  return colorsFor(env, stdoutIsTTY);
}

/**
 * FORCE_COLOR (any value but 0 and false) turns colours on, else NO_COLOR (any value) turns them off, else a terminal
 * that can show them decides.
 */
async function colorsFor(env: Terminal['env'], isTTY: boolean): Promise<Colors> {
  if (!wantsColors(env, isTTY)) return noColors;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    error: chalk.red.bold,
    warning: chalk.yellow.bold,
    info: chalk.blue.bold,
    strong: chalk.bold,
    faint: chalk.dim,
    label: chalk.cyan,
  };
}

function wantsColors(env: Terminal['env'], isTTY: boolean): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return isTTY && TERM !== 'dumb';
}

import { escapeText, guardLines } from '../../diagnostic/escape.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { NO_BREAK, wrapLine } from '../../diagnostic/wrap-line.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { Connection, Explanation } from '../explanation.ts';
import { printPaths } from './print-path.ts';
import { printResult } from './print-result.ts';

/** How much is told. */
export interface PrintOptions {
  readonly colors: Colors;
  /** Each rule as it is spelled, every way and every endpoint: without it, an answer fits SCREEN. */
  readonly isVerbose: boolean;
  /** Of the terminal, if it is narrower than SCREEN. */
  readonly columns?: number | undefined;
}

/**
 * What an answer fits, whatever the terminal. A terminal of half a laptop's screen has some 100 columns, and so have the
 * code blocks of issues and chats that answers are pasted into; 30 lines stay in sight with the command above them.
 */
export const SCREEN = { columns: 100, lines: 30 };

/** In narrower ones, no line would hold the name of a chain. */
const MIN_COLUMNS = 60;

/**
 * Text for people: the connection, what becomes of it and why, and the rules that decide, hook by hook. What comes from input
 * is escaped: the only control characters are newlines and those of `colors`.
 */
export function printPrettyExplanation(explanation: Explanation, options: PrintOptions): string {
  const { connection, notes } = explanation;
  const { colors, isVerbose } = options;
  const columns = Math.max(MIN_COLUMNS, Math.min(SCREEN.columns, options.columns ?? SCREEN.columns));
  const hints = notes.map((note) => `${colors.label('note:')} ${escapeText(note)}`);
  const head = [
    headline(connection, colors),
    '',
    verdictLine(explanation, colors),
    ...detailed([...printResult(explanation, { colors, isVerbose }), ...hints]),
    '',
  ].flatMap((line) => wrapLine(withWholeCommands(line), columns));
  const paths = printPaths(explanation, { colors, isVerbose, columns, lines: SCREEN.lines - head.length });
  return guardLines(`${[...head, ...paths].join('\n')}\n`);
}

/** Commands to copy, up to where a sentence goes on. */
const COMMAND =
  /\b(?:kubectl|sysctl|iptables|ip|conntrack|firewall-cmd|bridge link|svcgen) (?:[^,;:"()]|[,:](?=\S))*/g;

/** Lines are broken before a command rather than in it, unless it takes most of one. */
function withWholeCommands(line: string): string {
  return line.replace(COMMAND, (command) =>
    command.length > SCREEN.columns * 0.85 ? command : command.replaceAll(/ (?=\S)/g, NO_BREAK),
  );
}

/** What follows the verdict is set off from it, if there is anything. */
function detailed(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function verdictLine({ verdict }: Explanation, { strong, warning, error }: Colors): string {
  const paint = { served: strong, unserved: warning, mixed: warning, refused: error }[verdict.kind];
  return paint(escapeText(verdict.text));
}

const ORIGINS = {
  outside: 'from outside the node',
  pod: 'a pod of the node',
  node: 'the node itself',
} as const;

function headline(connection: Connection, { strong }: Colors): string {
  const { protocol, source, origin, client, destination, port, target } = connection;
  const to = strong(joinHostPort(destination, port));
  const what = target === undefined ? '' : ` (${escapeText(target)})`;
  const who = client === undefined ? ORIGINS[origin] : escapeText(client);
  return `${protocol.toUpperCase()} from ${strong(source)} (${who}) to ${to}${what}`;
}

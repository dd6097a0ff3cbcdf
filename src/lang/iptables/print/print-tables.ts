import { inPieces } from '../../text/in-pieces.ts';
import { restoreWord } from '../../text/quote.ts';
import { type KeptTexts, keptLines } from '../../text/rule-memory.ts';
import type { Chain, Rule, Table } from '../ruleset.ts';
import { printAction, printMatches, printRule } from './print-rule.ts';

/** Chains that the kernel has in every table; declaring one sets its policy. */
const BUILT_IN_CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/**
 * iptables-restore text of some tables, in pieces.
 * Built-in chains are declared with policy ACCEPT where a table has any; ours are declared, which empties them.
 */
export function* printTables(tables: Iterable<Table>, kept?: KeptTexts<Chain>): Generator<string> {
  for (const table of tables) yield* inPieces(tableLines(table, kept));
}

function* tableLines(table: Table, kept: KeptTexts<Chain> | undefined): Generator<string> {
  yield `*${table.name}\n`;
  for (const name of table.chainNames)
    yield `:${restoreWord(name)} ${isBuiltIn(name) ? 'ACCEPT' : '-'} [0:0]\n`;
  const chainLines = chainPrinter();
  for (const chain of table.chains) for (const lines of keptLines(chain, kept, chainLines)) yield lines;
  yield 'COMMIT\n';
}

/**
 * Rules that are all there are printed at once: nearly all chains have two, and to yield each takes as long as to print
 * it. Chains of endpoints are alike: what is the same in the rule at this place of a chain before is not printed anew.
 */
function chainPrinter(): (chain: Chain) => Iterable<string> {
  const before: PrintedRule[] = [];
  return ({ name, rules }) => {
    const start = `-A ${restoreWord(name)}`;
    if (!Array.isArray(rules)) return ruleLines(start, rules);
    let text = '';
    let place = 0;
    for (const rule of rules) {
      const printed = printParts(rule, before[place]);
      before[place++] = printed;
      text += `${start}${printed.matchesText}${printed.actionText}\n`;
    }
    return [text];
  };
}

/** The parts of a rule, and their texts. */
interface PrintedRule {
  readonly matches: Rule['matches'];
  readonly action: Rule['action'];
  readonly matchesText: string;
  readonly actionText: string;
}

function printParts({ matches, action }: Rule, before: PrintedRule | undefined): PrintedRule {
  return {
    matches,
    action,
    matchesText: matches === before?.matches ? before.matchesText : printMatches(matches),
    actionText: before !== undefined && action === before.action ? before.actionText : printAction(action),
  };
}

function* ruleLines(start: string, rules: Iterable<Rule>): Generator<string> {
  for (const rule of rules) yield `${start}${printRule(rule)}\n`;
}

function isBuiltIn(name: string): boolean {
  return BUILT_IN_CHAINS.includes(name);
}

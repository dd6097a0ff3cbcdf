import { printParts } from '../../text/in-parts.ts';
import { inPieces } from '../../text/in-pieces.ts';
import { restoreWord } from '../../text/quote.ts';
import type { Chain, Rule, Table } from '../ruleset.ts';
import { printAction, printMatches, printRule } from './print-rule.ts';

/** Chains that the kernel has in every table; declaring one sets its policy. */
const BUILT_IN_CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/**
 * iptables-restore text of some tables, in pieces.
 * Built-in chains are declared with policy ACCEPT where a table has any; ours are declared, which empties them.
 */
export function* printTables(tables: Iterable<Table>): Generator<string> {
  for (const table of tables) yield* inPieces(tableLines(table));
}

function* tableLines(table: Table): Generator<string> {
  yield `*${table.name}\n`;
  yield* printParts(table.chainNames, { linesOf: declaration, between: '' });
  yield* printParts(table.chains, { linesOf: chainPrinter(), between: '' });
  yield 'COMMIT\n';
}

function declaration(name: string): readonly string[] {
  return [`:${restoreWord(name)} ${isBuiltIn(name) ? 'ACCEPT' : '-'} [0:0]\n`];
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
      const printed = printOver(rule, before[place]);
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

function printOver({ matches, action }: Rule, before: PrintedRule | undefined): PrintedRule {
  return {
    matches,
    action,
    matchesText: matches === before?.matches ? before.matchesText : printMatches(matches),
    actionText: before !== undefined && action === before.action ? before.actionText : printAction(action),
  };
}

function ruleLines(start: string, rules: Chain['rules']): Iterable<string> {
  return printParts(rules, { linesOf: (rule) => [`${start}${printRule(rule)}\n`], between: '' });
}

function isBuiltIn(name: string): boolean {
  return BUILT_IN_CHAINS.includes(name);
}

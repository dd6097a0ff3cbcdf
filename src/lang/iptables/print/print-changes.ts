import { inPieces } from '../../text/in-pieces.ts';
import { restoreWord } from '../../text/quote.ts';
import type { ChainChange, RuleEdit, TableChange } from '../compare/rule-change.ts';
import { isExact } from '../matches/match.ts';
import type { Rule, SavedRule } from '../ruleset.ts';
import { printRule } from './print-rule.ts';

/**
 * Text for `iptables-restore --noflush` that makes the changes, in pieces; nothing when there are none. Each table is one
 * transaction: chains that come or change are declared, which empties them; then rules go that lead to what is stale,
 * then come the rules that are wanted, then stale chains go, which nothing leads to any more.
 */
export function* printChanges(tables: readonly TableChange[]): Generator<string> {
  for (const table of tables) yield* inPieces(tableLines(table));
}

function* tableLines({ name, chains }: TableChange): Generator<string> {
  yield `*${name}\n`;
  const texts = chains.map(chainText);
  for (const step of STEPS) for (const text of texts) yield* text[step];
  yield 'COMMIT\n';
}

const STEPS = ['declaration', 'removals', 'rules', 'deletion'] as const;

/** Lines for each step. */
type ChainText = Readonly<Record<(typeof STEPS)[number], readonly string[]>>;

const NOTHING: ChainText = { declaration: [], removals: [], rules: [], deletion: [] };

function chainText(change: ChainChange): ChainText {
  const chain = restoreWord(change.name);
  switch (change.kind) {
    case 'missing':
      return refill(chain, change.rules);
    case 'stale':
      return { ...refill(chain, []), deletion: [`-X ${chain}\n`] };
    case 'differs':
      return change.place === 'own' ? refill(chain, change.rules) : shortest(chain, change);
  }
}

function refill(chain: string, rules: readonly Rule[]): ChainText {
  const lines = rules.map((rule) => `-A ${chain}${printRule(rule)}\n`);
  return { ...NOTHING, declaration: [`:${chain} - [0:0]\n`], rules: lines };
}

/** Rule by rule where that is less, or the chain not ours. */
function shortest(chain: string, change: Extract<ChainChange, { kind: 'differs' }>): ChainText {
  const edits = editText(chain, change.edits);
  if (change.place === 'others') return edits;
  const whole = refill(chain, change.rules);
  return lengthOf(edits) < lengthOf(whole) ? edits : whole;
}

function lengthOf(text: ChainText): number {
  return STEPS.reduce((sum, step) => sum + text[step].reduce((length, line) => length + line.length, 0), 0);
}

/** What is removed by its number goes first: such numbers hold for the chain as it was. */
function editText(chain: string, edits: readonly RuleEdit[]): ChainText {
  const removals = edits.filter((edit) => edit.kind === 'remove');
  const insertions = edits.filter((edit) => edit.kind === 'insert');
  const [spelled, numbered] = [
    removals.filter(({ rule }) => canBeSpelled(rule)),
    removals.filter(({ rule }) => !canBeSpelled(rule)),
  ];
  return {
    ...NOTHING,
    removals: [
      ...numbered.map(({ at }) => `-D ${chain} ${at}\n`),
      ...spelled.map(({ rule }) => `-D ${chain}${printRule(rule)}\n`),
    ],
    rules: insertions.map(({ at, rule }) => `-I ${chain} ${at}${printRule(rule)}\n`),
  };
}

/**
 * Rules of a node may hold anything. One of plain parts is removed by what it says, so that a rule that is gone meanwhile
 * makes the whole transaction fail; any other by its number.
 */
function canBeSpelled({ matches, action }: SavedRule): boolean {
  const isJump = action?.kind === 'jump' || action?.kind === 'reject' || action?.kind === 'drop';
  return isJump && matches.every(isExact);
}

import { type Line, linesOf, type Stretch } from '../../text/stretch.ts';
import type { SavedChain, SavedLine, SavedRule } from '../ruleset.ts';
import type { HasChain } from './read-action.ts';
import { readRule } from './read-rule.ts';

interface ChainSource {
  readonly name: string;
  readonly policy: SavedChain['policy'];
  readonly text: string;
  readonly stretches: readonly Stretch[];
  readonly hasChain: HasChain;
}

/** A chain that reads its rules when they are asked for. */
export function savedChain({ name, policy, text, stretches, hasChain }: ChainSource): SavedChain {
  function* lines(): Generator<SavedLine> {
    for (const line of linesOf(text, stretches)) yield savedLine(line);
  }
  function* rules(): Generator<SavedRule> {
    for (const line of lines()) yield { ...readRule(line.text.replace(APPEND, ''), hasChain), ...line };
  }
  return { name, policy, rules: { [Symbol.iterator]: rules }, lines: { [Symbol.iterator]: lines } };
}

const COUNTERS = /^\[\d+:\d+\] /;

/** `-A CHAIN `, in which a chain's name has no spaces. */
const APPEND = /^-A \S+ ?/;

function savedLine({ text, number }: Line): SavedLine {
  return { line: number, text: text.trim().replace(COUNTERS, '') };
}

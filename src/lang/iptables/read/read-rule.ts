import { l4Protocol } from '../../packet/l4-protocol.ts';
import { type Line, linesOf, linesWith, type Stretch } from '../../text/stretch.ts';
import { inSavedOrder } from '../canonical-rule.ts';
import { HEADER_READERS, type Match, MODULE_READERS } from '../matches/match.ts';
import type { Rule, SavedChain, SavedLine, SavedRule } from '../ruleset.ts';
import { type Action, TARGET_READERS } from '../targets/action.ts';
import { type ArgumentGroup, groupArguments, quoteWords, splitWords } from './arguments.ts';
import { NONE_UNREAD, unreadRules } from './unread-rules.ts';

/** Tells whether the table has a chain of this name. */
export type HasChain = (name: string) => boolean;

/**
 * A rule of its arguments, those behind `-A CHAIN`. Whatever is not understood becomes an unknown match or action that
 * holds its text.
 */
export function readRule(text: string, hasChain: HasChain): Rule {
  const words = splitWords(text);
  if (words === undefined) return { matches: [{ kind: 'unknown', text }] };
  const matches: Match[] = [];
  let action: Action | undefined;
  for (const group of groupArguments(words)) {
    if (group.option === '-j' || group.option === '-g') {
      if (action !== undefined) return { matches: [{ kind: 'unknown', text }] };
      action = readAction(group, hasChain);
      continue;
    }
    for (const part of withImpliedModule(group)) {
      const match = readMatch(part);
      if (match !== undefined) matches.push(match);
    }
  }
  const ordered = inSavedOrder(matches);
  return action === undefined ? { matches: ordered } : { matches: ordered, action };
}

/** `-p tcp --dport 80`, as people write it, stands for `-p tcp -m tcp --dport 80`. */
function withImpliedModule(group: ArgumentGroup): readonly ArgumentGroup[] {
  const { option, value, rest, words, negated } = group;
  const protocol = l4Protocol(value);
  if (option !== '-p' || negated || protocol === undefined || rest.length === 0) return [group];
  const module = { option: '-m', negated: false, value: protocol, rest, words: ['-m', protocol, ...rest] };
  return [{ ...group, rest: [], words: words.slice(0, words.length - rest.length) }, module];
}

/** What a group of arguments asks of packets; undefined: nothing. `iptables-save` leaves that out. */
function readMatch(group: ArgumentGroup): Match | undefined {
  const match = knownMatch(group);
  return match === 'always' ? undefined : (match ?? { kind: 'unknown', text: quoteWords(group.words) });
}

function knownMatch({ option, negated, value, rest }: ArgumentGroup): Match | 'always' | undefined {
  if (option === '-m') return negated ? undefined : MODULE_READERS.get(value)?.(rest);
  if (rest.length > 0 || value === '') return undefined;
  return HEADER_READERS.get(option)?.(value, negated ? { negated } : {});
}

/** What a rule does: `-j …` or `-g …`. */
function readAction(group: ArgumentGroup, hasChain: HasChain): Action {
  const { value, words } = group;
  return knownAction(group, hasChain) ?? { kind: 'unknown', target: value, text: quoteWords(words) };
}

function knownAction(
  { option, negated, value, rest }: ArgumentGroup,
  hasChain: HasChain,
): Action | undefined {
  if (negated) return undefined;
  if (hasChain(value)) {
    if (rest.length > 0) return undefined;
    return { kind: option === '-g' ? 'goto' : 'jump', chain: value };
  }
  return option === '-g' ? undefined : TARGET_READERS.get(value)?.(rest);
}

interface ChainSource {
  readonly name: string;
  readonly policy: SavedChain['policy'];
  readonly text: string;
  readonly stretches: readonly Stretch[];
  readonly hasChain: HasChain;
}

/** Of a chain that has none. */
const NO_RULES: Omit<SavedChain, 'name' | 'policy'> = {
  rules: [],
  rulesWith: () => [],
  lines: [],
  unread: () => NONE_UNREAD,
  hasLines: (lines) => lines === '',
};

/** A chain that reads its rules when they are asked for. */
export function savedChain({ name, policy, text, stretches, hasChain }: ChainSource): SavedChain {
  function* lines(): Generator<SavedLine> {
    for (const line of linesOf(text, stretches)) yield savedLine(line);
  }
  if (stretches.length === 0) return { name, policy, ...NO_RULES };
  const ruleOf = (line: Line): SavedRule => readSavedRule(line, hasChain);
  function* rules(): Generator<SavedRule> {
    for (const line of linesOf(text, stretches)) yield ruleOf(line);
  }
  function* rulesWith(part: string): Generator<SavedRule> {
    for (const line of linesWith(text, stretches, part)) yield ruleOf(line);
  }
  const hasLines = (wanted: string): boolean => {
    const [first, second] = stretches;
    if (first === undefined || wanted === '') return false;
    // A table begins with its own line, so there is a line break before the first rule.
    if (second === undefined && text.slice(first.start - 1, first.end) === wanted) return true;
    let from = 0;
    for (const line of lines()) {
      const to = from + 1 + line.text.length;
      if (wanted.slice(from, to) !== `\n${line.text}`) return false;
      from = to;
    }
    return from === wanted.length;
  };
  return {
    name,
    policy,
    rules: { [Symbol.iterator]: rules },
    rulesWith,
    lines: { [Symbol.iterator]: lines },
    unread: () => unreadRules(text, stretches, ruleOf),
    hasLines,
  };
}

/** A line that is a rule. */
export function readSavedRule(line: Line, hasChain: HasChain): SavedRule {
  const saved = savedLine(line);
  return { ...readRule(saved.text.replace(APPEND, ''), hasChain), ...saved };
}

const COUNTERS = /^\[\d+:\d+\] /;

/** `-A CHAIN `, in which a chain's name has no spaces. */
const APPEND = /^-A \S+ ?/;

function savedLine({ text, number }: Line): SavedLine {
  return { line: number, text: text.trim().replace(COUNTERS, '') };
}

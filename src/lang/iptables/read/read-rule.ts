import { l4Protocol } from '../../packet/l4-protocol.ts';
import { splitWords } from '../../text/split-words.ts';
import { inSavedOrder } from '../canonical-rule.ts';
import type { Action, Match, Rule } from '../ruleset.ts';
import { type ArgumentGroup, groupArguments } from './arguments.ts';
import { type HasChain, readAction } from './read-action.ts';
import { readMatch } from './read-match.ts';

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

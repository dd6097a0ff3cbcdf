import { spellMatch } from '../matches/match.ts';
import { LENIENT, STRICT } from '../quoting.ts';
import type { Rule } from '../ruleset.ts';
import { type Action, spellTarget } from '../targets/action.ts';

/** A rule's matches and action as arguments of iptables, each behind a space. */
export function printRule({ matches, action }: Rule): string {
  return printMatches(matches) + printAction(action);
}

/** The same of any rule, as `iptables-save` spells it, for comparing and showing it: never to be run. */
export function describeRule({ matches, action }: Rule): string {
  return printMatches(matches, LENIENT) + printAction(action, LENIENT);
}

export function printMatches(matches: Rule['matches'], quoting = STRICT): string {
  let text = '';
  for (const match of matches) text += spellMatch(match, quoting);
  return text;
}

export function printAction(action: Action | undefined, quoting = STRICT): string {
  return action === undefined ? '' : spellTarget(action, quoting);
}

import { linesOf, type Stretch } from '../../text/stretch.ts';
import type { ListedChain, ListedRule, NftHook } from '../ruleset.ts';
import { readRule } from './read-rule.ts';
import type { RuleScope } from './scope.ts';
import { withoutHandle } from './words.ts';

/** A chain as far as it has been read. */
export interface OpenChain {
  readonly name: string;
  readonly line: number;
  hook: NftHook | undefined;
  /** Where its rules are: each has a line. */
  rules: Stretch | undefined;
}

/** A chain that reads its rules when they are asked for. */
export function listedChain(open: OpenChain, text: string, scope: RuleScope): ListedChain {
  const { name, line, hook, rules: stretch } = open;
  function* rules(): Generator<ListedRule> {
    for (const each of linesOf(text, stretch === undefined ? [] : [stretch])) {
      const rule = withoutHandle(each.text.trim());
      if (rule !== '') yield { ...readRule(rule, scope), line: each.number, text: rule };
    }
  }
  return { name, line, ...(hook === undefined ? {} : { hook }), rules: { [Symbol.iterator]: rules } };
}

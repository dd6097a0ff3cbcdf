import type { Host } from '../../packet/host.ts';
import type { BaseChain, TracedChain, TracedRule } from '../../packet/rules.ts';
import type { Rule, UnreadRules } from '../ruleset.ts';
import { placeIndex } from './place-index.ts';
import { tracedRule } from './traced-rule.ts';

export interface RuleInChain extends Rule {
  readonly line?: number;
  readonly text?: string;
}

/** Rules of a chain; undefined: there is no such chain. */
export type RulesOf = (chain: string) => UnreadRules<RuleInChain> | undefined;

/** How rules that were not read from text are spelled. */
export type PrintRule = (chain: string, rule: Rule) => string;

interface Walking {
  readonly host: Host;
  readonly print: PrintRule;
}

/** Finds chains of a table, and what their rules do with packets. */
export function chainFinder(table: string, rulesOf: RulesOf, { host, print }: Walking): BaseChain['find'] {
  const found = new Map<string, TracedChain>();
  const memory = { left: MOST_KEPT };
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const rules = rulesOf(name);
    if (rules === undefined) return undefined;
    const trace = (rule: RuleInChain): TracedRule => {
      const text = () => rule.text ?? print(name, rule);
      const { line } = rule;
      return tracedRule({ table, chain: name, rule, text, ...(line === undefined ? {} : { line }) }, host);
    };
    const chain = tracedChain(rules, trace, memory);
    found.set(name, chain);
    return chain;
  };
}

/** So many rules of a table are kept for the next packet: a rule takes some kilobytes. Others are read again. */
const MOST_KEPT = 2 ** 14;

function tracedChain(
  rules: UnreadRules<RuleInChain>,
  trace: (rule: RuleInChain) => TracedRule,
  memory: { left: number },
): TracedChain {
  const kept = new Map<number, TracedRule>();
  const placesFor = placeIndex(rules);
  return {
    *rulesFor(packet, pay) {
      for (const place of placesFor(packet)) {
        const known = kept.get(place);
        if (known !== undefined) {
          yield known;
          continue;
        }
        const length = rules.lengthOf(place);
        if (length > 0 && !pay(length)) return;
        const traced = trace(rules.read(place));
        if (length === 0 || memory.left > 0) kept.set(place, traced);
        if (length > 0) memory.left -= 1;
        yield traced;
      }
    },
  };
}

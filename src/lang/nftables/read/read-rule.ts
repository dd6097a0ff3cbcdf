import type { L4Protocol } from '../../packet/l4-protocol.ts';
import { nextWord, nftWords, take, takeWord, type Words } from '../elements/words.ts';
import type { RuleScope } from '../expressions/expression.ts';
import { type NftMatch, takeMatch } from '../expressions/match.ts';
import { type NftStatement, takeStatement } from '../expressions/statement.ts';
import type { NftRule } from '../ruleset.ts';

interface OpenRule {
  readonly words: Words;
  readonly matches: NftMatch[];
  readonly statements: NftStatement[];
}

/**
 * A rule as nft prints it, without handle. From the first thing on that is not understood it is kept as text: as a
 * match, when nothing but a verdict can follow, else as something that is done.
 */
export function readNftRule(text: string, scope: RuleScope): NftRule {
  const all = nftWords(text);
  if (all === undefined) return { matches: [], statements: [{ kind: 'unknown', text }] };
  const { words, comment } = withoutComment(all);
  const rule: OpenRule = { words, matches: [], statements: [] };
  while (words.at < words.all.length) if (!takePart(rule, scope)) takeRest(rule, scope);
  const { matches, statements } = rule;
  return comment === undefined ? { matches, statements } : { matches, statements, comment };
}

/** It comes last. */
function withoutComment(words: Words): { readonly words: Words; readonly comment?: string } {
  const { all } = words;
  const last = all.at(-1);
  if (all.at(-2) !== 'comment' || last?.startsWith('"') !== true) return { words };
  return { words: { all: all.slice(0, -2), at: 0 }, comment: last.slice(1, -1) };
}

/** @returns whether what comes next is understood */
function takePart({ words, matches, statements }: OpenRule, scope: RuleScope): boolean {
  if (takeHarmless(words)) return true;
  // What is asked once something is done is not in the model, and nothing of ours asks then.
  if (statements.length === 0) {
    const match = takeMatch(words, scope);
    if (match !== undefined) {
      for (const each of match) matches.push(each);
      return true;
    }
  }
  const taken = takeStatement(words, scope);
  if (taken === undefined) return false;
  const { protocol, statement } = taken;
  if (protocol !== undefined && !isAsked(matches, protocol)) matches.push({ kind: 'l4proto', protocol });
  statements.push(statement);
  return true;
}

function isAsked(matches: readonly NftMatch[], wanted: L4Protocol): boolean {
  return matches.some(
    (match) => (match.kind === 'l4proto' || match.kind === 'dport') && match.protocol === wanted,
  );
}

/** Reads what only counts or tells: packets go on as if it was not there. @returns whether there was such a thing */
function takeHarmless(words: Words): boolean {
  if (take(words, 'counter')) {
    if (take(words, 'name')) takeWord(words);
    else if (take(words, 'packets')) words.at += 3;
    return true;
  }
  if (!take(words, 'log')) return false;
  for (let word = nextWord(words); word !== undefined && LOG_OPTIONS.has(word); word = nextWord(words)) {
    words.at += 2;
  }
  return true;
}

const LOG_OPTIONS: ReadonlySet<string> = new Set([
  'prefix',
  'group',
  'snaplen',
  'queue-threshold',
  'level',
  'flags',
]);

/** Words that change packets, or take them elsewhere. */
const CHANGES: ReadonlySet<string> = new Set([
  'set',
  'snat',
  'dnat',
  'masquerade',
  'redirect',
  'tproxy',
  'queue',
  'fwd',
  'dup',
  'synproxy',
  'notrack',
  'vmap',
  'update',
  'add',
  'delete',
]);

/** Where the verdict of a rule begins. */
const VERDICT = /^(?:accept|drop|return|jump|goto|reject)$/;

function takeRest({ words, matches, statements }: OpenRule, scope: RuleScope): void {
  const rest = words.all.slice(words.at);
  const verdict = rest.findIndex((word) => VERDICT.test(word));
  const before = verdict < 0 ? rest : rest.slice(0, verdict);
  const text = before.join(' ').replaceAll(' ,', ',');
  const isMatch = verdict > 0 && statements.length === 0 && !rest.some((word) => CHANGES.has(word));
  if (!isMatch) {
    statements.push({ kind: 'unknown', text: rest.join(' ').replaceAll(' ,', ',') });
    words.at = words.all.length;
    return;
  }
  words.at += before.length;
  const taken = takeStatement(words, scope);
  matches.push({ kind: 'unknown', text });
  if (taken !== undefined) statements.push(taken.statement);
  else {
    statements.push({ kind: 'unknown', text: rest.slice(verdict).join(' ') });
    words.at = words.all.length;
  }
}

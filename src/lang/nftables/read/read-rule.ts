import { type L4Protocol, l4Protocol } from '../../packet/l4-protocol.ts';
import type { NftField } from '../elements/field.ts';
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
 * A rule as nft prints it, without handle. What is not understood is kept as text: as a match, where that ends, else as
 * something that is done.
 */
export function readNftRule(text: string, scope: RuleScope): NftRule {
  const all = nftWords(withoutShortNames(text));
  if (all === undefined) return { matches: [], statements: [{ kind: 'unknown', text }] };
  const { words, comment } = withoutComment(all);
  const rule: OpenRule = { words, matches: [], statements: [] };
  while (words.at < words.all.length) if (!takePart(rule, scope)) takeRest(rule);
  const { matches, statements } = rule;
  return comment === undefined ? { matches, statements } : { matches, statements, comment };
}

/** What nft writes instead of what an extension of iptables asks or does, where it was built without them: `# xt_comment`. */
function withoutShortNames(text: string): string {
  if (!text.includes('# xt_')) return text;
  return text.replaceAll(/# xt_(\w+)/g, (_, name: string) => {
    const kind = name === name.toUpperCase() ? 'target' : 'match';
    return `xt ${kind} "${name}"`;
  });
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
  if (takeHarmless(words) || takeOtherHeader({ words, matches, statements }, scope)) return true;
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
  if (take(words, 'continue') || take(words, 'xt', 'match', '"comment"')) return true;
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

/** Where matches end: what counts or tells, a verdict, or what is done. */
const BEHIND_MATCHES =
  /^(?:counter|log|accept|drop|return|jump|goto|reject|continue|snat|dnat|masquerade|redirect|notrack)$/;

/** What a match may begin with, where nothing follows it. */
const MATCHES =
  /^(?:meta|ct|ip6?|tcp|udp|udplite|dccp|sctp|th|fib|rt|socket|osf|ether|vlan|arp|limit|quota|exthdr|hbh|frag|dst|mh|srh|ah|esp|comp|ipsec|numgen|jhash|symhash|@\w+,\d+,\d+)$/;

/** Where another match begins for sure, whatever stood before it; unless that is joined to it, or asks for a hash of it. */
const NEXT_MATCH = /^(?:ct (?:state|status)|meta l4proto|[io]ifname \S+|(?:tcp|udp|sctp|th) dport)$/;
const JOINS: ReadonlySet<string> = new Set(['.', 'jhash', 'symhash', 'map', ',']);

/** @returns the index of the first word behind what is not understood; -1: there is none */
function endOfUnknown(rest: readonly string[]): number {
  let depth = 0;
  return rest.findIndex((word, index) => {
    if (word === '{') depth += 1;
    if (word === '}') depth -= 1;
    if (index === 0 || depth > 0 || JOINS.has(rest[index - 1] ?? '')) return false;
    const next = rest[index + 1];
    if (rest[index + 2] === 'set' && (word === 'meta' || word === 'ct')) return true;
    return BEHIND_MATCHES.test(word) || NEXT_MATCH.test(`${word} ${next}`);
  });
}

/** Keeps what is not understood as text: as a match up to what follows matches, else all that is left. */
function takeRest({ words, matches, statements }: OpenRule): void {
  const rest = words.all.slice(words.at);
  const end = endOfUnknown(rest);
  const asked = end < 0 ? rest : rest.slice(0, end);
  const isKnown = end > 0 || MATCHES.test(rest[0] ?? '') || (rest[0] === 'xt' && rest[1] === 'match');
  const isWhole = asked.filter((word) => word === '{').length === asked.filter((word) => word === '}').length;
  const isMatch = isKnown && isWhole && statements.length === 0 && !asked.some((word) => CHANGES.has(word));
  const taken = isMatch ? asked : rest;
  words.at += taken.length;
  const protocol = l4Protocol(taken[0] ?? '');
  if (protocol !== undefined && !isAsked(matches, protocol)) matches.push({ kind: 'l4proto', protocol });
  (isMatch ? matches : statements).push({ kind: 'unknown', text: taken.join(' ').replaceAll(' ,', ',') });
}

/** Headers and their fields that only packets of a protocol have, of which no Service is. */
const OTHER_PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['icmp', 'icmp'],
  ['icmpv6', 'ipv6-icmp'],
  ['igmp', 'igmp'],
  ['ah', 'ah'],
  ['esp', 'esp'],
  ['comp', 'comp'],
  ['udplite', 'udplite'],
  ['dccp', 'dccp'],
]);

const OTHER_FAMILY = { IPv4: ['ip6', 'ipv6'], IPv6: ['ip', 'ipv4'] } as const;

/**
 * Tables of family inet have rules for both families, and rules ask for a header by asking for its fields: the rest of such a
 * rule does not matter to packets that have none.
 * @returns whether that is so
 */
function takeOtherHeader({ words, matches }: OpenRule, { family }: RuleScope): boolean {
  const [word, proto] = OTHER_FAMILY[family];
  const first = nextWord(words) ?? '';
  const isTranslation = (first === 'dnat' || first === 'snat') && words.all[words.at + 1] === word;
  const protocol = OTHER_PROTOCOLS.get(first);
  if (first === word || isTranslation) matches.push(asksOnly('nfproto', proto));
  else if (protocol !== undefined) matches.push(asksOnly('l4proto', protocol));
  else return false;
  words.at = words.all.length;
  return true;
}

function asksOnly(field: NftField, value: string): NftMatch {
  return { kind: 'in-set', fields: [field], set: { kind: 'anonymous', elements: [{ key: [value] }] } };
}

import { assertNever } from '../../diagnostic/invariant.ts';
import { SOURCE_IS_DESTINATION } from '../../model/bytecode.ts';
import type { Action, Chain, Match, Rule, Table } from '../../model/ruleset.ts';
import { inPieces } from '../in-pieces.ts';
import { quoteBytecode, quoteComment, restoreArguments, restoreWord } from '../quote.ts';
import { type KeptTexts, keptLines } from './rule-memory.ts';

/** Chains that the kernel has in every table; declaring one sets its policy. */
const BUILT_IN_CHAINS = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

/**
 * iptables-restore text of some tables, in pieces.
 * Built-in chains are declared with policy ACCEPT where a table has any; ours are declared, which empties them.
 */
export function* printTables(tables: Iterable<Table>, kept?: KeptTexts<Chain>): Generator<string> {
  for (const table of tables) yield* inPieces(tableLines(table, kept));
}

function* tableLines(table: Table, kept: KeptTexts<Chain> | undefined): Generator<string> {
  yield `*${table.name}\n`;
  for (const name of table.chainNames)
    yield `:${restoreWord(name)} ${isBuiltIn(name) ? 'ACCEPT' : '-'} [0:0]\n`;
  const chainLines = chainPrinter();
  for (const chain of table.chains) for (const lines of keptLines(chain, kept, chainLines)) yield lines;
  yield 'COMMIT\n';
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
      const printed = printParts(rule, before[place]);
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

function printParts({ matches, action }: Rule, before: PrintedRule | undefined): PrintedRule {
  return {
    matches,
    action,
    matchesText: matches === before?.matches ? before.matchesText : printMatches(matches, STRICT),
    actionText:
      before !== undefined && action === before.action ? before.actionText : printAction(action, STRICT),
  };
}

function* ruleLines(start: string, rules: Iterable<Rule>): Generator<string> {
  for (const rule of rules) yield `${start}${printRule(rule)}\n`;
}

function isBuiltIn(name: string): boolean {
  return BUILT_IN_CHAINS.includes(name);
}

/** How strings become part of a rule's text. */
interface Quoting {
  readonly comment: (text: string) => string;
  readonly word: (text: string) => string;
  readonly rest: (text: string) => string;
  readonly probability: (value: number) => string;
}

/** For text that root runs: whatever is unusual stops the program. */
const STRICT: Quoting = {
  comment: quoteComment,
  word: restoreWord,
  rest: restoreArguments,
  probability: (value) => value.toFixed(PROBABILITY_DIGITS),
};

const asIs = (text: string) => text;

/** For text that is only compared or shown: rules of a node may hold anything. */
const LENIENT: Quoting = {
  comment: JSON.stringify,
  word: asIs,
  rest: asIs,
  probability: (value) => keptProbability(value).toFixed(PROBABILITY_DIGITS + 1),
};

/** kube-proxy writes so many, `iptables-save` one more. */
const PROBABILITY_DIGITS = 10;

/** The kernel keeps a probability as written in units of 2^-31. */
function keptProbability(value: number): number {
  return Math.round(Number(value.toFixed(PROBABILITY_DIGITS)) * 2 ** 31) / 2 ** 31;
}

/** A rule's matches and action as arguments of iptables, each behind a space. */
export function printRule(rule: Rule): string {
  return ruleText(rule, STRICT);
}

/** The same of any rule, as `iptables-save` spells it, for comparing and showing it: never to be run. */
export function describeRule(rule: Rule): string {
  return ruleText(rule, LENIENT);
}

function ruleText({ matches, action }: Rule, quoting: Quoting): string {
  return printMatches(matches, quoting) + printAction(action, quoting);
}

function printMatches(matches: Rule['matches'], quoting: Quoting): string {
  let text = '';
  for (const match of matches) text += printMatch(match, quoting);
  return text;
}

function printMatch(match: Match, { word, comment, rest, probability }: Quoting): string {
  switch (match.kind) {
    case 'source':
      return `${not(match)} -s ${word(match.cidr)}`;
    case 'destination':
      return `${not(match)} -d ${word(match.cidr)}`;
    case 'in-interface':
      return `${not(match)} -i ${word(match.name)}`;
    case 'out-interface':
      return `${not(match)} -o ${word(match.name)}`;
    case 'protocol':
      return `${not(match)} -p ${match.protocol}`;
    case 'other-protocol':
      return `${not(match)} -p ${word(match.name)}`;
    case 'l4':
      return match.destinationPort === undefined
        ? ` -m ${match.protocol}`
        : ` -m ${match.protocol} --dport ${match.destinationPort}`;
    case 'port-range':
      return ` -m ${match.protocol} --dport ${match.first}:${match.last}`;
    case 'ports':
      return ` -m multiport${not(match)} --dports ${match.ranges.map(printRange).join(',')}`;
    case 'tcp-flags':
      return ` -m tcp${not(match)} --tcp-flags ${match.mask.join(',')} ${match.set.join(',') || 'NONE'}`;
    case 'comment':
      return ` -m comment --comment ${comment(match.text)}`;
    case 'mark':
      return ` -m mark${not(match)} --mark ${hex(match.value)}/${hex(match.mask)}`;
    case 'ctstate':
      return ` -m conntrack${not(match)} --ctstate ${match.states.join(',')}`;
    case 'local-address':
      return ` -m addrtype${not(match)} --${match.of === 'source' ? 'src' : 'dst'}-type LOCAL`;
    case 'address-type':
      return ` -m addrtype${not(match)} --${match.of === 'source' ? 'src' : 'dst'}-type ${match.type}`;
    case 'from-bridge-port':
      return ` -m physdev${not(match)} --physdev-is-in`;
    case 'set':
      return ` -m set${not(match)} --match-set ${word(match.name)} ${match.dimensions.join(',')}`;
    case 'ipvs':
      return ` -m ipvs --vaddr ${word(match.ip)} --vproto ${match.protocol} --vport ${match.port}`;
    case 'source-is-destination':
      return ` -m bpf --bytecode ${quoteBytecode(SOURCE_IS_DESTINATION[match.family])}`;
    case 'random':
      return ` -m statistic --mode random --probability ${probability(match.probability)}`;
    case 'recently-seen': {
      const check = match.renews === true ? '--update' : '--rcheck';
      return ` -m recent --name ${word(match.name)} ${check} --seconds ${match.seconds} --reap`;
    }
    case 'remember':
      return ` -m recent --name ${word(match.name)} --set`;
    case 'unknown':
      return ` ${rest(match.text)}`;
    default:
      return assertNever(match);
  }
}

function printAction(action: Action | undefined, { word, rest }: Quoting): string {
  if (action === undefined) return '';
  switch (action.kind) {
    case 'jump':
      return ` -j ${word(action.chain)}`;
    case 'goto':
      return ` -g ${word(action.chain)}`;
    case 'reject':
      return action.with === undefined ? ' -j REJECT' : ` -j REJECT --reject-with ${word(action.with)}`;
    case 'accept':
    case 'drop':
    case 'return':
      return ` -j ${action.kind.toUpperCase()}`;
    case 'set-mark':
      return ` -j MARK --set-xmark ${hex(action.value)}/${hex(action.mask)}`;
    case 'dnat':
      return ` -j DNAT --to-destination ${word(action.to)}`;
    case 'masquerade':
      return action.randomFully ? ' -j MASQUERADE --random-fully' : ' -j MASQUERADE';
    case 'unknown':
      return ` ${rest(action.text)}`;
    default:
      return assertNever(action);
  }
}

function printRange({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `${first}` : `${first}:${last}`;
}

function not({ negated = false }: { readonly negated?: boolean }): string {
  return negated ? ' !' : '';
}

/** 32 bits, unsigned. */
function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

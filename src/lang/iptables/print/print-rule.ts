import { assertNever } from '../../../diagnostic/invariant.ts';
import { plainText, quoteBytecode, quoteComment, restoreWord } from '../../text/quote.ts';
import { SOURCE_IS_DESTINATION } from '../bytecode.ts';
import type { Action, Match, Rule } from '../ruleset.ts';

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
  rest: plainText,
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
export function printRule({ matches, action }: Rule): string {
  return printMatches(matches) + printAction(action);
}

/** The same of any rule, as `iptables-save` spells it, for comparing and showing it: never to be run. */
export function describeRule({ matches, action }: Rule): string {
  return printMatches(matches, LENIENT) + printAction(action, LENIENT);
}

export function printMatches(matches: Rule['matches'], quoting: Quoting = STRICT): string {
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

export function printAction(action: Action | undefined, { word, rest }: Quoting = STRICT): string {
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

import { assertNever } from '../../../diagnostic/invariant.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { joinHostPort } from '../../../model/ip.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import { nftIdentifier, nftWord, plainText, quoteNftComment } from '../../text/quote.ts';
import type {
  NftDestination,
  NftDestinationElement,
  NftDestinationSource,
  NftElement,
  NftKey,
  NftMatch,
  NftReference,
  NftRule,
  NftStatement,
  NftVerdict,
  NftVerdictElement,
} from '../ruleset.ts';

/** `ip` or `ip6`: what nft calls a family, and the header that addresses are in. */
export type NftFamily = 'ip' | 'ip6';

export const FAMILIES = { IPv4: 'ip', IPv6: 'ip6' } as const satisfies Record<IPFamily, NftFamily>;

/** A rule on one line, as nft reads it inside a chain. */
export function printRule({ matches, statements, comment }: NftRule, family: NftFamily): string {
  const parts: string[] = [];
  for (const match of matches) parts.push(printMatch(match, family));
  for (const statement of statements) parts.push(printStatement(statement, family));
  if (comment !== undefined) parts.push(`comment ${quoteNftComment(comment)}`);
  return parts.join(' ');
}

/**
 * Parts of a key, joined as in rules and in `typeof`.
 * @param protocol whose ports it has; `th` stands for any
 */
export function printKey(key: NftKey, family: NftFamily, protocol: L4Protocol | 'th' = 'th'): string {
  return key.map((part) => printKeyPart(part, family, protocol)).join(' . ');
}

function printKeyPart(part: NftKey[number], family: NftFamily, protocol: L4Protocol | 'th'): string {
  switch (part) {
    case 'saddr':
    case 'daddr':
      return `${family} ${part}`;
    case 'l4proto':
      return 'meta l4proto';
    case 'dport':
      return `${protocol} dport`;
    default:
      return `numgen random mod ${part.modulus}`;
  }
}

/** An element of a set. */
export function printElement({ key, comment }: NftElement): string {
  const text = key.map((value) => nftWord(`${value}`)).join(' . ');
  return comment === undefined ? text : `${text} comment ${quoteNftComment(comment)}`;
}

/** An element of a verdict map. */
export function printVerdictElement(element: NftVerdictElement): string {
  return `${printElement(element)} : ${printVerdict(element.verdict)}`;
}

/** An element of a map of addresses and ports. */
export function printDestinationElement(element: NftDestinationElement): string {
  return `${printElement(element)} : ${nftWord(element.to.ip)} . ${element.to.port}`;
}

function printReference<Element extends NftElement>(
  reference: NftReference<Element>,
  print: (element: Element) => string,
): string {
  return reference.kind === 'named'
    ? `@${nftIdentifier(reference.name)}`
    : `{ ${reference.elements.map(print).join(', ')} }`;
}

function printMatch(match: NftMatch, family: NftFamily): string {
  switch (match.kind) {
    case 'address':
      return `${family} ${match.field} ${not(match)}${nftWord(match.cidr)}`;
    case 'in-set':
      return `${printKey(match.fields, family)} ${not(match)}${printReference(match.set, printElement)}`;
    case 'l4proto':
      return `meta l4proto ${match.protocol}`;
    case 'dport':
      return `${match.protocol} dport ${match.port}`;
    case 'in-interface':
      return `iifname ${not(match)}"${nftWord(match.name)}"`;
    case 'mark':
      return `meta mark & ${hex(match.mask)} ${match.negated === true ? '!=' : '=='} ${hex(match.value)}`;
    case 'ct-state':
      return `ct state ${not(match)}${match.states.map((state) => state.toLowerCase()).join(',')}`;
    case 'ct-status-dnat':
      return 'ct status dnat';
    case 'local-address':
      return `fib ${match.field} type ${not(match)}local`;
    case 'unknown':
      return plainText(match.text);
    default:
      return assertNever(match);
  }
}

function printStatement(statement: NftStatement, family: NftFamily): string {
  switch (statement.kind) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'jump':
    case 'goto':
      return printVerdict(statement);
    case 'reject':
      return statement.with === undefined ? 'reject' : `reject with ${plainText(statement.with)}`;
    case 'unknown':
      return plainText(statement.text);
    case 'vmap':
      return `${printKey(statement.key, family)} vmap ${printReference(statement.map, printVerdictElement)}`;
    case 'set-mark':
      return `meta mark set meta mark ${OPERATORS[statement.operator]} ${hex(statement.value)}`;
    case 'dnat':
      return `dnat to ${printDestinationSource(statement.to, family)}`;
    case 'masquerade':
      return statement.randomFully ? 'masquerade fully-random' : 'masquerade';
    case 'update':
      return printUpdate(statement, family);
    default:
      return assertNever(statement);
  }
}

const OPERATORS = { and: '&', or: '|', xor: '^' } as const;

function printVerdict(verdict: NftVerdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${nftIdentifier(verdict.chain)}` : verdict.kind;
}

function printUpdate(
  { set, fields, timeoutSeconds }: Extract<NftStatement, { kind: 'update' }>,
  family: NftFamily,
): string {
  const timeout = timeoutSeconds === undefined ? '' : ` timeout ${timeoutSeconds}s`;
  return `update @${nftIdentifier(set)} { ${printKey(fields, family)}${timeout} }`;
}

function printDestinationSource(source: NftDestinationSource, family: NftFamily): string {
  if (source.kind === 'constant') return printDestination(source.to);
  const { key, protocol, map } = source;
  return `${printKey(key, family, protocol)} map ${printReference(map, printDestinationElement)}`;
}

function printDestination({ ip, port }: NftDestination): string {
  return nftWord(joinHostPort(ip, port));
}

function not({ negated = false }: { readonly negated?: boolean }): string {
  return negated ? '!= ' : '';
}

/** 32 bits, unsigned, as nft lists them. */
function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

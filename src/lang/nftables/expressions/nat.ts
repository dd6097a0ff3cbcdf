import type { IPFamily } from '../../../model/cluster.ts';
import { joinHostPort } from '../../../model/ip.ts';
import { ALL } from '../../packet/fraction.ts';
import { redirectedTo } from '../../packet/host.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import { type Packet, sendTo } from '../../packet/packet.ts';
import type { Next } from '../../packet/verdict.ts';
import { nftIdentifier, nftWord, plainText } from '../../text/quote.ts';
import { sortedReference } from '../elements/canonical.ts';
import {
  type NftDestination,
  type NftDestinationElement,
  type NftReference,
  printDestinationElement,
  printReference,
  takeDestinationElement,
  takeReference,
} from '../elements/element.ts';
import { type NftKey, printKey, takeKey, typesOf } from '../elements/key.ts';
import { readAddress, readPort } from '../elements/values.ts';
import { nextWord, take, takeAs, type Words } from '../elements/words.ts';
import { FAMILIES } from '../family.ts';
import { type Act, nothing } from './act.ts';
import type { NftStatementKind, RuleScope, Taken } from './expression.ts';
import { lookUp } from './look-up.ts';

/** Address translation: both statements end the evaluation of their hook. */

/** When a look-up finds nothing, the next rule follows. */
export interface DnatStatement {
  readonly kind: 'dnat';
  readonly to: NftDestinationSource;
}

/** Where `dnat` gets its address and port from. */
export type NftDestinationSource =
  | { readonly kind: 'constant'; readonly to: NftDestination }
  /** The port stays. */
  | { readonly kind: 'address'; readonly ip: string }
  | {
      readonly kind: 'map';
      readonly key: NftKey;
      readonly protocol?: L4Protocol;
      readonly map: NftReference<NftDestinationElement>;
    }
  /** A named map of addresses: nft keeps an element of it in two thirds of the memory that one with a port takes. */
  | { readonly kind: 'address-map'; readonly key: NftKey; readonly map: string; readonly port: number };

export interface MasqueradeStatement {
  readonly kind: 'masquerade';
  readonly randomFully: boolean;
  /** Of others: ports, `random`, `persistent`. */
  readonly options?: string;
}

/** Sources become this address; ports do not matter here. */
export interface SnatStatement {
  readonly kind: 'snat';
  readonly to: string;
}

/** To a port of the node itself; undefined: the same one. */
export interface RedirectStatement {
  readonly kind: 'redirect';
  readonly port?: number;
}

const ACCEPTED: Next = { kind: 'verdict', verdict: { kind: 'accept' } };

export const MASQUERADE_STATEMENT: NftStatementKind<MasqueradeStatement, MasqueradeStatement> = {
  print: ({ randomFully, options }) => {
    const more = options === undefined ? '' : ` ${plainText(options)}`;
    return `${randomFully ? 'masquerade fully-random' : 'masquerade'}${more}`;
  },
  take: (words) => {
    if (!take(words, 'masquerade')) return undefined;
    const randomFully = take(words, 'fully-random');
    const options = takeTail(words);
    return {
      statement: { kind: 'masquerade', randomFully, ...(options === '' ? {} : { options }) },
    };
  },
  run: (_, packet) => [
    {
      packet: { ...packet, rewrittenSource: 'masquerade' },
      next: ACCEPTED,
      share: ALL,
      effect: 'masquerade',
    },
  ],
};

/** Translation is the last thing that a rule does. */
function takeTail(words: Words): string {
  const rest = words.all.slice(words.at).join(' ');
  words.at = words.all.length;
  return rest;
}

export const SNAT_STATEMENT: NftStatementKind<SnatStatement, SnatStatement> = {
  print: ({ to }) => `snat to ${plainText(to)}`,
  take: (words, { family }) => {
    if (!take(words, 'snat')) return undefined;
    take(words, FAMILIES[family]);
    if (!take(words, 'to')) return undefined;
    const to = takeAs(words, (word) => (SOURCES.test(word) ? word : undefined));
    if (to === undefined) return undefined;
    takeTail(words);
    return { statement: { kind: 'snat', to } };
  },
  run: ({ to }, packet) => [
    { packet: { ...packet, rewrittenSource: to }, next: ACCEPTED, share: ALL, effect: `snat to ${to}` },
  ],
};

/** An address or range of them, with or without ports: which one is taken does not matter to who gets the packet. */
const SOURCES = /^[[\]0-9a-f.:-]+$/;

export const REDIRECT_STATEMENT: NftStatementKind<RedirectStatement, RedirectStatement> = {
  print: ({ port }) => (port === undefined ? 'redirect' : `redirect to :${port}`),
  take: (words) => {
    if (!take(words, 'redirect')) return undefined;
    const port = take(words, 'to') ? takeAs(words, (word) => readPort(word.replace(/^:/, ''))) : undefined;
    const isAll = nextWord(words) === undefined;
    return isAll ? { statement: { kind: 'redirect', ...(port === undefined ? {} : { port }) } } : undefined;
  },
  run: (statement, packet, { host }) => {
    const { port = packet.port } = statement;
    const to = { ip: redirectedTo(host, packet), port };
    const effect = REDIRECT_STATEMENT.print(statement, FAMILIES[packet.family]);
    return [{ packet: sendTo(packet, to), next: ACCEPTED, share: ALL, effect }];
  },
};

export const DNAT_STATEMENT: NftStatementKind<DnatStatement, DnatStatement> = {
  print: ({ to }, family) => {
    if (to.kind === 'constant') return `dnat to ${nftWord(joinHostPort(to.to.ip, to.to.port))}`;
    if (to.kind === 'address') return `dnat to ${nftWord(to.ip)}`;
    if (to.kind === 'address-map')
      return `dnat to ${printKey(to.key, family)} map @${nftIdentifier(to.map)}:${to.port}`;
    const map = printReference(to.map, printDestinationElement);
    return `dnat ${family} addr . port to ${printKey(to.key, family, to.protocol)} map ${map}`;
  },
  take: takeDnat,
  canonical: canonicalDnat,
  protocolOf: ({ to }) => (to.kind === 'map' ? to.protocol : undefined),
  run: ({ to }, packet, { sets, host }) => {
    if (to.kind === 'constant') return [translated(packet, to.to)];
    if (to.kind === 'address') return [translated(packet, { ip: to.ip, port: packet.port })];
    if (to.kind === 'address-map') {
      const addresses = sets.addressesOf(to.map);
      return lookUp({ key: to.key, packet, host }, (each) => {
        const element = addresses.find(each);
        return element === undefined
          ? nothing(packet)
          : translated(packet, { ip: element.ip, port: to.port });
      });
    }
    const index = sets.destinationsOf(to.map);
    return lookUp({ key: to.key, packet, host }, (each) => {
      const element = index.find(each);
      return element === undefined ? nothing(packet) : translated(packet, element.to);
    });
  },
};

function translated(packet: Packet, to: NftDestination): Act {
  return {
    packet: sendTo(packet, to),
    next: ACCEPTED,
    share: ALL,
    effect: `dnat to ${joinHostPort(to.ip, to.port)}`,
  };
}

function canonicalDnat(statement: DnatStatement): DnatStatement {
  const { to } = statement;
  if (to.kind === 'constant') return { kind: 'dnat', to: { kind: 'constant', to: plainDestination(to.to) } };
  if (to.kind !== 'map') return statement;
  const map = sortedReference(to.map);
  if (map.kind === 'named') return statement;
  const elements = map.elements.map((each) => ({ ...each, to: plainDestination(each.to) }));
  return { kind: 'dnat', to: { ...to, map: { kind: 'anonymous', elements } } };
}

/** Builders give whole endpoints. */
function plainDestination({ ip, port }: NftDestination): NftDestination {
  return { ip, port };
}

/**
 * `dnat to 10.0.0.1:80`, or with an address and port that a map has: `dnat ip addr . port to …`, of which nft up to 1.0
 * leaves parts out.
 */
function takeDnat(words: Words, scope: RuleScope): Taken<DnatStatement> | undefined {
  if (!take(words, 'dnat')) return undefined;
  take(words, FAMILIES[scope.family]);
  take(words, 'addr', '.', 'port');
  if (!take(words, 'to')) return undefined;
  const to = takeConstant(words, scope.family);
  if (to !== undefined)
    return nextWord(words) === undefined ? { statement: { kind: 'dnat', to } } : undefined;
  const key = takeKey(words, scope.family);
  if (key === undefined || !take(words, 'map')) return undefined;
  const { parts, protocol } = key;
  const addresses = takeAs(words, (word) => readAddressMap(word, scope)) ?? takeNamedAddressMap(words, scope);
  if (addresses !== undefined) {
    const isAll = nextWord(words) === undefined;
    return isAll ? { protocol, statement: { kind: 'dnat', to: { ...addresses, key: parts } } } : undefined;
  }
  const map = takeReference<NftDestinationElement>(
    words,
    (each) => takeDestinationElement(each, { types: typesOf(parts), family: scope.family }),
    (name) => scope.valuesOf(name) === 'destination',
  );
  if (map === undefined || nextWord(words) !== undefined) return undefined;
  const ofProtocol = protocol === undefined ? {} : { protocol };
  return { protocol, statement: { kind: 'dnat', to: { kind: 'map', key: parts, ...ofProtocol, map } } };
}

/** `@endpoint-ips-tcp:8080` */
function readAddressMap(word: string, { valuesOf }: RuleScope) {
  const [, map, to = ''] = /^@([^:]+):(\d+|"[^"]+")$/.exec(word) ?? [];
  const port = readPort(to);
  if (map === undefined || port === undefined || valuesOf(map) !== 'address') return undefined;
  return { kind: 'address-map', map, port } as const;
}

/** As `nft -S` prints it: `@endpoint-ips-tcp:"http"`. */
function takeNamedAddressMap(words: Words, scope: RuleScope) {
  const taken = readAddressMap(words.all.slice(words.at, words.at + 2).join(''), scope);
  if (taken !== undefined) words.at += 2;
  return taken;
}

function takeConstant(words: Words, family: IPFamily): NftDestinationSource | undefined {
  const to = takeAs(words, (word) => readHostPort(word, family)) ?? takeNamedPort(words, family);
  if (to !== undefined) return { kind: 'constant', to };
  const ip = takeAs(words, (word) => readAddress(word, family));
  return ip === undefined ? undefined : { kind: 'address', ip };
}

/** As `nft -S` prints it, where a quote begins another word: `10.0.0.1:"http"`. */
function takeNamedPort(words: Words, family: IPFamily): NftDestination | undefined {
  const [host = '', port = ''] = words.all.slice(words.at, words.at + 2);
  const to = host.endsWith(':') && port.startsWith('"') ? readHostPort(host + port, family) : undefined;
  if (to !== undefined) words.at += 2;
  return to;
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
function readHostPort(word: string, family: IPFamily): NftDestination | undefined {
  const colon = word.lastIndexOf(':');
  const host = word.slice(0, colon);
  const isBracketed = host.startsWith('[') && host.endsWith(']');
  const ip = readAddress(isBracketed ? host.slice(1, -1) : host, family);
  const port = readPort(word.slice(colon + 1));
  return ip === undefined || port === undefined || isBracketed !== ip.includes(':')
    ? undefined
    : { ip, port };
}

import { joinHostPort } from '../../../model/ip.ts';
import { ALL } from '../../packet/fraction.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import { type Packet, sendTo } from '../../packet/packet.ts';
import type { Next } from '../../packet/verdict.ts';
import { nftWord } from '../../text/quote.ts';
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
  | {
      readonly kind: 'map';
      readonly key: NftKey;
      readonly protocol?: L4Protocol;
      readonly map: NftReference<NftDestinationElement>;
    };

export interface MasqueradeStatement {
  readonly kind: 'masquerade';
  readonly randomFully: boolean;
}

const ACCEPTED: Next = { kind: 'verdict', verdict: { kind: 'accept' } };

export const MASQUERADE_STATEMENT: NftStatementKind<MasqueradeStatement, MasqueradeStatement> = {
  print: ({ randomFully }) => (randomFully ? 'masquerade fully-random' : 'masquerade'),
  take: (words) => {
    if (!take(words, 'masquerade')) return undefined;
    if (nextWord(words) === undefined) return { statement: { kind: 'masquerade', randomFully: false } };
    return take(words, 'fully-random') ? { statement: { kind: 'masquerade', randomFully: true } } : undefined;
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

export const DNAT_STATEMENT: NftStatementKind<DnatStatement, DnatStatement> = {
  print: ({ to }, family) => {
    if (to.kind === 'constant') return `dnat to ${nftWord(joinHostPort(to.to.ip, to.to.port))}`;
    const map = printReference(to.map, printDestinationElement);
    return `dnat ${family} addr . port to ${printKey(to.key, family, to.protocol)} map ${map}`;
  },
  take: takeDnat,
  canonical: canonicalDnat,
  protocolOf: ({ to }) => (to.kind === 'map' ? to.protocol : undefined),
  run: ({ to }, packet, sets) => {
    if (to.kind === 'constant') return [translated(packet, to.to)];
    const index = sets.destinationsOf(to.map);
    return lookUp(to.key, packet, (each) => {
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
  const to = takeAs(words, (word) => readHostPort(word, scope));
  if (to !== undefined) {
    const isAll = nextWord(words) === undefined;
    return isAll ? { statement: { kind: 'dnat', to: { kind: 'constant', to } } } : undefined;
  }
  const key = takeKey(words, scope.family);
  if (key === undefined || !take(words, 'map')) return undefined;
  const { parts, protocol } = key;
  const map = takeReference<NftDestinationElement>(
    words,
    (each) => takeDestinationElement(each, { types: typesOf(parts), family: scope.family }),
    (name) => scope.valuesOf(name) === 'destination',
  );
  if (map === undefined || nextWord(words) !== undefined) return undefined;
  const ofProtocol = protocol === undefined ? {} : { protocol };
  return { protocol, statement: { kind: 'dnat', to: { kind: 'map', key: parts, ...ofProtocol, map } } };
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
function readHostPort(word: string, { family }: RuleScope): NftDestination | undefined {
  const colon = word.lastIndexOf(':');
  const host = word.slice(0, colon);
  const isBracketed = host.startsWith('[') && host.endsWith(']');
  const ip = readAddress(isBracketed ? host.slice(1, -1) : host, family);
  const port = readPort(word.slice(colon + 1));
  return ip === undefined || port === undefined || isBracketed !== ip.includes(':')
    ? undefined
    : { ip, port };
}

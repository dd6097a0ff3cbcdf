import { isLocal } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import { not } from '../quoting.ts';
import { onlyValue, readOptions } from '../read/options.ts';
import { type MatchKind, type ModuleReader, type Negatable, test } from './match-kind.ts';

/** Which address a match looks at. */
interface OfAddress extends Negatable {
  readonly of: 'source' | 'destination';
}

/** `-m addrtype … LOCAL`: the address is one of this host's own. */
export interface LocalAddressMatch extends OfAddress {
  readonly kind: 'local-address';
}

export const LOCAL_ADDRESS: MatchKind<LocalAddressMatch> = {
  print: (match) => ` -m addrtype${not(match)} ${typeOption(match)} LOCAL`,
  asks: (match, host) => test((packet) => isLocal(host, addressOf(match, packet))),
  isExact: () => true,
};

/** `-m addrtype`: what else the routing table makes of the address. Builders make none. */
export interface AddressTypeMatch extends OfAddress {
  readonly kind: 'address-type';
  readonly type: (typeof OTHER_TYPES)[number];
}

/** Other than those of this host. */
const OTHER_TYPES = ['UNICAST', 'BROADCAST', 'ANYCAST', 'MULTICAST'] as const;

export const ADDRESS_TYPE: MatchKind<AddressTypeMatch> = {
  print: (match) => ` -m addrtype${not(match)} ${typeOption(match)} ${match.type}`,
  // Services have no addresses of networks and groups, and neither have their clients.
  asks: (match, host) =>
    test((packet) => match.type === 'UNICAST' && !isLocal(host, addressOf(match, packet))),
};

function typeOption({ of }: OfAddress): string {
  return of === 'source' ? '--src-type' : '--dst-type';
}

function addressOf({ of }: OfAddress, { source, destination }: Packet): string {
  return of === 'source' ? source : destination;
}

export const readAddressType: ModuleReader<LocalAddressMatch | AddressTypeMatch> = (words) => {
  const source = onlyValue(words, '--src-type');
  const option = source ?? onlyValue(words, '--dst-type');
  if (option === undefined) return undefined;
  const of = source === undefined ? 'destination' : 'source';
  if (option.value === 'LOCAL') return { kind: 'local-address', of, ...option.not };
  const type = OTHER_TYPES.find((each) => each === option.value);
  return type === undefined ? undefined : { kind: 'address-type', of, type, ...option.not };
};

/** `-m physdev --physdev-is-in`: the packet came in over a port of a bridge. */
export interface BridgePortMatch extends Negatable {
  readonly kind: 'from-bridge-port';
}

export const FROM_BRIDGE_PORT: MatchKind<BridgePortMatch> = {
  print: (match) => ` -m physdev${not(match)} --physdev-is-in`,
  asks: () => test(() => false),
};

export const readBridgePort: ModuleReader<BridgePortMatch> = (words) => {
  const [option, ...rest] = readOptions(words) ?? [];
  if (option?.name !== '--physdev-is-in' || option.values.length > 0 || rest.length > 0) return undefined;
  return { kind: 'from-bridge-port', ...(option.negated ? { negated: true } : {}) };
};

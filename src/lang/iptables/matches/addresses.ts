import { isLocal } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import { not } from '../quoting.ts';
import { onlyValue, readOptions } from '../read/options.ts';
import { type MatchFamily, type MatchKind, type ModuleReader, type Negatable, test } from './match-kind.ts';

/** Which address a match looks at. */
interface OfAddress extends Negatable {
  readonly of: 'source' | 'destination';
}

/** `-m addrtype … LOCAL`: the address is one of this host's own. */
interface LocalAddressMatch extends OfAddress {
  readonly kind: 'local-address';
}

const LOCAL_ADDRESS: MatchKind<LocalAddressMatch> = {
  print: (match) => ` -m addrtype${not(match)} ${typeOption(match)} LOCAL`,
  asks: (match, host) => test((packet) => isLocal(host, addressOf(match, packet))),
  isExact: () => true,
};

/** `-m addrtype`: what else the routing table makes of the address. Builders make none. */
interface AddressTypeMatch extends OfAddress {
  readonly kind: 'address-type';
  readonly type: (typeof OTHER_TYPES)[number];
}

/** Other than those of this host. */
const OTHER_TYPES = ['UNICAST', 'BROADCAST', 'ANYCAST', 'MULTICAST'] as const;

const ADDRESS_TYPE: MatchKind<AddressTypeMatch> = {
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

const readAddressType: ModuleReader<LocalAddressMatch | AddressTypeMatch> = (words) => {
  const source = onlyValue(words, '--src-type');
  const option = source ?? onlyValue(words, '--dst-type');
  if (option === undefined) return undefined;
  const of = source === undefined ? 'destination' : 'source';
  if (option.value === 'LOCAL') return { kind: 'local-address', of, ...option.not };
  const type = OTHER_TYPES.find((each) => each === option.value);
  return type === undefined ? undefined : { kind: 'address-type', of, type, ...option.not };
};

/** `-m physdev --physdev-is-in`: the packet came in over a port of a bridge. */
interface BridgePortMatch extends Negatable {
  readonly kind: 'from-bridge-port';
}

const FROM_BRIDGE_PORT: MatchKind<BridgePortMatch> = {
  print: (match) => ` -m physdev${not(match)} --physdev-is-in`,
  asks: () => test(() => false),
};

const readBridgePort: ModuleReader<BridgePortMatch> = (words) => {
  const [option, ...rest] = readOptions(words) ?? [];
  if (option?.name !== '--physdev-is-in' || option.values.length > 0 || rest.length > 0) return undefined;
  return { kind: 'from-bridge-port', ...(option.negated ? { negated: true } : {}) };
};

/** What addresses and interfaces are to the host. */
export type HostMatch = LocalAddressMatch | AddressTypeMatch | BridgePortMatch;

/** The same, with all that is known of each. */
export const HOST_MATCHES: MatchFamily<HostMatch> = {
  kinds: {
    'local-address': LOCAL_ADDRESS,
    'address-type': ADDRESS_TYPE,
    'from-bridge-port': FROM_BRIDGE_PORT,
  },
  modules: { addrtype: readAddressType, physdev: readBridgePort },
};

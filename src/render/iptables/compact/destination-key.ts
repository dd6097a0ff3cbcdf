import type { Match } from '../../../lang/iptables/matches/match.ts';
import type { Rule } from '../../../lang/iptables/ruleset.ts';
import type { L4Protocol } from '../../../lang/packet/l4-protocol.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { bigIntToIP, bitsOf, familyOf, ipToBigInt } from '../../../model/ip.ts';

/**
 * Where a rule's packets go, as hexadecimal digits: of the address (none when any will do), one for the protocol, four
 * of the port. What keys have in common at their start, destinations have in common: a network, or an address and a
 * range of ports.
 */
export interface DestinationKey {
  /** How many digits the address takes: 8, 32 or 0. */
  readonly addressDigits: number;
  readonly digits: string;
}

const PROTOCOLS: readonly L4Protocol[] = ['tcp', 'udp', 'sctp'];
const PORT_DIGITS = 4;

/** The key of a rule for one port; undefined for any other rule. */
export function destinationKey({ matches }: Rule): DestinationKey | undefined {
  const l4 = matches.find((match) => match.kind === 'l4');
  if (l4?.destinationPort === undefined) return undefined;
  const destination = matches.find(isDestination);
  const address = destination === undefined ? '' : addressKey(destination);
  if (address === undefined) return undefined;
  const port = l4.destinationPort.toString(16).padStart(PORT_DIGITS, '0');
  return { addressDigits: address.length, digits: `${address}${PROTOCOLS.indexOf(l4.protocol)}${port}` };
}

type AddressMatch = Extract<Match, { readonly kind: 'source' | 'destination' }>;

function isDestination(match: Match): match is AddressMatch {
  return match.kind === 'destination';
}

/** undefined: it holds for more than one address. */
function addressKey({ cidr, negated }: AddressMatch): string | undefined {
  const [ip = '', length] = cidr.split('/');
  const bits = bitsOf(familyOf(ip));
  if (negated === true || Number(length) !== bits) return undefined;
  return ipToBigInt(ip)
    .toString(16)
    .padStart(bits / 4, '0');
}

/** What holds for every packet whose destination's key starts with these digits. At least one. */
export function prefixMatches(addressDigits: number, prefix: string): readonly Match[] {
  const protocol = PROTOCOLS[Number(prefix.charAt(addressDigits))];
  const ports = prefix.slice(addressDigits + 1);
  return [
    ...(addressDigits === 0 ? [] : [inNetwork(addressDigits, prefix.slice(0, addressDigits))]),
    ...(prefix.length > addressDigits && protocol !== undefined ? protocolMatches(protocol, ports) : []),
  ];
}

function inNetwork(addressDigits: number, prefix: string): Match {
  const family: IPFamily = addressDigits === 8 ? 'IPv4' : 'IPv6';
  const network = bigIntToIP(BigInt(`0x${prefix.padEnd(addressDigits, '0')}`), family);
  return { kind: 'destination', cidr: `${network}/${prefix.length * 4}` };
}

function protocolMatches(protocol: L4Protocol, ports: string): readonly Match[] {
  const anyPort: Match = { kind: 'protocol', protocol };
  if (ports === '') return [anyPort];
  const first = Number.parseInt(ports.padEnd(PORT_DIGITS, '0'), 16);
  const last = Number.parseInt(ports.padEnd(PORT_DIGITS, 'f'), 16);
  if (first === last) return [anyPort, { kind: 'l4', protocol, destinationPort: first }];
  return [anyPort, { kind: 'port-range', protocol, first, last }];
}

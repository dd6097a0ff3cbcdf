import { type Holds, negate } from '../../packet/holds.ts';
import type { Host } from '../../packet/host.ts';
import { LENIENT, type Quoting } from '../quoting.ts';
import * as addresses from './addresses.ts';
import * as bytecode from './bytecode.ts';
import * as chance from './chance.ts';
import * as header from './header.ts';
import * as kernel from './kernel-objects.ts';
import type { HeaderReader, MatchKind, ModuleReader, PacketTest, Question } from './match-kind.ts';
import * as notes from './notes.ts';
import * as ports from './ports.ts';
import * as state from './state.ts';

/** All matches of a rule must hold. They are printed in their order. */
export type Match =
  | header.AddressMatch
  | header.InterfaceMatch
  | header.ProtocolMatch
  | header.OtherProtocolMatch
  | ports.L4Match
  | ports.PortRangeMatch
  | ports.PortsMatch
  | ports.TCPFlagsMatch
  | notes.CommentMatch
  | state.MarkMatch
  | state.StateMatch
  | addresses.LocalAddressMatch
  | addresses.AddressTypeMatch
  | addresses.BridgePortMatch
  | kernel.SetMatch
  | kernel.IPVSMatch
  | bytecode.SelfMatch
  | chance.RandomMatch
  | chance.RecentMatch
  | chance.RememberMatch
  | notes.UnknownMatch;

type Kind = Match['kind'];
type ByKind = { readonly [M in Match as M['kind']]: M };
type MatchOf<K extends Kind> = ByKind[K] & { readonly kind: K };

/** All kinds, with what is known of them. */
const KINDS: { readonly [K in Kind]: MatchKind<ByKind[K]> } = {
  source: header.SOURCE,
  destination: header.DESTINATION,
  'in-interface': header.IN_INTERFACE,
  'out-interface': header.OUT_INTERFACE,
  protocol: header.PROTOCOL,
  'other-protocol': header.OTHER_PROTOCOL,
  l4: ports.L4,
  'port-range': ports.PORT_RANGE,
  ports: ports.PORTS,
  'tcp-flags': ports.TCP_FLAGS,
  comment: notes.COMMENT,
  mark: state.MARK,
  ctstate: state.STATE,
  'local-address': addresses.LOCAL_ADDRESS,
  'address-type': addresses.ADDRESS_TYPE,
  'from-bridge-port': addresses.FROM_BRIDGE_PORT,
  set: kernel.SET,
  ipvs: kernel.IPVS,
  'source-is-destination': bytecode.SOURCE_IS_DESTINATION,
  random: chance.RANDOM,
  'recently-seen': chance.RECENTLY_SEEN,
  remember: chance.REMEMBER,
  unknown: notes.UNKNOWN,
};

/** What reads the options of a rule's header. */
export const HEADER_READERS: ReadonlyMap<string, HeaderReader<Match>> = new Map<string, HeaderReader<Match>>([
  ['-s', header.addressReader('source')],
  ['-d', header.addressReader('destination')],
  ['-i', header.interfaceReader('in-interface')],
  ['-o', header.interfaceReader('out-interface')],
  ['-p', header.readProtocol],
]);

const readTCPPort = ports.portReader('tcp');

/** What reads the modules that rules of ours use, or others often do, by the name behind `-m`. */
export const MODULE_READERS: ReadonlyMap<string, ModuleReader<Match>> = new Map<string, ModuleReader<Match>>([
  ['tcp', (words) => readTCPPort(words) ?? ports.readTCPFlags(words)],
  ['udp', ports.portReader('udp')],
  ['sctp', ports.portReader('sctp')],
  ['multiport', ports.readPorts],
  ['comment', notes.readComment],
  ['mark', state.readMark],
  ['conntrack', state.stateReader('--ctstate')],
  ['state', state.stateReader('--state')],
  ['addrtype', addresses.readAddressType],
  ['physdev', addresses.readBridgePort],
  ['set', kernel.readSet],
  ['ipvs', kernel.readIPVS],
  ['bpf', bytecode.readBytecode],
  ['statistic', chance.readRandom],
  ['recent', chance.readRecent],
]);

/** A match as arguments of iptables, behind a space. */
export function printMatch<K extends Kind>(match: MatchOf<K>, quoting: Quoting): string {
  const kind: K = match.kind;
  return KINDS[kind].print(match, quoting);
}

/** What a match asks of packets. */
export function askedBy<K extends Kind>(match: MatchOf<K>, host: Host): Question {
  const kind: K = match.kind;
  const question = KINDS[kind].asks(match, host);
  return question.kind === 'test' && isNegated(match)
    ? { kind: 'test', holds: opposite(question.holds) }
    : question;
}

function isNegated(match: Match): boolean {
  return 'negated' in match && match.negated === true;
}

function opposite(holds: PacketTest): PacketTest {
  return (packet): Holds => negate(holds(packet));
}

/** What a match that nobody can decide asks for, as iptables spells it. */
export function describeMatch(match: Match): string {
  return printMatch(match, LENIENT).slice(1);
}

const BEHIND_HEADER = 5;

/** Where `iptables-save` prints a match: lower numbers come first, equal ones stay in their order. */
export function savedPlace({ kind }: Match): number {
  return KINDS[kind].headerPlace ?? BEHIND_HEADER;
}

/** Whether the kernel forgets a match, since it holds for every packet. */
export function holdsAlways<K extends Kind>(match: MatchOf<K>): boolean {
  const kind: K = match.kind;
  return KINDS[kind].holdsAlways?.(match) === true;
}

/** Whether writing a match out gives exactly what the kernel has. */
export function isExact<K extends Kind>(match: MatchOf<K>): boolean {
  const kind: K = match.kind;
  return KINDS[kind].isExact?.(match) === true;
}

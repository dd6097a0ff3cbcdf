import { unknownMatch } from '../../packet/holds.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { Packet } from '../../packet/packet.ts';
import { namedPort } from '../../packet/port-names.ts';
import { readNumber } from '../../text/numbers.ts';
import { not } from '../quoting.ts';
import { quoteWords } from '../read/arguments.ts';
import { type Option, onlyValue, readOptions } from '../read/options.ts';
import { type MatchFamily, type MatchKind, type ModuleReader, type Negatable, test } from './match-kind.ts';

/** The protocol's own module (`-m tcp`); without a port it holds for every packet of the protocol. */
interface L4Match {
  readonly kind: 'l4';
  readonly protocol: L4Protocol;
  readonly destinationPort?: number;
}

const L4: MatchKind<L4Match> = {
  print: ({ protocol, destinationPort }) =>
    destinationPort === undefined ? ` -m ${protocol}` : ` -m ${protocol} --dport ${destinationPort}`,
  asks: ({ protocol, destinationPort }) =>
    test(
      (packet) =>
        packet.protocol === protocol && (destinationPort === undefined || packet.port === destinationPort),
    ),
  isExact: () => true,
};

/** The protocol's own module: the destination port is one of these, the last one included. */
interface PortRangeMatch extends PortRange, Negatable {
  readonly kind: 'port-range';
  readonly protocol: L4Protocol;
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

function isWithin({ first, last }: PortRange, port: number): boolean {
  return first <= port && port <= last;
}

const PORT_RANGE: MatchKind<PortRangeMatch> = {
  print: (match) => ` -m ${match.protocol}${not(match)} --dport ${match.first}:${match.last}`,
  asks: (match) => test(({ protocol, port }) => protocol === match.protocol && isWithin(match, port)),
};

const MAX_PORT = 65_535;

/** A number, or a name as `iptables -L` prints it without `-n`. */
function readPort(text: string): number | undefined {
  return readNumber(text, MAX_PORT) ?? namedPort(text);
}

function portReader(protocol: L4Protocol): ModuleReader<L4Match | PortRangeMatch> {
  return (words) => {
    if (words.length === 0) return { kind: 'l4', protocol };
    const port = readDestination(words);
    if (port === undefined || port.negated === true) return undefined;
    const { first, last } = port;
    return port.isRange
      ? { kind: 'port-range', protocol, first, last }
      : { kind: 'l4', protocol, destinationPort: first };
  };
}

/** `! --dport 80:90`, of which `iptables-save` makes no range where both ends are one. */
function readDestination(
  words: readonly string[],
): (PortRange & Negatable & { readonly isRange: boolean }) | undefined {
  const option = onlyValue(words, '--dport') ?? onlyValue(words, '--destination-port');
  if (option === undefined) return undefined;
  const [first, last = first, ...rest] = option.value.split(':').map((port) => readPort(port));
  if (first === undefined || last === undefined || rest.length > 0) return undefined;
  return { first, last, isRange: option.value.includes(':'), ...option.not };
}

/** `-m multiport`: the destination port is in one of these ranges. Builders make none. */
interface PortsMatch extends Negatable {
  readonly kind: 'ports';
  readonly ranges: readonly PortRange[];
}

const PORTS: MatchKind<PortsMatch> = {
  print: (match) => ` -m multiport${not(match)} --dports ${match.ranges.map(printRange).join(',')}`,
  asks: ({ ranges }) => test(({ port }) => ranges.some((range) => isWithin(range, port))),
};

function printRange({ first, last }: PortRange): string {
  return first === last ? `${first}` : `${first}:${last}`;
}

const readPorts: ModuleReader<PortsMatch> = (words) => {
  const option = onlyValue(words, '--dports') ?? onlyValue(words, '--destination-ports');
  if (option === undefined) return undefined;
  const parts = option.value.split(',');
  const ranges = parts.flatMap((part) => {
    const bounds = part.split(':');
    const [first, last] = [bounds.at(0), bounds.at(-1)].map((port) => readPort(port ?? ''));
    return first === undefined || last === undefined || bounds.length > 2 ? [] : { first, last };
  });
  return ranges.length === parts.length ? { kind: 'ports', ranges, ...option.not } : undefined;
};

/** `-m tcp --tcp-flags`: of the flags in `mask`, those in `set` are set, and no others. Builders make none. */
interface TCPFlagsMatch extends Negatable {
  readonly kind: 'tcp-flags';
  readonly mask: readonly TCPFlag[];
  readonly set: readonly TCPFlag[];
}

type TCPFlag = (typeof FLAGS)[number];

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;

const TCP_FLAGS: MatchKind<TCPFlagsMatch> = {
  print: (match) =>
    ` -m tcp${not(match)} --tcp-flags ${match.mask.join(',')} ${match.set.join(',') || 'NONE'}`,
  asks: (match) => {
    const isSet = isOpening(match);
    return test(({ protocol }) => protocol === 'tcp' && isSet);
  },
};

/** The first packet of a connection has SYN and no other flag. */
function isOpening({ mask, set }: TCPFlagsMatch): boolean {
  return mask.every((flag) => set.includes(flag) === (flag === 'SYN'));
}

/** `--tcp-flags FIN,SYN,RST,ACK SYN`; iptables prints `--syn` that way, too. */
const readTCPFlags: ModuleReader<TCPFlagsMatch> = (words) => {
  const [option, ...others] = readOptions(words) ?? [];
  const [mask, set, ...rest] = (option?.values ?? []).map(readFlags);
  if (option?.name !== '--tcp-flags' || mask === undefined || set === undefined) return undefined;
  if (others.length + rest.length > 0) return undefined;
  return { kind: 'tcp-flags', mask, set, ...(option.negated ? { negated: true } : {}) };
};

function readFlags(text: string): readonly TCPFlag[] | undefined {
  if (text === 'NONE') return [];
  const names = text.split(',');
  const flags = names.flatMap((name) => FLAGS.find((flag) => flag === name) ?? []);
  return flags.length === names.length ? flags : undefined;
}

/**
 * The protocol's own module with several options, or with others: `-m udp --sport 67 --dport 68`. All must hold, and what is
 * known of a packet can say no for all of them. Builders make none.
 */
interface L4OptionsMatch {
  readonly kind: 'l4-options';
  readonly protocol: L4Protocol;
  /** As `iptables-save` prints it. */
  readonly text: string;
  readonly known: readonly (PortRangeMatch | TCPFlagsMatch)[];
  /** There are options that only the packet itself can answer, like the port that it comes from. */
  readonly isOpen: boolean;
}

const L4_OPTIONS: MatchKind<L4OptionsMatch> = {
  print: ({ text }, { rest }) => ` ${rest(text)}`,
  asks: ({ protocol, text, known, isOpen }) =>
    test((packet) => {
      if (packet.protocol !== protocol || !known.every((option) => hasOption(option, packet))) return false;
      return isOpen ? unknownMatch(text, packet) : true;
    }),
};

function hasOption(option: PortRangeMatch | TCPFlagsMatch, { port }: Packet): boolean {
  const holds = option.kind === 'port-range' ? isWithin(option, port) : isOpening(option);
  return holds !== (option.negated === true);
}

function optionsReader(protocol: L4Protocol): ModuleReader<L4OptionsMatch> {
  return (words) => {
    const options = readOptions(words) ?? [];
    const known = options.flatMap((option) => readKnownOption(protocol, option) ?? []);
    if (known.length === 0) return undefined;
    const text = quoteWords(['-m', protocol, ...words]);
    return { kind: 'l4-options', protocol, text, known, isOpen: known.length < options.length };
  };
}

function readKnownOption(protocol: L4Protocol, option: Option): PortRangeMatch | TCPFlagsMatch | undefined {
  const words = [...(option.negated ? ['!'] : []), option.name, ...option.values];
  const port = readDestination(words);
  if (port !== undefined) {
    const { isRange: _, ...range } = port;
    return { kind: 'port-range', protocol, ...range };
  }
  return protocol === 'tcp' ? readTCPFlags(words) : undefined;
}

/** Ports, and what else modules of protocols ask. */
export type PortMatch = L4Match | PortRangeMatch | PortsMatch | TCPFlagsMatch | L4OptionsMatch;

function l4Reader(protocol: L4Protocol): ModuleReader<PortMatch> {
  const [readPort, readOptionsTogether] = [portReader(protocol), optionsReader(protocol)];
  return (words) =>
    readPort(words) ?? (protocol === 'tcp' ? readTCPFlags(words) : undefined) ?? readOptionsTogether(words);
}

/** The same, with all that is known of each. */
export const PORT_MATCHES: MatchFamily<PortMatch> = {
  kinds: {
    l4: L4,
    'port-range': PORT_RANGE,
    ports: PORTS,
    'tcp-flags': TCP_FLAGS,
    'l4-options': L4_OPTIONS,
  },
  modules: {
    tcp: l4Reader('tcp'),
    udp: l4Reader('udp'),
    sctp: l4Reader('sctp'),
    multiport: readPorts,
  },
};

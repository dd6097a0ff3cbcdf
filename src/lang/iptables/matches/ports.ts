import type { L4Protocol } from '../../packet/l4-protocol.ts';
import { namedPort } from '../../packet/port-names.ts';
import { readNumber } from '../../text/numbers.ts';
import { not } from '../quoting.ts';
import { onlyValue, readOptions } from '../read/options.ts';
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
interface PortRangeMatch extends PortRange {
  readonly kind: 'port-range';
  readonly protocol: L4Protocol;
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

const PORT_RANGE: MatchKind<PortRangeMatch> = {
  print: ({ protocol, first, last }) => ` -m ${protocol} --dport ${first}:${last}`,
  asks: (match) =>
    test(({ protocol, port }) => protocol === match.protocol && match.first <= port && port <= match.last),
};

const MAX_PORT = 65_535;

/** A number, or a name as `iptables -L` prints it without `-n`. */
function readPort(text: string): number | undefined {
  return readNumber(text, MAX_PORT) ?? namedPort(text);
}

function portReader(protocol: L4Protocol): ModuleReader<L4Match | PortRangeMatch> {
  return (words) => {
    if (words.length === 0) return { kind: 'l4', protocol };
    const option = onlyValue(words, '--dport') ?? onlyValue(words, '--destination-port');
    if (option === undefined || option.not.negated === true) return undefined;
    const [first, last, ...rest] = option.value.split(':').map((port) => readPort(port));
    if (first === undefined || rest.length > 0) return undefined;
    if (!option.value.includes(':')) return { kind: 'l4', protocol, destinationPort: first };
    return last === undefined ? undefined : { kind: 'port-range', protocol, first, last };
  };
}

const readTCPPort = portReader('tcp');

/** `-m multiport`: the destination port is in one of these ranges. Builders make none. */
interface PortsMatch extends Negatable {
  readonly kind: 'ports';
  readonly ranges: readonly PortRange[];
}

const PORTS: MatchKind<PortsMatch> = {
  print: (match) => ` -m multiport${not(match)} --dports ${match.ranges.map(printRange).join(',')}`,
  asks: ({ ranges }) => test(({ port }) => ranges.some(({ first, last }) => first <= port && port <= last)),
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
  // The first packet of a connection has SYN and no other flag.
  asks: ({ mask, set }) => {
    const isOpening = mask.every((flag) => set.includes(flag) === (flag === 'SYN'));
    return test(({ protocol }) => protocol === 'tcp' && isOpening);
  },
};

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

/** Ports, and what else modules of protocols ask. */
export type PortMatch = L4Match | PortRangeMatch | PortsMatch | TCPFlagsMatch;

/** The same, with all that is known of each. */
export const PORT_MATCHES: MatchFamily<PortMatch> = {
  kinds: { l4: L4, 'port-range': PORT_RANGE, ports: PORTS, 'tcp-flags': TCP_FLAGS },
  modules: {
    tcp: (words) => readTCPPort(words) ?? readTCPFlags(words),
    udp: portReader('udp'),
    sctp: portReader('sctp'),
    multiport: readPorts,
  },
};

import { parseIP } from '../../../model/ip.ts';
import type { ConntrackState } from '../../packet/conntrack.ts';
import { type L4Protocol, l4Protocol } from '../../packet/l4-protocol.ts';
import { readMasked, readNumber, readProbability } from '../../text/numbers.ts';
import { SOURCE_IS_DESTINATION } from '../bytecode.ts';
import type { Match, TCPFlag } from '../ruleset.ts';
import { onlyValue, readOptions } from './options.ts';
import { readRecent } from './read-recent.ts';

/** What the options of a match module ask; undefined: not known. */
type ModuleReader = (words: readonly string[]) => Match | undefined;

const MAX_PORT = 65_535;

/** The match modules that rules of ours use, or others often do, by name. */
export const MODULES: ReadonlyMap<string, ModuleReader> = new Map<string, ModuleReader>([
  ['tcp', (words) => readPorts('tcp', words) ?? readTCPFlags(words)],
  ['multiport', readMultiport],
  ['udp', (words) => readPorts('udp', words)],
  ['sctp', (words) => readPorts('sctp', words)],
  ['comment', readComment],
  ['mark', readMark],
  ['conntrack', (words) => readStates(words, '--ctstate')],
  ['state', (words) => readStates(words, '--state')],
  ['addrtype', readAddressType],
  ['physdev', readBridgePort],
  ['set', readSet],
  ['ipvs', readIPVS],
  ['bpf', readBytecode],
  ['statistic', readRandom],
  ['recent', readRecent],
]);

function readPorts(protocol: L4Protocol, words: readonly string[]): Match | undefined {
  if (words.length === 0) return { kind: 'l4', protocol };
  const option = onlyValue(words, '--dport') ?? onlyValue(words, '--destination-port');
  if (option === undefined || option.not.negated === true) return undefined;
  const [first, last, ...rest] = option.value.split(':').map((port) => readNumber(port, MAX_PORT));
  if (first === undefined || rest.length > 0) return undefined;
  if (!option.value.includes(':')) return { kind: 'l4', protocol, destinationPort: first };
  return last === undefined ? undefined : { kind: 'port-range', protocol, first, last };
}

function readMultiport(words: readonly string[]): Match | undefined {
  const option = onlyValue(words, '--dports') ?? onlyValue(words, '--destination-ports');
  if (option === undefined) return undefined;
  const parts = option.value.split(',');
  const ranges = parts.flatMap((part) => {
    const [first, last = first, ...rest] = part.split(':').map((port) => readNumber(port, MAX_PORT));
    return first === undefined || last === undefined || rest.length > 0 ? [] : { first, last };
  });
  return ranges.length === parts.length ? { kind: 'ports', ranges, ...option.not } : undefined;
}

const FLAGS: readonly TCPFlag[] = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];

/** `--tcp-flags FIN,SYN,RST,ACK SYN`; iptables prints `--syn` that way, too. */
function readTCPFlags(words: readonly string[]): Match | undefined {
  const [option, ...others] = readOptions(words) ?? [];
  const [mask, set, ...rest] = (option?.values ?? []).map(readFlags);
  if (option?.name !== '--tcp-flags' || mask === undefined || set === undefined) return undefined;
  if (others.length + rest.length > 0) return undefined;
  return { kind: 'tcp-flags', mask, set, ...(option.negated ? { negated: true } : {}) };
}

function readFlags(text: string): readonly TCPFlag[] | undefined {
  if (text === 'NONE') return [];
  const names = text.split(',');
  const flags = names.flatMap((name) => FLAGS.find((flag) => flag === name) ?? []);
  return flags.length === names.length ? flags : undefined;
}

/** Whatever the text is, option-like or not. */
function readComment([option, text, ...rest]: readonly string[]): Match | undefined {
  if (option !== '--comment' || text === undefined || rest.length > 0) return undefined;
  return { kind: 'comment', text };
}

function readMark(words: readonly string[]): Match | undefined {
  const option = onlyValue(words, '--mark');
  const mark = option === undefined ? undefined : readMasked(option.value);
  return mark === undefined ? undefined : { kind: 'mark', ...mark, ...option?.not };
}

const STATES: readonly ConntrackState[] = [
  'INVALID',
  'NEW',
  'RELATED',
  'ESTABLISHED',
  'UNTRACKED',
  'SNAT',
  'DNAT',
];

function readStates(words: readonly string[], name: string): Match | undefined {
  const option = onlyValue(words, name);
  if (option === undefined) return undefined;
  const names = option.value.split(',');
  const states = names.flatMap((each) => STATES.find((state) => state === each) ?? []);
  return states.length === names.length ? { kind: 'ctstate', states, ...option.not } : undefined;
}

const ADDRESS_TYPES = ['UNICAST', 'BROADCAST', 'ANYCAST', 'MULTICAST'] as const;

function readAddressType(words: readonly string[]): Match | undefined {
  const source = onlyValue(words, '--src-type');
  const option = source ?? onlyValue(words, '--dst-type');
  if (option === undefined) return undefined;
  const of = source === undefined ? 'destination' : 'source';
  if (option.value === 'LOCAL') return { kind: 'local-address', of, ...option.not };
  const type = ADDRESS_TYPES.find((each) => each === option.value);
  return type === undefined ? undefined : { kind: 'address-type', of, type, ...option.not };
}

function readBridgePort(words: readonly string[]): Match | undefined {
  const [option, ...rest] = readOptions(words) ?? [];
  if (option?.name !== '--physdev-is-in' || option.values.length > 0 || rest.length > 0) return undefined;
  return { kind: 'from-bridge-port', ...(option.negated ? { negated: true } : {}) };
}

function readSet(words: readonly string[]): Match | undefined {
  const [option, ...others] = readOptions(words) ?? [];
  const [name, directions, ...rest] = option?.values ?? [];
  if (option?.name !== '--match-set' || name === undefined || directions === undefined) return undefined;
  const dimensions = directions.split(',').flatMap((each) => (each === 'src' || each === 'dst' ? each : []));
  if (dimensions.join(',') !== directions || rest.length + others.length > 0) return undefined;
  return { kind: 'set', name, dimensions, ...(option.negated ? { negated: true } : {}) };
}

/** iptables prints the number of the protocol, and leaves the length of a single address out. */
function readIPVS(words: readonly string[]): Match | undefined {
  const options = readOptions(words) ?? [];
  if (options.length !== 3 || options.some(({ negated, values }) => negated || values.length !== 1))
    return undefined;
  const values = new Map(options.map(({ name, values: [value] }) => [name, value ?? '']));
  const ip = parseIP((values.get('--vaddr') ?? '').replace(/\/(?:32|128)$/, ''))?.ip;
  const protocol = l4Protocol(values.get('--vproto') ?? '');
  const port = readNumber(values.get('--vport'), MAX_PORT);
  if (ip === undefined || protocol === undefined || port === undefined) return undefined;
  return { kind: 'ipvs', ip, protocol, port };
}

function readBytecode(words: readonly string[]): Match | undefined {
  const option = onlyValue(words, '--bytecode');
  const family = (['IPv4', 'IPv6'] as const).find((each) => SOURCE_IS_DESTINATION[each] === option?.value);
  if (family === undefined || option?.not.negated === true) return undefined;
  return { kind: 'source-is-destination', family };
}

function readRandom(words: readonly string[]): Match | undefined {
  const [mode, share, ...rest] = readOptions(words) ?? [];
  if (mode?.name !== '--mode' || mode.values.join() !== 'random') return undefined;
  if (share?.name !== '--probability' || share.negated || rest.length > 0) return undefined;
  const probability = readProbability(share.values.join());
  return probability === undefined ? undefined : { kind: 'random', probability };
}

import { type ConntrackState, hasState } from '../../packet/conntrack.ts';
import { formatMasked, readMasked } from '../../text/numbers.ts';
import { not } from '../quoting.ts';
import { onlyValue } from '../read/options.ts';
import { type MatchFamily, type MatchKind, type ModuleReader, type Negatable, test } from './match-kind.ts';

/** `-m mark`, `-m connmark`: of the mark of the packet or its connection, the bits in `mask` are `value`. */
interface MarkMatch extends Negatable {
  readonly kind: 'mark' | 'connection-mark';
  readonly value: number;
  readonly mask: number;
}

const MARK: MatchKind<MarkMatch> = {
  print: (match) => ` -m mark${not(match)} --mark ${formatMasked(match)}`,
  asks: ({ mask, value }) => test((packet) => (packet.mark & mask) >>> 0 === value),
};

const CONNECTION_MARK: MatchKind<MarkMatch> = {
  print: (match) => ` -m connmark${not(match)} --mark ${formatMasked(match)}`,
  asks: ({ mask, value }) => test(({ connectionMark = 0 }) => (connectionMark & mask) >>> 0 === value),
};

function markReader(kind: MarkMatch['kind']): ModuleReader<MarkMatch> {
  return (words) => {
    const option = onlyValue(words, '--mark');
    const mark = option === undefined ? undefined : readMasked(option.value);
    return mark === undefined ? undefined : { kind, ...mark, ...option?.not };
  };
}

/** `-m conntrack --ctstate`: the connection has one of these states. */
interface StateMatch extends Negatable {
  readonly kind: 'ctstate';
  readonly states: readonly ConntrackState[];
}

const STATE: MatchKind<StateMatch> = {
  print: (match) => ` -m conntrack${not(match)} --ctstate ${match.states.join(',')}`,
  asks: ({ states }) => test((packet) => hasState(states, packet)),
  isExact: () => true,
};

const STATES: readonly ConntrackState[] = [
  'INVALID',
  'NEW',
  'RELATED',
  'ESTABLISHED',
  'UNTRACKED',
  'SNAT',
  'DNAT',
];

/** @param name `--ctstate`, or `--state` of the module that came before conntrack's */
function stateReader(name: string): ModuleReader<StateMatch> {
  return (words) => {
    const option = onlyValue(words, name);
    if (option === undefined) return undefined;
    const names = option.value.split(',');
    const states = names.flatMap((each) => STATES.find((state) => state === each) ?? []);
    return states.length === names.length ? { kind: 'ctstate', states, ...option.not } : undefined;
  };
}

/** What the kernel knows of a packet, and of its connection. */
export type ConntrackMatch = MarkMatch | StateMatch;

/** The same, with all that is known of each. */
export const STATE_MATCHES: MatchFamily<ConntrackMatch> = {
  kinds: { mark: MARK, 'connection-mark': CONNECTION_MARK, ctstate: STATE },
  modules: {
    mark: markReader('mark'),
    connmark: markReader('connection-mark'),
    conntrack: stateReader('--ctstate'),
    state: stateReader('--state'),
  },
};

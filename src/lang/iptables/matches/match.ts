import { type Holds, negate } from '../../packet/holds.ts';
import type { Host } from '../../packet/host.ts';
import type { Quoting } from '../quoting.ts';
import { HOST_MATCHES, type HostMatch } from './addresses.ts';
import { BYTECODE_MATCHES, type SelfMatch } from './bytecode.ts';
import { CHANCE_MATCHES, type ChanceMatch } from './chance.ts';
import { HEADER_MATCHES, type HeaderMatch } from './header.ts';
import { LOOKUP_MATCHES, type LookupMatch } from './kernel-objects.ts';
import type { HeaderReader, MatchKind, MatchQuestion, ModuleReader, PacketTest } from './match-kind.ts';
import { NOTE_MATCHES, type NoteMatch } from './notes.ts';
import { PORT_MATCHES, type PortMatch } from './ports.ts';
import { type ConntrackMatch, STATE_MATCHES } from './state.ts';

/** All matches of a rule must hold. They are printed in their order. */
export type Match =
  | HeaderMatch
  | PortMatch
  | NoteMatch
  | ConntrackMatch
  | HostMatch
  | SelfMatch
  | LookupMatch
  | ChanceMatch;

type Kind = Match['kind'];
type ByKind = { readonly [M in Match as M['kind']]: M };
type MatchOf<K extends Kind> = ByKind[K] & { readonly kind: K };

/** All kinds, with what is known of them. */
const KINDS: { readonly [K in Kind]: MatchKind<ByKind[K]> } = {
  ...HEADER_MATCHES.kinds,
  ...PORT_MATCHES.kinds,
  ...NOTE_MATCHES.kinds,
  ...STATE_MATCHES.kinds,
  ...HOST_MATCHES.kinds,
  ...BYTECODE_MATCHES.kinds,
  ...LOOKUP_MATCHES.kinds,
  ...CHANCE_MATCHES.kinds,
};

/** What reads the options of a rule's header. */
export const HEADER_READERS: ReadonlyMap<string, HeaderReader<Match>> = new Map<string, HeaderReader<Match>>(
  Object.entries(HEADER_MATCHES.options ?? {}),
);

/** What reads the modules that rules of ours use, or others often do, by the name behind `-m`. */
export const MODULE_READERS: ReadonlyMap<string, ModuleReader<Match>> = new Map<string, ModuleReader<Match>>(
  [
    PORT_MATCHES,
    NOTE_MATCHES,
    STATE_MATCHES,
    HOST_MATCHES,
    BYTECODE_MATCHES,
    LOOKUP_MATCHES,
    CHANCE_MATCHES,
  ].flatMap(({ modules = {} }) => Object.entries<ModuleReader<Match>>(modules)),
);

/** A match as arguments of iptables, behind a space. */
export function spellMatch<K extends Kind>(match: MatchOf<K>, quoting: Quoting): string {
  const kind: K = match.kind;
  return KINDS[kind].print(match, quoting);
}

/** What a match asks of packets. */
export function askedBy<K extends Kind>(match: MatchOf<K>, host: Host): MatchQuestion {
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

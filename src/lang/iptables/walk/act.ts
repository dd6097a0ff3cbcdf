import { assertNever } from '../../../diagnostic/invariant.ts';
import { type Destination, type Packet, sendTo } from '../../packet/packet.ts';
import type { Next } from '../../packet/rules.ts';
import type { Action } from '../ruleset.ts';

/** Targets that leave where a packet goes alone. Marks of connections are not followed. */
const HARMLESS_TARGETS: ReadonlySet<string> = new Set([
  'AUDIT',
  'CHECKSUM',
  'CLASSIFY',
  'CONNMARK',
  'CONNSECMARK',
  'CT',
  'DSCP',
  'ECN',
  'HL',
  'IDLETIMER',
  'LED',
  'LOG',
  'NFLOG',
  'RATEEST',
  'SECMARK',
  'SET',
  'TCPMSS',
  'TCPOPTSTRIP',
  'TOS',
  'TRACE',
  'TTL',
  'ULOG',
]);

/** What a rule has done to a packet that it matched. */
export function packetAfter(action: Action, packet: Packet): Packet {
  switch (action.kind) {
    case 'set-mark':
      return { ...packet, mark: ((packet.mark & ~action.mask) ^ action.value) >>> 0 };
    case 'dnat':
      return sendTo(packet, splitHostPort(action.to));
    case 'masquerade':
      return { ...packet, rewrittenSource: 'masquerade' };
    case 'unknown':
      return afterUnknown(action, packet);
    case 'jump':
    case 'goto':
    case 'accept':
    case 'drop':
    case 'return':
    case 'reject':
      return packet;
    default:
      return assertNever(action);
  }
}

type UnknownAction = Extract<Action, { readonly kind: 'unknown' }>;

function afterUnknown({ target, text }: UnknownAction, packet: Packet): Packet {
  if (target === 'SNAT') return { ...packet, rewrittenSource: text.replace(/^.*--to-source (\S+).*$/, '$1') };
  const untracks = target === 'NOTRACK' || (target === 'CT' && / --notrack(?: |$)/.test(text));
  return untracks ? { ...packet, isUntracked: true } : packet;
}

/** Where a rule sends a packet that it matched. */
export function nextOf(action: Action): Next {
  switch (action.kind) {
    case 'jump':
    case 'goto':
      return { kind: action.kind, chain: action.chain };
    case 'return':
      return { kind: 'return' };
    case 'accept':
    case 'drop':
      return { kind: 'verdict', verdict: { kind: action.kind } };
    case 'reject':
      return { kind: 'verdict', verdict: action };
    case 'set-mark':
      return { kind: 'on' };
    case 'dnat':
    case 'masquerade':
      return { kind: 'verdict', verdict: { kind: 'accept' } };
    case 'unknown':
      return afterUnknownTarget(action);
    default:
      return assertNever(action);
  }
}

function afterUnknownTarget({ target, text }: UnknownAction): Next {
  if (target === 'SNAT') return { kind: 'verdict', verdict: { kind: 'accept' } };
  if (target === 'NOTRACK' || HARMLESS_TARGETS.has(target)) return { kind: 'on' };
  return { kind: 'verdict', verdict: { kind: 'lost', reason: `svcgen does not follow ${text}` } };
}

/** What an action does, in few words. */
export function effectOf(action: Action): string {
  switch (action.kind) {
    case 'jump':
    case 'goto':
      return `-> ${action.chain}`;
    case 'accept':
    case 'drop':
    case 'return':
    case 'masquerade':
      return action.kind.toUpperCase();
    case 'reject':
      return action.with === undefined ? 'REJECT' : `REJECT with ${action.with}`;
    case 'set-mark':
      return `MARK ${hex(action.value)}/${hex(action.mask)}`;
    case 'dnat':
      return `DNAT to ${action.to}`;
    case 'unknown':
      return action.target;
    default:
      return assertNever(action);
  }
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
function splitHostPort(text: string): Destination {
  const colon = text.lastIndexOf(':');
  return { ip: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
}

import { parseIP } from '../../../model/ip.ts';
import { redirectedTo } from '../../packet/host.ts';
import { type Destination, sendTo } from '../../packet/packet.ts';
import type { Next } from '../../packet/verdict.ts';
import { formatMasked, readMasked, readNumber } from '../../text/numbers.ts';
import { onlyValue, readOptions } from '../read/options.ts';
import type { TargetFamily, TargetKind, TargetReader } from './target-kind.ts';

/** mark = (mark & ~mask) ^ value */
interface SetMarkAction {
  readonly kind: 'set-mark';
  readonly value: number;
  readonly mask: number;
}

const SET_MARK: TargetKind<SetMarkAction> = {
  print: (action) => ` -j MARK --set-xmark ${formatMasked(action)}`,
  effect: (action) => `MARK ${formatMasked(action)}`,
  next: () => ({ kind: 'on' }),
  change:
    ({ value, mask }) =>
    (packet) => ({ ...packet, mark: ((packet.mark & ~mask) ^ value) >>> 0 }),
};

/** `--set-mark` clears the bits of its value too, so it is `--set-xmark` with a larger mask. */
const readSetMark: TargetReader<SetMarkAction> = (words) => {
  const xmark = onlyValue(words, '--set-xmark');
  const option = xmark ?? onlyValue(words, '--set-mark');
  const masked = option === undefined ? undefined : readMasked(option.value);
  if (masked === undefined || option?.not.negated === true) return undefined;
  const { value, mask } = masked;
  return { kind: 'set-mark', value, mask: xmark === undefined ? (mask | value) >>> 0 : mask };
};

/** mark of the connection = (mark & ~mask) ^ value */
interface SetConnectionMarkAction {
  readonly kind: 'set-connection-mark';
  readonly value: number;
  readonly mask: number;
}

const SET_CONNECTION_MARK: TargetKind<SetConnectionMarkAction> = {
  print: (action) => ` -j CONNMARK --set-xmark ${formatMasked(action)}`,
  effect: (action) => `CONNMARK ${formatMasked(action)}`,
  next: () => ({ kind: 'on' }),
  change:
    ({ value, mask }) =>
    (packet) => {
      const { connectionMark = 0 } = packet;
      return { ...packet, connectionMark: ((connectionMark & ~mask) ^ value) >>> 0 };
    },
};

/** Copies these bits of one mark to the other (net/netfilter/xt_connmark.c). */
interface CopyMarkAction {
  readonly kind: 'save-mark' | 'restore-mark';
  /** Of the packet. */
  readonly packetMask: number;
  readonly connectionMask: number;
}

function copying({ kind, packetMask, connectionMask }: CopyMarkAction): string {
  return `CONNMARK --${kind} --nfmask 0x${packetMask.toString(16)} --ctmask 0x${connectionMask.toString(16)}`;
}

const COPY_MARK: TargetKind<CopyMarkAction> = {
  print: (action) => ` -j ${copying(action)}`,
  effect: copying,
  next: () => ({ kind: 'on' }),
  change:
    ({ kind, packetMask, connectionMask }) =>
    (packet) => {
      const { mark, connectionMark = 0 } = packet;
      return kind === 'save-mark'
        ? { ...packet, connectionMark: ((connectionMark & ~connectionMask) ^ (mark & packetMask)) >>> 0 }
        : { ...packet, mark: ((mark & ~packetMask) ^ (connectionMark & connectionMask)) >>> 0 };
    },
};

const readConnectionMark: TargetReader<SetConnectionMarkAction | CopyMarkAction> = (words) => {
  const set = readSetMark(words);
  if (set !== undefined) return { ...set, kind: 'set-connection-mark' };
  const [first, ...others] = readOptions(words) ?? [];
  const kind = (['save-mark', 'restore-mark'] as const).find((each) => first?.name === `--${each}`);
  if (kind === undefined || first === undefined || first.values.length > 0 || first.negated) return undefined;
  const masks = { '--nfmask': ALL_BITS, '--ctmask': ALL_BITS, '--mask': undefined };
  const found = new Map<string, number | undefined>(Object.entries(masks));
  for (const { name, negated, values } of others) {
    const mask =
      values.length === 1 && !negated && found.has(name) ? readNumber(values[0], ALL_BITS) : undefined;
    if (mask === undefined) return undefined;
    found.set(name, mask);
  }
  const maskOf = (name: string) => found.get('--mask') ?? found.get(name) ?? ALL_BITS;
  return { kind, packetMask: maskOf('--nfmask'), connectionMask: maskOf('--ctmask') };
};

const ALL_BITS = 0xffff_ffff;

/** To an address and port, `10.0.0.1:80`, `[fd00::1]:80`, or an address alone: then the port stays. */
interface DNATAction {
  readonly kind: 'dnat';
  readonly to: string;
}

/** A chain of the nat table decides once about a connection. */
const TRANSLATED: Next = { kind: 'verdict', verdict: { kind: 'accept' } };

const DNAT: TargetKind<DNATAction> = {
  print: ({ to }, { word }) => ` -j DNAT --to-destination ${word(to)}`,
  effect: ({ to }) => `DNAT to ${to}`,
  next: () => TRANSLATED,
  change: ({ to }) => {
    const { ip, port } = splitHostPort(to);
    return (packet) => sendTo(packet, { ip, port: port ?? packet.port });
  },
};

function splitHostPort(text: string): Pick<Destination, 'ip'> & { readonly port: number | undefined } {
  const [, ip = text, port] = HOST_PORT.exec(text) ?? [];
  return { ip: ip.replace(/^\[(.*)\]$/, '$1'), port: port === undefined ? undefined : Number(port) };
}

/** One address and port; ranges, and what else DNAT can do, is not ours. */
const HOST_PORT = /^(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:.]+\]):(\d+)$/;

const readDestination: TargetReader<DNATAction> = (words) => {
  const option = onlyValue(words, '--to-destination');
  if (option === undefined || option.not.negated === true) return undefined;
  if (!HOST_PORT.test(option.value) && parseIP(option.value) === undefined) return undefined;
  return { kind: 'dnat', to: option.value };
};

/** To a port of the node itself. */
interface RedirectAction {
  readonly kind: 'redirect';
  readonly port: number;
}

const REDIRECT: TargetKind<RedirectAction> = {
  print: ({ port }) => ` -j REDIRECT --to-ports ${port}`,
  effect: ({ port }) => `REDIRECT to port ${port}`,
  next: () => TRANSLATED,
  change:
    ({ port }) =>
    (packet, host) =>
      sendTo(packet, { ip: redirectedTo(host, packet), port }),
};

/** One port; ranges are not followed. */
const readRedirect: TargetReader<RedirectAction> = (words) => {
  const option = onlyValue(words, '--to-ports');
  if (option === undefined || option.not.negated === true || !/^\d+$/.test(option.value)) return undefined;
  return { kind: 'redirect', port: Number(option.value) };
};

interface MasqueradeAction {
  readonly kind: 'masquerade';
  readonly randomFully: boolean;
}

const MASQUERADE: TargetKind<MasqueradeAction> = {
  print: ({ randomFully }) => (randomFully ? ' -j MASQUERADE --random-fully' : ' -j MASQUERADE'),
  effect: () => 'MASQUERADE',
  next: () => TRANSLATED,
  change: () => (packet) => ({ ...packet, rewrittenSource: 'masquerade' }),
};

const readMasquerade: TargetReader<MasqueradeAction> = (words) => {
  const options = words.join(' ');
  if (options !== '' && options !== '--random-fully') return undefined;
  return { kind: 'masquerade', randomFully: options !== '' };
};

/** What changes a packet. */
export type RewriteAction =
  | SetMarkAction
  | SetConnectionMarkAction
  | CopyMarkAction
  | DNATAction
  | RedirectAction
  | MasqueradeAction;

/** The same, with all that is known of each. */
export const REWRITE_TARGETS: TargetFamily<RewriteAction> = {
  kinds: {
    'set-mark': SET_MARK,
    'set-connection-mark': SET_CONNECTION_MARK,
    'save-mark': COPY_MARK,
    'restore-mark': COPY_MARK,
    dnat: DNAT,
    redirect: REDIRECT,
    masquerade: MASQUERADE,
  },
  targets: {
    MARK: readSetMark,
    CONNMARK: readConnectionMark,
    DNAT: readDestination,
    REDIRECT: readRedirect,
    MASQUERADE: readMasquerade,
  },
};

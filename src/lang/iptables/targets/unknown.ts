import type { TargetKind } from './target-kind.ts';

/** Read, but not understood: the target and its arguments, as iptables prints them. Builders make none. */
export interface UnknownAction {
  readonly kind: 'unknown';
  readonly target: string;
  readonly text: string;
}

export const UNKNOWN_TARGET: TargetKind<UnknownAction> = {
  print: ({ text }, { rest }) => ` ${rest(text)}`,
  effect: ({ target }) => target,
  next: ({ target, text }) => {
    if (target === 'SNAT') return { kind: 'verdict', verdict: { kind: 'accept' } };
    if (target === 'NOTRACK' || HARMLESS_TARGETS.has(target)) return { kind: 'on' };
    return { kind: 'verdict', verdict: { kind: 'lost', reason: `svcgen does not follow ${text}` } };
  },
  change:
    ({ target, text }) =>
    (packet) => {
      if (target === 'SNAT')
        return { ...packet, rewrittenSource: / --to-source (\S+)/.exec(text)?.[1] ?? text };
      const untracks = target === 'NOTRACK' || (target === 'CT' && / --notrack(?: |$)/.test(text));
      return untracks ? { ...packet, isUntracked: true } : packet;
    },
};

/** Targets that leave where a packet goes alone, and what CONNMARK may do beside copying and setting. */
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
  'TEE',
  'TOS',
  'TRACE',
  'TTL',
  'ULOG',
]);

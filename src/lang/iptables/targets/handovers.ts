import { type Handover, handoverReason } from '../../packet/handover.ts';
import { readNumber } from '../../text/numbers.ts';
import type { TargetFamily, TargetKind, TargetReader } from './target-kind.ts';

/** Leaves the rest to a program or to another part of the kernel; as iptables prints it. Builders make none. */
export interface HandoverAction {
  readonly kind: 'handover';
  readonly target: string;
  readonly options: string;
  readonly to: Handover;
}

const HANDOVER: TargetKind<HandoverAction> = {
  print: (action, { rest }) => ` ${rest(spelled(action))}`,
  effect: ({ target }) => target,
  next: (action) => {
    const reason = handoverReason(spelled(action), action.to);
    return { kind: 'verdict', verdict: { kind: 'lost', reason } };
  },
};

function spelled({ target, options }: HandoverAction): string {
  return options === '' ? `-j ${target}` : `-j ${target} ${options}`;
}

function handingOver(
  target: string,
  toOf: (words: readonly string[]) => Handover,
): TargetReader<HandoverAction> {
  return (words) => ({ kind: 'handover', target, options: words.join(' '), to: toOf(words) });
}

function queue(words: readonly string[]): Handover {
  return { kind: 'queue', isBypassed: words.includes('--queue-bypass') };
}

/** `--on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1`; port 0 is the one that the packet goes to. */
function proxy(words: readonly string[]): Handover {
  const port = readNumber(words[words.indexOf('--on-port') + 1], 65_535);
  return { kind: 'proxy', port: port === undefined || port === 0 ? undefined : `${port}` };
}

/** What hands packets over. */
export const HANDOVER_TARGETS: TargetFamily<HandoverAction> = {
  kinds: { handover: HANDOVER },
  targets: {
    NFQUEUE: handingOver('NFQUEUE', queue),
    QUEUE: handingOver('QUEUE', queue),
    TPROXY: handingOver('TPROXY', proxy),
    SYNPROXY: handingOver('SYNPROXY', () => ({ kind: 'handshake' })),
  },
};

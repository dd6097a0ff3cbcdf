import { onlyValue } from '../read/options.ts';
import type { TargetFamily, TargetKind, TargetReader } from './target-kind.ts';

/** `goto`: the end of that chain is the end of this one. */
interface JumpAction {
  readonly kind: 'jump' | 'goto';
  readonly chain: string;
}

const JUMP: TargetKind<JumpAction> = {
  print: ({ chain }, { word }) => ` -j ${word(chain)}`,
  effect: ({ chain }) => `-> ${chain}`,
  next: ({ kind, chain }) => ({ kind, chain }),
};

const GOTO: TargetKind<JumpAction> = {
  ...JUMP,
  print: ({ chain }, { word }) => ` -g ${word(chain)}`,
};

interface VerdictAction {
  readonly kind: 'accept' | 'drop' | 'return';
}

const VERDICT: TargetKind<VerdictAction> = {
  print: ({ kind }) => ` -j ${kind.toUpperCase()}`,
  effect: ({ kind }) => kind.toUpperCase(),
  next: ({ kind }) => (kind === 'return' ? { kind } : { kind: 'verdict', verdict: { kind } }),
};

function verdictReader(kind: VerdictAction['kind']): TargetReader<VerdictAction> {
  return (words) => (words.length === 0 ? { kind } : undefined);
}

/** `with`: another answer than that the port is unreachable, in iptables' words. */
interface RejectAction {
  readonly kind: 'reject';
  readonly with?: string;
}

const REJECT: TargetKind<RejectAction> = {
  print: (action, { word }) =>
    action.with === undefined ? ' -j REJECT' : ` -j REJECT --reject-with ${word(action.with)}`,
  effect: (action) => (action.with === undefined ? 'REJECT' : `REJECT with ${action.with}`),
  next: (verdict) => ({ kind: 'verdict', verdict }),
};

/** The answers that REJECT gives when nothing is said. */
const DEFAULT_ANSWERS: ReadonlySet<string> = new Set(['icmp-port-unreachable', 'icmp6-port-unreachable']);

const readReject: TargetReader<RejectAction> = (words) => {
  if (words.length === 0) return { kind: 'reject' };
  const option = onlyValue(words, '--reject-with');
  if (option === undefined || option.not.negated === true) return undefined;
  return DEFAULT_ANSWERS.has(option.value) ? { kind: 'reject' } : { kind: 'reject', with: option.value };
};

/** What only says where a packet goes on. */
export type WayAction = JumpAction | VerdictAction | RejectAction;

/** The same, with all that is known of each. Chains are no targets. */
export const WAY_TARGETS: TargetFamily<WayAction> = {
  kinds: { jump: JUMP, goto: GOTO, accept: VERDICT, drop: VERDICT, return: VERDICT, reject: REJECT },
  targets: {
    ACCEPT: verdictReader('accept'),
    DROP: verdictReader('drop'),
    RETURN: verdictReader('return'),
    REJECT: readReject,
  },
};

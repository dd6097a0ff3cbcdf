import type { Target } from '../connection/targets.ts';
import type {
  Connection,
  ConnectionVerdict,
  ExplainedStep,
  ExplainedWay,
  Explanation,
  RememberedClient,
} from '../explanation.ts';
import type { Doubt, Findings } from '../notes/findings.ts';
import { keptVerdict } from '../ways/session-affinity.ts';
import { connectionVerdict, NO_RULE } from './connection-verdict.ts';

/** What there is to say against a verdict by rules alone. */
export interface Reservations extends Pick<Findings, 'lack' | 'doubt'> {
  readonly cause: string | undefined;
  /** Hardly anybody sends such packets to the node. */
  readonly isFar: boolean;
}

/** Networks outside a cluster have no route to its clusterIPs, unless somebody makes one. */
export function isFarFromClusterIP(
  { origin, client }: Connection,
  target: Target | undefined,
  steps: readonly ExplainedStep[],
): boolean {
  const isClusterIP =
    target === undefined
      ? steps.some(({ words = '' }) => words.startsWith('the clusterIP of '))
      : target.role === 'clusterIP';
  return isClusterIP && origin === 'outside' && client === undefined;
}

/** Of a client that is remembered first, and then of a new one. */
export function verdictOn(
  {
    ways,
    chooser,
    remembered,
  }: Pick<Explanation, 'ways' | 'chooser'> & { readonly remembered: RememberedClient | undefined },
  connection: Connection,
  { cause, isFar, lack, doubt }: Reservations,
): ConnectionVerdict {
  const ofRules = withCause(connectionVerdict(ways, connection, chooser), cause);
  const ofNew = withDistance(withLack(ofRules, ways, lack), isFar);
  if (remembered === undefined) return withDoubt(ofNew, doubt);
  const own = connectionVerdict(remembered.ways, connection, chooser);
  const { kind, text } = withDoubt(keptVerdict(own, remembered, connection), doubt);
  return { kind, text: `${text}; a new client: ${ofNew.text}` };
}

/** Says why no Service has a part in it, where that is known. */
function withCause(verdict: ConnectionVerdict, cause: string | undefined): ConnectionVerdict {
  if (cause === undefined || !verdict.text.startsWith(NO_RULE)) return verdict;
  return { ...verdict, text: `${cause}${verdict.text.slice(NO_RULE.length)}` };
}

/** The verdict on a Service that has no endpoints. @param lack why it has none; undefined: it has some, or nobody knows */
function withLack(
  verdict: ConnectionVerdict,
  ways: readonly ExplainedWay[],
  lack: string | undefined,
): ConnectionVerdict {
  const isRejected = ways.every(({ result }) => result === 'rejected');
  return lack === undefined || !isRejected ? verdict : { ...verdict, text: `${verdict.text}: ${lack}` };
}

/** The verdict on a client from which packets hardly come to the node. */
function withDistance(verdict: ConnectionVerdict, isFar: boolean): ConnectionVerdict {
  if (!isFar || verdict.kind === 'refused') return verdict;
  return {
    ...verdict,
    text: `${verdict.text}, if it gets here: networks outside a cluster have no route to a clusterIP`,
  };
}

/** The verdict of rules that are not all that the node has. */
function withDoubt(verdict: ConnectionVerdict, doubt: Doubt | undefined): ConnectionVerdict {
  if (doubt === undefined || (verdict.kind === 'refused' && !doubt.isOpen)) return verdict;
  return { ...verdict, text: `${verdict.text}, unless ${doubt.unless}` };
}

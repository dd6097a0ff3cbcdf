import { count } from '../../../diagnostic/report.ts';
import type { ConnectionVerdict } from '../../explanation.ts';
import { bridgeNotes, hairpinNotes } from './bridge-ports.ts';
import { flowNotes } from './flows.ts';
import { forwardingAssumption, forwardingStop, localnetNotes, localnetStop } from './forwarding.ts';
import type { KernelQuestion, NodeKernel, ServedQuestion } from './kernel-question.ts';
import { missingRoutes } from './missing-routes.ts';
import { localPolicyNotes, reversePathStop } from './reverse-path.ts';

/** What the kernel does with a connection, beside rules. */
export interface KernelAnswer {
  /** Why nothing gets through, whatever the rules say; undefined: nothing is known that stops it. */
  readonly obstacle: string | undefined;
  /** What is so, or matters most. */
  readonly notes: readonly string[];
  /** What nearly always is so, and is taken for granted. */
  readonly assumptions: readonly string[];
}

/**
 * What settings of the kernel and what it remembers do with a connection that rules let through. What is not known is
 * said only where the answer hangs on it.
 */
export function askKernel(question: KernelQuestion): KernelAnswer {
  const served = question.ways.filter(({ result }) => result === 'endpoint');
  const hasOtherTables = (question.kernel?.routingRules.length ?? 0) > 0;
  const missing = missingRoutes({ ...question, hasOtherTables });
  if (served.length === 0)
    return {
      obstacle: missing.obstacle,
      notes: [...missing.notes, ...gapNotes(question.kernel)],
      assumptions: [],
    };
  const asked = { ...question, served };
  const [stop] = [forwardingStop(asked), reversePathStop(asked), localnetStop(asked)].flatMap(
    (each) => each ?? [],
  );
  const notes = [
    ...(stop === undefined ? [] : [stop.remedy]),
    ...missing.notes,
    ...hairpinNotes(asked),
    ...bridgeNotes(asked),
    ...localPolicyNotes(asked),
    ...localnetNotes(asked),
    ...flowNotes(asked),
    ...routingNotes(asked),
    ...gapNotes(question.kernel),
  ];
  return { obstacle: stop?.obstacle ?? missing.obstacle, notes, assumptions: forwardingAssumption(asked) };
}

/** The verdict of rules, where the kernel does not let a packet come so far. */
export function withObstacle(verdict: ConnectionVerdict, obstacle: string | undefined): ConnectionVerdict {
  if (obstacle === undefined || verdict.kind === 'refused') return verdict;
  return { kind: 'refused', text: `${obstacle}; by the rules alone: ${verdict.text}` };
}

function routingNotes({ kernel, host }: ServedQuestion): readonly string[] {
  const [first] = kernel?.routingRules ?? [];
  if (first === undefined || host.routes === undefined) return [];
  return [
    `ip rule has ${count(kernel?.routingRules.length ?? 0, 'rule')} of its own (${first.replaceAll(/\s+/g, ' ')}), which may choose other interfaces than the main table`,
  ];
}

function gapNotes(kernel: NodeKernel | undefined): readonly string[] {
  return kernel?.gaps.map((gap) => `the text of the node lacks ${gap}`) ?? [];
}

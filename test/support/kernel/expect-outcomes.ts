import { expect } from 'vitest';
import type { Outcome } from './agent-protocol.ts';

/** What stands for clients where a proxy hides them from servers. */
export const HIDDEN = 'hidden';

interface Answers {
  /** `address:port` of every server that has to have answered, and no other. */
  readonly by: readonly string[];
  /** Every source address that the servers have to have seen, and no other. */
  readonly seeing: readonly string[];
}

/** Expects that every connection was answered, by all of these servers, which saw these client addresses. */
export function expectAnswers(outcomes: readonly Outcome[], { by, seeing }: Answers): void {
  const answers = outcomes.filter((outcome) => outcome.kind === 'answered');
  const areHidden = answers.every(({ client }) => client === HIDDEN);
  expect({
    otherOutcomes: unique(outcomes.filter(({ kind }) => kind !== 'answered').map(describeOutcome)),
    servers: unique(answers.map(({ server }) => server)),
    clients: areHidden ? unique(seeing) : unique(answers.map(({ client }) => client)),
  }).toEqual({ otherOutcomes: [], servers: unique(by), clients: unique(seeing) });
}

/** Expects that every connection of these attempts, which are made at the same time, ends in this way. */
export async function expectAll(
  kind: 'refused' | 'unreachable' | 'silent',
  attempts: readonly Promise<readonly Outcome[]>[],
): Promise<void> {
  const ended = (await Promise.all(attempts)).map((outcomes) => unique(outcomes.map(describeOutcome)));
  expect(ended).toEqual(attempts.map(() => [kind]));
}

function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'answered':
      return `answered by ${outcome.server}`;
    case 'failed':
      return outcome.error;
    default:
      return outcome.kind;
  }
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

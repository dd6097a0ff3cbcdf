import { assertNever } from '../diagnostic/invariant.ts';
import type { Packet } from '../lang/packet/packet.ts';
import { itemsOf, type Step } from '../lang/packet/way.ts';
import type { IPVSScheduler } from '../model/ipvs-settings.ts';
import type { Question } from '../trace/diagram.ts';
import type { FollowedWay } from '../trace/follow.ts';
import { conditionsOf } from './conditions.ts';
import { explainStep } from './explain-step.ts';
import type { ExplainedWay, Explanation, Result, SourceFate } from './explanation.ts';
import { formatPlace } from './format-place.ts';
import { asksForSource } from './meanings/mark.ts';
import { meaningOf } from './meanings/meaning-of.ts';

/** What is known of addresses: who has them. */
export type OwnerOf = (ip: string) => string | undefined;

/** Puts the ways of a connection into words. */
export function explainWays(
  outcomes: readonly FollowedWay[],
  ownerOf: OwnerOf,
): Pick<Explanation, 'path' | 'ways' | 'scheduler' | 'affinitySeconds'> {
  const trails = outcomes.map(({ steps }) => itemsOf(steps));
  const shared = sharedLength(trails);
  const pruned = outcomes.map((outcome, index) => {
    const steps = trails[index] ?? [];
    return { outcome, steps, path: withoutVainJumps(steps.slice(shared)) };
  });
  const first = trails[0] ?? [];
  const isChosen = first.slice(0, shared).some(hasEndpoint);
  return {
    path: withoutVainJumps(first.slice(0, shared), first[shared]).map(explainStep),
    ways: pruned.map(({ outcome, steps, path }) => ({
      ...explainWay(outcome, steps, ownerOf),
      path: path.map(explainStep),
      choice: isChosen ? 0 : path.findIndex(hasEndpoint) + 1,
    })),
    scheduler: schedulerOf(first),
    affinitySeconds: affinityOf(outcomes),
  };
}

/** How many steps all trails begin with. */
function sharedLength([first = [], ...others]: readonly (readonly Step[])[]): number {
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && isSameStep(first[same], other[same])) same += 1;
    length = same;
  }
  return length;
}

function isSameStep(a: Step | undefined, b: Step | undefined): boolean {
  if (a === b) return true;
  return (
    a?.kind === 'rule' &&
    b?.kind === 'rule' &&
    a.rule === b.rule &&
    a.hook === b.hook &&
    a.branch.effect === b.branch.effect
  );
}

function schedulerOf(steps: readonly Step[]): IPVSScheduler | undefined {
  const step = steps.find(({ kind }) => kind === 'schedule');
  return step?.kind === 'schedule' ? step.server.scheduler : undefined;
}

function affinityOf(outcomes: readonly FollowedWay[]): number | undefined {
  return outcomes.find(({ packet }) => packet.affinitySeconds !== undefined)?.packet.affinitySeconds;
}

function explainWay(
  outcome: FollowedWay,
  steps: readonly Step[],
  ownerOf: OwnerOf,
): Omit<ExplainedWay, 'path' | 'choice'> {
  const { packet, share, when } = outcome;
  const { alternatives, open } = conditionsOf(when);
  const { destination, port } = packet;
  return {
    share,
    alternatives,
    open: [...new Set(open.map(describeQuestion))],
    result: resultOf(outcome),
    destination,
    port,
    owner: ownerOf(destination),
    reason: reasonOf(outcome, steps),
    source: sourceFate(outcome, steps),
  };
}

function describeQuestion({ about, text }: Question): string {
  if (about === 'match') return text;
  return about === 'in-interface' ? '-i' : '-o';
}

function resultOf({ end, packet }: FollowedWay): Result {
  switch (end.kind) {
    case 'delivered':
      return packet.original === undefined ? end.to : 'endpoint';
    case 'drop':
      return 'dropped';
    case 'reject':
      return 'rejected';
    case 'lost':
      return 'unknown';
    default:
      return assertNever(end);
  }
}

/** The last step is the one that refused it. */
function reasonOf({ end }: FollowedWay, steps: readonly Step[]): string | undefined {
  if (end.kind === 'delivered') return undefined;
  if (end.kind === 'lost') return end.reason;
  const last = steps.at(-1);
  if (last === undefined) return undefined;
  const { words, place } = explainStep(last);
  return words ?? (place === undefined ? undefined : `a rule of ${formatPlace(place)}`);
}

/** A mark that asks for it may be set by a rule that has no reason of its own: that is in the rule that led there. */
function sourceFate({ packet }: FollowedWay, steps: readonly Step[]): SourceFate {
  const { rewrittenSource } = packet;
  if (rewrittenSource === undefined) return { kind: 'kept' };
  const reason = markingStep(steps) ?? steps.find((step) => packetAfter(step)?.rewrittenSource !== undefined);
  const why = reason?.kind === 'rule' ? meaningOf(reason.rule, reason.branch) : undefined;
  return { kind: 'rewritten', to: rewrittenSource === 'masquerade' ? undefined : rewrittenSource, why };
}

function markingStep(steps: readonly Step[]): Step | undefined {
  const index = steps.findIndex((step) => (packetAfter(step)?.mark ?? 0) !== 0);
  const before = steps[index - 1];
  return before?.kind === 'rule' && asksForSource(before.rule, before.branch) ? before : steps[index];
}

/** The destination has been rewritten by now. */
function hasEndpoint(step: Step): boolean {
  return packetAfter(step)?.original !== undefined;
}

function packetAfter(step: Step): Packet | undefined {
  return step.kind === 'rule' ? step.branch.packet : undefined;
}

/** Leaves jumps out that led to nothing: no rule of the chain, or of those that it jumps to, matched. `after` is what follows. */
function withoutVainJumps(steps: readonly Step[], after?: Step): readonly Step[] {
  const kept: Step[] = [];
  for (const step of steps.toReversed()) {
    if (!isVain(step, kept.at(-1) ?? after)) kept.push(step);
  }
  return kept.reverse();
}

function isVain(step: Step, next: Step | undefined): boolean {
  if (step.kind !== 'rule' || step.branch.next.kind !== 'jump') return false;
  if (next?.kind !== 'rule') return true;
  return next.rule.table !== step.rule.table || next.rule.chain !== step.branch.next.chain;
}

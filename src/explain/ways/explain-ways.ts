import { assertNever } from '../../diagnostic/invariant.ts';
import type { HostServer } from '../../lang/packet/host.ts';
import type { Packet } from '../../lang/packet/packet.ts';
import { itemsOf, type Step } from '../../lang/packet/way.ts';
import type { Question } from '../../trace/diagram.ts';
import type { FollowedWay } from '../../trace/follow.ts';
import type { OwnerOf } from '../connection/plan-connection.ts';
import type { ExplainedWay, Explanation, Refusal, Result, SourceFate } from '../explanation.ts';
import { type Conditions, conditionsOf } from './conditions.ts';
import { explainStep, placeOf } from './explain-step.ts';
import { formatPlaces, rarityOf } from './format-place.ts';
import { asksForSource, meaningOf } from './meaning-of.ts';
import { adviceOn, ownerOfPolicy, ownerOfRule, reasonAbout } from './rule-owner.ts';
import { translatorOf } from './translators.ts';

/** What an explanation says of its ways. */
export type ExplainedWays = Pick<Explanation, 'path' | 'ways' | 'chooser' | 'affinitySeconds'>;

/**
 * Puts the ways of a connection into words.
 * @param service whom it is for: `default/web:http`; left out: what rules say is all that is known
 */
export function explainWays(
  outcomes: readonly FollowedWay[],
  ownerOf: OwnerOf,
  service?: string,
): ExplainedWays {
  const trails = outcomes.map(({ steps }) => itemsOf(steps));
  const shared = sharedLength(trails);
  const pruned = outcomes.map((outcome, index) => {
    const steps = trails[index] ?? [];
    return { outcome, steps, path: steps.slice(shared) };
  });
  const first = trails[0] ?? [];
  // Ways to hundreds of endpoints are taken under the same conditions.
  const known = new Map<FollowedWay['when'], Conditions>();
  const whenOf = ({ when }: FollowedWay) => {
    const found = known.get(when) ?? conditionsOf(when);
    known.set(when, found);
    return found;
  };
  const isChosen = first.slice(0, shared).some(hasEndpoint);
  return {
    path: first.slice(0, shared).map(explainStep),
    ways: pruned
      .map(({ outcome, steps, path }) => ({
        ...explainWay(outcome, steps, { ownerOf, whenOf, service }),
        path: path.map(explainStep),
        choice: isChosen ? 0 : path.findIndex(hasEndpoint) + 1,
      }))
      .sort((a, b) => rarityOf(a) - rarityOf(b)),
    chooser: chooserOf(first),
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

function chooserOf(steps: readonly Step[]): HostServer | undefined {
  const step = steps.find(({ kind }) => kind === 'schedule');
  return step?.kind === 'schedule' ? step.server : undefined;
}

function affinityOf(outcomes: readonly FollowedWay[]): number | undefined {
  return outcomes.find(({ packet }) => packet.affinitySeconds !== undefined)?.packet.affinitySeconds;
}

interface Told {
  readonly ownerOf: OwnerOf;
  readonly whenOf: (way: FollowedWay) => Conditions;
  readonly service: string | undefined;
}

function explainWay(
  outcome: FollowedWay,
  steps: readonly Step[],
  { ownerOf, whenOf, service }: Told,
): Omit<ExplainedWay, 'path' | 'choice'> {
  const { packet, share } = outcome;
  const { alternatives, open } = whenOf(outcome);
  const { destination, port } = packet;
  const translator = translatorOf(steps);
  return {
    share,
    alternatives,
    open: [...new Set(open.map(describeQuestion))],
    result: resultOf(outcome),
    destination,
    port,
    owner: ownerOf(destination),
    refusal: refusalOf(outcome, steps, service),
    source: sourceFate(outcome, steps),
    ...(translator === undefined ? {} : { translator }),
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

/** Who refuses it: the last step, or several rules of one chain. */
function refusalOf(
  { end, by }: FollowedWay,
  steps: readonly Step[],
  service: string | undefined,
): Refusal | undefined {
  if (end.kind === 'delivered') return undefined;
  const places = by.map(placeOf);
  const [rule] = by;
  const last = steps.at(-1);
  if (last?.kind === 'policy') {
    const { words = '', place } = explainStep(last);
    const owner = ownerOfPolicy(last.hook, (chain) => last.base.find(chain) !== undefined);
    return {
      reason: words,
      places: place === undefined ? [] : [place],
      owner: owner.name,
      advice: owner.advice,
    };
  }
  const owner = rule === undefined ? undefined : ownerOfRule(rule);
  const words = by.length > 1 || last === undefined ? undefined : explainStep(last).words;
  const given = words ?? (places.length === 0 ? 'nobody knows why' : formatPlaces(places));
  const ruleReason = reasonAbout(given, owner, service);
  return {
    reason: end.kind === 'lost' ? end.reason : ruleReason,
    places,
    owner: owner?.name,
    advice: end.kind === 'lost' ? undefined : adviceOn(ruleReason, owner),
  };
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

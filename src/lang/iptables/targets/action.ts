import type { Next } from '../../packet/verdict.ts';
import type { Quoting } from '../quoting.ts';
import { HANDOVER_TARGETS, type HandoverAction } from './handovers.ts';
import { WAY_TARGETS, type WayAction } from './jumps.ts';
import { REWRITE_TARGETS, type RewriteAction } from './rewrites.ts';
import type { PacketChange, TargetKind, TargetReader } from './target-kind.ts';
import { UNKNOWN_TARGET, type UnknownAction } from './unknown.ts';

/** What a rule does with packets for which its matches hold. */
export type Action = WayAction | RewriteAction | HandoverAction | UnknownAction;

type Kind = Action['kind'];
type ByKind = { readonly [A in Action as A['kind']]: A };
type ActionOf<K extends Kind> = ByKind[K] & { readonly kind: K };

/** All kinds, with what is known of them. */
const KINDS: { readonly [K in Kind]: TargetKind<ByKind[K]> } = {
  ...WAY_TARGETS.kinds,
  ...REWRITE_TARGETS.kinds,
  ...HANDOVER_TARGETS.kinds,
  unknown: UNKNOWN_TARGET,
};

/** What reads the targets that rules of ours use, by the name behind `-j`. Chains are none of them. */
export const TARGET_READERS: ReadonlyMap<string, TargetReader<Action>> = new Map<
  string,
  TargetReader<Action>
>(
  Object.entries<TargetReader<Action>>({
    ...WAY_TARGETS.targets,
    ...REWRITE_TARGETS.targets,
    ...HANDOVER_TARGETS.targets,
  }),
);

/** An action as arguments of iptables, behind a space. */
export function spellTarget<K extends Kind>(action: ActionOf<K>, quoting: Quoting): string {
  const kind: K = action.kind;
  return KINDS[kind].print(action, quoting);
}

/** What an action does, in few words. */
export function effectOf<K extends Kind>(action: ActionOf<K>): string {
  const kind: K = action.kind;
  return KINDS[kind].effect(action);
}

/** Where a rule sends a packet that it matched. */
export function nextOf<K extends Kind>(action: ActionOf<K>): Next {
  const kind: K = action.kind;
  return KINDS[kind].next(action);
}

/** What a rule does to packets that it matched; undefined: it leaves them as they are. */
export function changeOf<K extends Kind>(action: ActionOf<K>): PacketChange | undefined {
  const kind: K = action.kind;
  return KINDS[kind].change?.(action);
}

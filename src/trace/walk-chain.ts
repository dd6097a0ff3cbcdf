import { add, areEqual, isNone, multiply } from '../lang/packet/fraction.ts';
import { areAlike } from '../lang/packet/packet.ts';
import type { BaseChain, Branch, Hook, TracedRule } from '../lang/packet/rules.ts';
import type { EndedWay, Step, Way } from '../lang/packet/way.ts';

/** Jumps that the kernel allows, one inside the other. */
const MAX_DEPTH = 128;

/** So many ways at once come of rules that are not understood, if anything. */
const MAX_WAYS = 256;

/**
 * More than any Service has endpoints: so many jumps come of ways that go apart and meet again, chain after chain, which
 * doubles them each time.
 */
const MAX_JUMPS = 100_000;

interface Walk {
  readonly hook: Hook;
  readonly base: BaseChain;
  readonly ended: EndedWay[];
  /** How many chains have been entered. */
  jumps: number;
}

/** Follows a connection through a base chain: every way has a verdict in the end. */
export function walkBaseChain(base: BaseChain, hook: Hook, way: Way): readonly EndedWay[] {
  const walk: Walk = { hook, base, ended: [], jumps: 0 };
  for (const left of walkChain(walk, { chain: base.name, way, depth: 0 })) {
    const { policy, table } = base;
    const step: Step = { kind: 'policy', hook, table, policy };
    walk.ended.push({ ...(policy === 'drop' ? withStep(left, step) : left), verdict: { kind: policy } });
  }
  return walk.ended;
}

interface Entry {
  readonly chain: string;
  readonly way: Way;
  readonly depth: number;
}

/** @returns the ways that leave the chain by its end or a return */
function walkChain(walk: Walk, { chain, way, depth }: Entry): readonly Way[] {
  const found = walk.base.find(chain);
  if (found === undefined) return lose(walk, way, `there is no chain ${chain}`);
  if (depth > MAX_DEPTH) return lose(walk, way, `chain ${chain} leads back to itself`);
  walk.jumps += 1;
  if (walk.jumps > MAX_JUMPS) return lose(walk, way, 'there are too many ways through these rules');
  let waiting: readonly Way[] = [way];
  const returned: Way[] = [];
  for (const rule of found.rulesFor(way.packet)) {
    const next: Way[] = [];
    for (const each of waiting) applyRule(walk, { rule, way: each, depth, next, returned });
    waiting = merged(next);
    if (waiting.length > MAX_WAYS) {
      for (const each of waiting) lose(walk, each, 'too many rules are not understood');
      waiting = [];
    }
    if (waiting.length === 0) break;
  }
  return merged([...returned, ...waiting]);
}

interface Application {
  readonly rule: TracedRule;
  readonly way: Way;
  readonly depth: number;
  /** Ways that go on with the next rule. */
  readonly next: Way[];
  readonly returned: Way[];
}

function applyRule(walk: Walk, { rule, way, depth, next, returned }: Application): void {
  for (const branch of rule.apply(way.packet)) {
    if (isNone(branch.share) || contradicts(branch, way)) continue;
    const after = advance(walk.hook, way, rule, branch);
    switch (branch.next.kind) {
      case 'on':
        next.push(after);
        break;
      case 'return':
        returned.push(after);
        break;
      case 'verdict':
        walk.ended.push({ ...after, verdict: branch.next.verdict });
        break;
      default: {
        const back = walkChain(walk, { chain: branch.next.chain, way: after, depth: depth + 1 });
        for (const each of back) (branch.next.kind === 'jump' ? next : returned).push(each);
      }
    }
  }
}

/** A rule that is not understood decides alike each time that a packet comes by. */
function contradicts({ assumption }: Branch, { assumptions }: Way): boolean {
  if (assumption === undefined) return false;
  for (let each = assumptions; each !== undefined; each = each.before) {
    if (each.item.rule === assumption.rule) return each.item.holds !== assumption.holds;
  }
  return false;
}

/** A way behind a rule. */
function advance(hook: Hook, way: Way, rule: TracedRule, branch: Branch): Way {
  const { packet, share, assumption, effect } = branch;
  if (effect === undefined && assumption === undefined && packet === way.packet && share === way.share)
    return way;
  const step: Step = { kind: 'rule', hook, rule, branch };
  return {
    packet,
    share: multiply(way.share, share),
    steps: effect === undefined ? way.steps : { item: step, before: way.steps },
    assumptions: assumption === undefined ? way.assumptions : { item: assumption, before: way.assumptions },
  };
}

export function withStep(way: Way, step: Step): Way {
  return { ...way, steps: { item: step, before: way.steps } };
}

function lose(walk: Walk, way: Way, reason: string): readonly Way[] {
  walk.ended.push({ ...way, verdict: { kind: 'lost', reason } });
  return [];
}

/** Ways that meet again with packets that are alike become one. */
function merged(ways: readonly Way[]): readonly Way[] {
  if (ways.length < 2) return ways;
  const kept: Way[] = [];
  for (const way of ways) insert(kept, way);
  return kept;
}

function insert(kept: Way[], way: Way): void {
  for (const [index, other] of kept.entries()) {
    const both = areAlike(other.packet, way.packet) ? union(other, way) : undefined;
    if (both === undefined) continue;
    kept.splice(index, 1);
    insert(kept, both);
    return;
  }
  kept.push(way);
}

/** undefined: they are different cases. */
function union(a: Way, b: Way): Way | undefined {
  if (a.assumptions === b.assumptions) return { ...a, share: add(a.share, b.share) };
  const [x, y] = [a.assumptions, b.assumptions];
  const areOpposite =
    x?.before === y?.before && x?.item.rule === y?.item.rule && x?.item.holds !== y?.item.holds;
  return areOpposite && areEqual(a.share, b.share) ? { ...a, assumptions: x?.before } : undefined;
}

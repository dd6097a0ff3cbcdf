import { ALL, type Fraction, multiply, rest } from '../../packet/fraction.ts';
import type { Unknown } from '../../packet/holds.ts';
import type { Host } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Application, Branch, TracedRule } from '../../packet/rules.ts';
import { askedBy, type Match } from '../matches/match.ts';
import type { PacketTest } from '../matches/match-kind.ts';
import type { Rule } from '../ruleset.ts';
import { type Action, changeOf, effectOf, nextOf } from '../targets/action.ts';
import type { PacketChange } from '../targets/target-kind.ts';

/** A rule and where it stands. */
export interface PlacedRule {
  readonly table: string;
  readonly chain: string;
  readonly rule: Rule;
  readonly line?: number;
  readonly text: () => string;
}

/** A rule of iptables that can be applied to packets. */
export function tracedRule(placed: PlacedRule, host: Host): TracedRule {
  const { rule, table, chain, line, text } = placed;
  let prepared: Prepared | undefined;
  const comment = commentOf(rule.matches);
  const traced: TracedRule = {
    table,
    chain,
    ...(line === undefined ? {} : { line }),
    ...(comment === undefined ? {} : { comment }),
    data: { language: 'iptables', rule },
    text,
    apply: (packet) => {
      prepared ??= prepare(rule, host);
      return apply(prepared, packet, host);
    },
  };
  return traced;
}

function commentOf(matches: readonly Match[]): string | undefined {
  let comment: string | undefined;
  for (const match of matches) {
    if (match.kind === 'comment') comment = comment === undefined ? match.text : `${comment} ${match.text}`;
  }
  return comment;
}

interface Prepared {
  /** Those that depend on nothing but the packet and the host. */
  readonly tests: readonly PacketTest[];
  readonly chance: Fraction;
  /** Only clients that were here in so many seconds; undefined: it does not matter. */
  readonly affinitySeconds: number | undefined;
  readonly deed: Deed;
}

/** What a rule does with packets, whatever they are. */
interface Deed extends Omit<Branch, 'packet' | 'share'> {
  readonly change: PacketChange | undefined;
}

const NOTHING: Deed = { change: undefined, next: { kind: 'on' }, effect: undefined };

function prepare({ matches, action }: Rule, host: Host): Prepared {
  let chance = ALL;
  let affinitySeconds: number | undefined;
  const tests: PacketTest[] = [];
  for (const match of matches) {
    const asked = askedBy(match, host);
    if (asked.kind === 'chance') chance = multiply(chance, asked.share);
    else if (asked.kind === 'affinity') affinitySeconds = asked.seconds;
    else if (asked.kind === 'test') tests.push(asked.holds);
  }
  return { tests, chance, affinitySeconds, deed: action === undefined ? NOTHING : deedOf(action) };
}

function deedOf(action: Action): Deed {
  return { change: changeOf(action), next: nextOf(action), effect: effectOf(action) };
}

/** Nothing is open. */
const NONE_GIVEN: readonly Unknown[] = [];

function apply(
  { tests, chance, affinitySeconds, deed }: Prepared,
  packet: Packet,
  host: Host,
): Application | undefined {
  let given = NONE_GIVEN;
  for (const holds of tests) {
    const result = holds(packet);
    if (result === false) return undefined;
    if (result !== true) given = [...given, result];
  }
  // The client is a new one, so it is on no list.
  if (affinitySeconds !== undefined)
    return { given, branches: [untouched({ ...packet, affinitySeconds }, ALL)] };
  const { change, next, effect } = deed;
  const changed = change === undefined ? packet : change(packet, host);
  const taken: Branch = { packet: changed, next, share: chance, effect };
  return { given, branches: chance === ALL ? [taken] : [taken, untouched(packet, rest(chance))] };
}

/** The rule does nothing with it. */
function untouched(packet: Packet, share: Fraction): Branch {
  const { next, effect } = NOTHING;
  return { packet, next, share, effect };
}

import { ALL } from '../../packet/fraction.ts';
import type { Host } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Branch, TracedRule } from '../../packet/rules.ts';
import type { NftMatch, NftRule } from '../ruleset.ts';
import { runStatements } from './act.ts';
import type { LoadedTable, RuleInChain } from './load-table.ts';
import { type MatchTest, matchTest } from './match-test.ts';

/** A rule and where it stands. */
export interface PlacedRule {
  readonly chain: string;
  readonly rule: RuleInChain;
  readonly text: () => string;
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

interface Prepared {
  readonly tests: readonly MatchTest[];
  /** Only clients that were here in so many seconds; undefined: it does not matter. */
  readonly affinitySeconds: number | undefined;
}

/** Maps inside of rules can have thousands of elements: enough is enough. */
const MAX_TEXT = 400;

/** A rule of nftables that can be applied to packets. */
export function tracedRule({ chain, rule, text }: PlacedRule, table: LoadedTable, host: Host): TracedRule {
  let prepared: Prepared | undefined;
  let shortText: string | undefined;
  const traced: TracedRule = {
    table: table.name,
    chain,
    ...(rule.line === undefined ? {} : { line: rule.line }),
    ...(rule.comment === undefined ? {} : { comment: rule.comment }),
    data: { language: 'nftables', rule },
    text: () => {
      shortText ??= shorten(text());
      return shortText;
    },
    apply: (packet) => {
      prepared ??= prepare(rule, table, host);
      return apply(prepared, { rule, traced, table }, packet);
    },
  };
  return traced;
}

/** Sets that rules fill hold clients that were here not long ago. */
function prepare({ matches }: NftRule, table: LoadedTable, host: Host): Prepared {
  const timeouts = matches.map((match) => (match.kind === 'in-set' ? table.timeoutOf(match.set) : undefined));
  return {
    tests: matches
      .filter((_, index) => timeouts[index] === undefined)
      .map((match) => matchTest(match, table, host)),
    affinitySeconds: timeouts.find((seconds) => seconds !== undefined),
  };
}

interface Rule {
  readonly rule: NftRule;
  readonly traced: TracedRule;
  readonly table: LoadedTable;
}

function apply(
  { tests, affinitySeconds }: Prepared,
  { rule, traced, table }: Rule,
  packet: Packet,
): readonly Branch[] {
  let isKnown = true;
  for (const test of tests) {
    const holds = test(packet);
    if (holds === false) return [passBy(packet)];
    if (holds === 'unknown') isKnown = false;
  }
  // The client is a new one, so it is in no set.
  if (affinitySeconds !== undefined) return [passBy({ ...packet, affinitySeconds })];
  const branches = runStatements(rule.statements, packet, table);
  if (isKnown) return branches;
  const assumption = { rule: traced, unknown: unknownPart(rule.matches) ?? traced.text() };
  return [
    ...branches.map((branch) => ({ ...branch, assumption: { ...assumption, holds: true } })),
    { ...passBy(packet), assumption: { ...assumption, holds: false } },
  ];
}

/** What was not understood of a rule; undefined: it is, but not all is known that it asks for. */
function unknownPart(matches: readonly NftMatch[]): string | undefined {
  const texts = matches.flatMap((match) => (match.kind === 'unknown' ? [match.text] : []));
  return texts.length === 0 ? undefined : shorten(texts.join(' '));
}

function passBy(packet: Packet): Branch {
  return { packet, next: { kind: 'on' }, share: ALL, effect: undefined };
}

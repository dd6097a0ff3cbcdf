import { ALL, type Fraction, multiply, rest } from '../../packet/fraction.ts';
import type { Holds, Unknown } from '../../packet/holds.ts';
import type { Host } from '../../packet/host.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Application, BaseChain, Firewall, Hook, TracedChain, TracedRule } from '../../packet/rules.ts';
import type { NftField } from '../elements/field.ts';
import { fieldsOf } from '../elements/key.ts';
import { type Act, nothing, ON } from '../expressions/act.ts';
import type { Surroundings as RuleSurroundings } from '../expressions/expression.ts';
import { prepareMatch } from '../expressions/match.ts';
import { type NftStatement, runStatement } from '../expressions/statement.ts';
import type { NftHook } from '../hook.ts';
import type { NftRule } from '../ruleset.ts';
import {
  type LoadedTable,
  loadTable,
  type WalkedChain,
  type WalkedRule,
  type WalkedTable,
} from './load-table.ts';

const HOOKS: Readonly<Record<NftHook['at'], Hook>> = {
  prerouting: 'PREROUTING',
  input: 'INPUT',
  forward: 'FORWARD',
  output: 'OUTPUT',
  postrouting: 'POSTROUTING',
};

/** How rules that were not read from text are spelled. */
type PrintRule = (rule: NftRule) => string;

/** A table of nftables as packets meet it. */
export function nftablesFirewall(built: WalkedTable, host: Host, print: PrintRule): Firewall {
  const table = loadTable(built);
  const find = chainFinder(table, host, print);
  const bases = [...table.chains.values()].flatMap(({ name, hook }) =>
    hook === undefined ? [] : { at: HOOKS[hook.at], base: baseChain(table, { name, hook }, find) },
  );
  return { baseChains: (wanted) => bases.filter(({ at }) => at === wanted).map(({ base }) => base) };
}

function baseChain(
  { name: table }: LoadedTable,
  { name, hook }: { readonly name: string; readonly hook: NftHook },
  find: BaseChain['find'],
): BaseChain {
  return {
    table,
    name,
    ...orderOf(hook),
    isNat: hook.type === 'nat',
    policy: hook.policy ?? 'accept',
    find,
  };
}

/** Chains of type nat run where the kernel translates (net/netfilter/nf_nat_core.c), in the order of their priorities. */
function orderOf({ type, at, priority }: NftHook): Pick<BaseChain, 'priority' | 'rank'> {
  if (type === 'filter') return { priority, rank: 0 };
  const isSource = at === 'postrouting' || at === 'input';
  return { priority: isSource ? 100 : -100, rank: priority };
}

function chainFinder(table: LoadedTable, host: Host, print: PrintRule): BaseChain['find'] {
  const found = new Map<string, TracedChain>();
  return (name) => {
    const known = found.get(name);
    if (known !== undefined) return known;
    const chain = table.chains.get(name);
    if (chain === undefined) return undefined;
    const traced = tracedChain(chain, { table, host, print });
    found.set(name, traced);
    return traced;
  };
}

interface Surroundings {
  readonly table: LoadedTable;
  readonly host: Host;
  readonly print: PrintRule;
}

/**
 * nftables has maps where other chains have a rule for each Service, so there are few rules in any. They are read once, when
 * the first packet meets them.
 */
function tracedChain({ name, rules, lines }: WalkedChain, { table, host, print }: Surroundings): TracedChain {
  const trace = (rule: WalkedRule) => {
    const text = () => rule.text ?? print(rule);
    return casesOf(rule, table).map((each) => tracedNftRule({ chain: name, rule: each, text }, table, host));
  };
  const known: (readonly TracedRule[])[] = [];
  const unread = lines?.[Symbol.iterator]();
  if (unread === undefined) for (const rule of rules) known.push(trace(rule));
  return {
    *rulesFor(_, pay) {
      for (let place = 0; ; place += 1) {
        if (place === known.length) {
          const next = unread?.next();
          if (next === undefined || next.done === true || !pay(next.value.text.length)) return;
          known.push(trace(next.value.read()));
        }
        yield* known[place] ?? [];
      }
    },
  };
}

/** What a map may be asked for that only the node can tell. */
const OPEN_FIELDS: ReadonlySet<string> = new Set<NftField>(['iifname', 'oifname', 'sport']);

/**
 * A rule that looks into a verdict map with what only the node can tell (`iifname vmap { … }`) does what a rule for each
 * element would do, since no two elements fit one packet.
 */
function casesOf(rule: WalkedRule, table: LoadedTable): readonly WalkedRule[] {
  const [statement, ...others] = rule.statements;
  if (statement?.kind !== 'vmap' || others.length > 0) return [rule];
  const fields = fieldsOf(statement.key);
  if (fields === undefined || !fields.some((field) => OPEN_FIELDS.has(field))) return [rule];
  const elements = table.verdictsOf(statement.map).possible(fields.map(() => undefined));
  return elements.map((element) => ({
    ...rule,
    matches: [...rule.matches, { kind: 'in-set', fields, set: { kind: 'anonymous', elements: [element] } }],
    statements: [element.verdict],
  }));
}

/** A rule and where it stands. */
interface PlacedRule {
  readonly chain: string;
  readonly rule: WalkedRule;
  readonly text: () => string;
}

function shorten(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

interface Prepared {
  readonly tests: readonly ((packet: Packet) => Holds)[];
  readonly chance: Fraction;
  /** Only clients that were here in so many seconds; undefined: it does not matter. */
  readonly affinitySeconds: number | undefined;
}

/** Maps inside of rules can have thousands of elements: enough is enough. */
const MAX_TEXT = 400;

/** A rule of nftables that can be applied to packets. */
function tracedNftRule({ chain, rule, text }: PlacedRule, table: LoadedTable, host: Host): TracedRule {
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
      return apply(prepared, { rule, around: { sets: table, host } }, packet);
    },
  };
  return traced;
}

/** Clients that were here not long ago are in sets that rules fill. */
function prepare({ matches }: NftRule, sets: LoadedTable, host: Host): Prepared {
  const prepared = matches.map((match) => prepareMatch(match, { sets, host }));
  return {
    tests: prepared.flatMap((each) => (each.kind === 'test' ? [each.holds] : [])),
    chance: prepared.reduce((all, each) => (each.kind === 'chance' ? multiply(all, each.share) : all), ALL),
    affinitySeconds: prepared.find((each) => each.kind === 'remembered')?.seconds,
  };
}

function apply(
  { tests, chance, affinitySeconds }: Prepared,
  { rule, around }: { readonly rule: NftRule; readonly around: RuleSurroundings },
  packet: Packet,
): Application | undefined {
  const given: Unknown[] = [];
  for (const test of tests) {
    const holds = test(packet);
    if (holds === false) return undefined;
    if (holds !== true) given.push({ ...holds, asked: holds.asked.map(shorten) });
  }
  // The client is a new one, so it is in no set.
  if (affinitySeconds !== undefined) return { given, branches: [nothing({ ...packet, affinitySeconds })] };
  const branches = runStatements(rule.statements, packet, around);
  if (chance === ALL) return { given, branches };
  const taken = branches.map((branch) => ({ ...branch, share: multiply(chance, branch.share) }));
  return { given, branches: [...taken, { ...nothing(packet), share: rest(chance) }] };
}

/** What the statements of a rule do with a packet that its matches let through, one after the other. */
function runStatements(
  statements: readonly NftStatement[],
  packet: Packet,
  around: RuleSurroundings,
): readonly Act[] {
  let acts: readonly Act[] = [nothing(packet)];
  for (const statement of statements) {
    acts = acts.flatMap((act) =>
      act.next === ON ? continued(act, runStatement(statement, act.packet, around)) : [act],
    );
  }
  return acts;
}

/** Effects of several statements of a rule are told together. Only the last one can be a matter of chance. */
function continued(before: Act, after: readonly Act[]): readonly Act[] {
  return after.map((act) => ({
    ...act,
    share: act.share === ALL ? before.share : act.share,
    effect: [before.effect ?? [], act.effect ?? []].flat().join(', ') || undefined,
  }));
}

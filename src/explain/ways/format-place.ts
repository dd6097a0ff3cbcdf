import { listNames } from '../../diagnostic/report.ts';
import type { Unknown } from '../../lang/packet/holds.ts';
import type { Condition, ConditionSet, ExplainedWay, RulePlace } from '../explanation.ts';

/** `filter FORWARD, line 12`. */
export function formatPlace({ table, chain, line }: RulePlace): string {
  return `${table} ${chain}${line === undefined ? '' : `, line ${line}`}`;
}

/** Rules of one chain: `3 rules of filter FORWARD, lines 5 to 9`. */
export function formatPlaces(places: readonly RulePlace[]): string {
  const [first, ...others] = places;
  if (first === undefined) return '';
  if (others.length === 0) return `a rule of ${formatPlace(first)}`;
  const lines = places.flatMap(({ line }) => line ?? []).sort((a, b) => a - b);
  const [low, high] = [lines[0], lines.at(-1)];
  const where = low === undefined || high === undefined ? '' : `, lines ${low} to ${high}`;
  return `${places.length} rules of ${first.table} ${first.chain}${where}`;
}

/** Something that is so, as a rule asks for it. */
export function formatUnknown({ about, asked, holds }: Unknown): string {
  if (about === 'match') return formatMatch({ text: asked.join(), holds });
  const verb = about === 'in-interface' ? 'comes in' : 'leaves';
  return `it ${verb} by ${holds ? '' : 'an interface other than '}${listNames(asked.map(formatName))}`;
}

const SET_MATCH = /^(?:-m set )?(?<not>! )?--match-set (?<set>[^\s"]+) (?<side>src|dst)$/;

/** `"-m owner --uid-owner 0" holds`; of sets of addresses, who is in them. */
function formatMatch({ text, holds }: { readonly text: string; readonly holds: boolean }): string {
  const { not, set, side } = SET_MATCH.exec(text)?.groups ?? {};
  if (set === undefined) {
    const quote = text.includes('"') ? "'" : '"';
    return `${quote}${text}${quote} ${holds ? 'holds' : 'does not hold'}`;
  }
  const isIn = (not === undefined) === holds;
  return `its ${side === 'src' ? 'source' : 'destination'} is ${isIn ? '' : 'not '}in set ${set}`;
}

/** `it comes in by eth0`. */
function formatCondition(condition: Condition, detail: Detail): string {
  if (condition.kind === 'match') return formatMatch({ text: condition.unknown, holds: condition.holds });
  const verb = condition.side === 'in' ? 'comes in' : 'leaves';
  return `it ${verb} by ${formatNames(condition, detail)}`;
}

/** More names than these are counted. */
const MAX_NAMES = { 'in short': 1, 'with places': 3 } as const;

type Detail = keyof typeof MAX_NAMES;

/** As Docker names those of its networks (libnetwork, drivers/bridge). */
const DOCKER_BRIDGE = /^(?:docker0|docker_gwbridge|br-[0-9a-f]{12})$/;

/** Whether what comes in by none of Docker's bridges, and nothing else, is meant: how to name the bridges; undefined: it is not. */
export function bridgesApart({
  alternatives,
  open,
}: Pick<ExplainedWay, 'alternatives' | 'open'>): string | undefined {
  const [only, ...others] = alternatives;
  const [condition, ...more] = only ?? [];
  if (condition?.kind !== 'interface' || open.length + others.length + more.length > 0) return undefined;
  const { side, isOther, names } = condition;
  if (side !== 'in' || !isOther || !names.every((name) => DOCKER_BRIDGE.test(name))) return undefined;
  return names.length === 1 ? names[0] : `one of Docker's ${names.length} bridges`;
}

function formatNames(
  { isOther, names, except }: Extract<Condition, { readonly kind: 'interface' }>,
  detail: Detail,
): string {
  const limit = MAX_NAMES[detail];
  const but =
    except.length === 0 ? '' : ` (${isOther ? 'or' : 'but not'} ${except.map(formatName).join(', ')})`;
  // The names that people know come first.
  const known = names.toSorted((a, b) => Number(a.startsWith('br-')) - Number(b.startsWith('br-')));
  const some = known.slice(0, limit).map(formatName).join(', ');
  if (names.length > limit) {
    const which = isOther ? 'none' : 'one';
    if (!names.every((name) => DOCKER_BRIDGE.test(name)))
      return `${which} of ${names.length} interfaces (${some}, …)${but}`;
    return `${which} of Docker's ${names.length} bridges${detail === 'in short' ? '' : ` (${some}, …)`}${but}`;
  }
  if (isOther) return `an interface other than ${some}${but}`;
  return `${names.length === 1 ? '' : 'one of '}${some}${but}`;
}

/** `eth+` is every name that begins with eth. */
function formatName(name: string): string {
  return name.endsWith('+') ? `${name.slice(0, -1)}*` : name;
}

/** Any of these, with the places where they are asked if that is wanted; undefined: always. */
export function formatConditions(
  { alternatives, open }: Pick<ExplainedWay, 'alternatives' | 'open'>,
  detail: Detail,
): string | undefined {
  const all = alternatives.map((each) => spellTogether(each, detail)).join(', or ');
  if (open.length === 0) return all === '' ? undefined : all;
  const depends = `in some cases${detail === 'in short' ? '' : `, which depend on ${listNames(open)}`}`;
  return all === '' ? depends : `${all}, ${depends}`;
}

/** Conditions of one alternative; a place that asks for several of them is named once. */
function spellTogether(conditions: ConditionSet, detail: Detail): string {
  const [first, second] = conditions;
  const isLoop = first?.kind === 'interface' && second?.kind === 'interface' && first.side !== second.side;
  const names = isLoop ? [first, second].map((each) => formatNames(each, detail)) : [];
  const placed = (text: string, { place }: Condition, next: Condition | undefined) => {
    const where = formatPlace(place);
    const isNamed = detail === 'with places' && (next === undefined || formatPlace(next.place) !== where);
    return `${text}${isNamed ? ` (${where})` : ''}`;
  };
  const texts = conditions.map((condition, index) => {
    const isGoingOn = isLoop && index === 1;
    const text = formatCondition(condition, detail);
    return placed(isGoingOn ? text.replace(/^it /, '') : text, condition, conditions[index + 1]);
  });
  const [name, other] = names;
  if (name === undefined || name !== other || second === undefined) return texts.join(' and ');
  const both = placed(`it comes in and leaves by ${name}`, second, conditions[2]);
  return [both, ...texts.slice(2)].join(' and ');
}

/** How much of what only the node can tell must be so, rather than not: what needs least is most usual. */
export function rarityOf({ alternatives, open }: Pick<ExplainedWay, 'alternatives' | 'open'>): number {
  const asserts = (each: Condition) => (each.kind === 'match' ? each.holds : !each.isOther);
  const least = alternatives.reduce((min, each) => Math.min(min, each.filter(asserts).length), MAX_RARITY);
  return (alternatives.length === 0 ? 0 : least) + open.length;
}

/** Nothing is rarer. */
const MAX_RARITY = 1000;

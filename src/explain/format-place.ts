import { listNames } from '../diagnostic/report.ts';
import type { Unknown } from '../lang/packet/holds.ts';
import type { Condition, ExplainedWay, RulePlace } from './explanation.ts';

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
  if (about === 'match') return `"${asked.join()}" ${holds ? 'holds' : 'does not hold'}`;
  const verb = about === 'in-interface' ? 'comes in' : 'leaves';
  return `it ${verb} by ${holds ? '' : 'another interface than '}${listNames(asked.map(formatName))}`;
}

/** `it comes in by eth0`. */
function formatCondition(condition: Condition, detail: Detail): string {
  if (condition.kind === 'match')
    return `"${condition.unknown}" ${condition.holds ? 'holds' : 'does not hold'}`;
  const verb = condition.side === 'in' ? 'comes in' : 'leaves';
  return `it ${verb} by ${formatNames(condition, detail)}`;
}

/** More names than these are counted. */
const MAX_NAMES = { 'in short': 1, 'with places': 3 } as const;

type Detail = keyof typeof MAX_NAMES;

function formatNames(
  { isOther, names, except }: Extract<Condition, { readonly kind: 'interface' }>,
  detail: Detail,
): string {
  const limit = MAX_NAMES[detail];
  const but =
    except.length === 0 ? '' : ` (${isOther ? 'or' : 'but not'} ${except.map(formatName).join(', ')})`;
  const some = names.slice(0, limit).map(formatName).join(', ');
  const listed = names.length <= limit ? some : `${names.length} interfaces (${some}, …)`;
  if (isOther) return `${names.length > limit ? 'another than' : 'an interface other than'} ${listed}${but}`;
  return `${names.length === 1 ? '' : 'one of '}${listed}${but}`;
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
  const spell = (condition: Condition) => {
    const where = detail === 'with places' ? ` (${formatPlace(condition.place)})` : '';
    return `${formatCondition(condition, detail)}${where}`;
  };
  const all = alternatives.map((each) => each.map(spell).join(' and ')).join(', or ');
  if (open.length === 0) return all === '' ? undefined : all;
  const depends = `in some cases${detail === 'in short' ? '' : `, which depend on ${listNames(open)}`}`;
  return all === '' ? depends : `${all}, ${depends}`;
}

/** How much of what only the node can tell must be so, rather than not: what needs least is most usual. */
export function rarityOf({ alternatives, open }: Pick<ExplainedWay, 'alternatives' | 'open'>): number {
  const asserts = (each: Condition) => (each.kind === 'match' ? each.holds : !each.isOther);
  const least = alternatives.reduce((min, each) => Math.min(min, each.filter(asserts).length), MAX_RARITY);
  return (alternatives.length === 0 ? 0 : least) + open.length;
}

/** Nothing is rarer. */
const MAX_RARITY = 1000;

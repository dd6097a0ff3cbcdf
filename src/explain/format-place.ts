import { listNames } from '../diagnostic/report.ts';
import type { Condition, ExplainedWay, RulePlace } from './explanation.ts';

/** `filter FORWARD, line 12`. */
export function formatPlace({ table, chain, line }: RulePlace): string {
  return `${table} ${chain}${line === undefined ? '' : `, line ${line}`}`;
}

/** `it comes in by eth0 (filter FORWARD, line 12)`. */
function formatCondition(condition: Condition): string {
  const where = formatPlace(condition.place);
  if (condition.kind === 'match')
    return `"${condition.unknown}" ${condition.holds ? 'holds' : 'does not hold'} (${where})`;
  const verb = condition.side === 'in' ? 'comes in' : 'leaves';
  return `it ${verb} by ${formatNames(condition)} (${where})`;
}

/** More than these are counted. */
const MAX_NAMES = 3;

function formatNames({ isOther, names, except }: Extract<Condition, { readonly kind: 'interface' }>): string {
  const [only] = names;
  const listed =
    names.length === 1 && only !== undefined
      ? formatName(only)
      : `${isOther ? 'any' : 'one'} of ${names.slice(0, MAX_NAMES).map(formatName).join(', ')}`;
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const but =
    except.length === 0 ? '' : `, ${isOther ? 'or' : 'but not'} by ${except.map(formatName).join(', ')}`;
  return `${isOther ? 'an interface other than ' : ''}${listed}${more}${but}`;
}

/** `eth+` is every name that begins with eth. */
function formatName(name: string): string {
  return name.endsWith('+') ? `${name.slice(0, -1)}*` : name;
}

/** Any of these; undefined: always. */
export function formatConditions({
  alternatives,
  open,
}: Pick<ExplainedWay, 'alternatives' | 'open'>): string | undefined {
  const all = alternatives.map((each) => each.map(formatCondition).join(' and ')).join(', or ');
  if (open.length === 0) return all === '' ? undefined : all;
  const depends = `in some cases, which depend on ${listNames(open)}`;
  return all === '' ? depends : `${all}, ${depends}`;
}

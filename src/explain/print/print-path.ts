import { escapeText } from '../../diagnostic/escape.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { NO_BREAK, wrapLine } from '../../diagnostic/wrap-line.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { ExplainedStep, ExplainedWay, Explanation } from '../explanation.ts';
import { decisiveSteps, type StepsAround } from '../ways/decisive-steps.ts';
import { formatConditions } from '../ways/format-place.ts';
import { groupWays, type WayGroup } from '../ways/group-ways.ts';

interface PathOptions {
  readonly colors: Colors;
  /** Every step of every way, with its rule as it is spelled. */
  readonly isVerbose: boolean;
  readonly columns: number;
  /** What there is room for: the end of one way is shown in any case, and more of it and further ones where they fit. */
  readonly lines: number;
}

/** What all ways have in common, and then what is their own. */
export function printPaths({ path, ways }: Explanation, options: PathOptions): readonly string[] {
  const after = ways.find((way) => way.path.length > 0)?.path ?? [];
  const common = options.isVerbose ? path : decisiveSteps(path, { after });
  const lines = [...printPath(path, options, { after })];
  const groups = worstFirst(groupWays(ways).filter(([{ path: own }]) => own.length > 0));
  let shown = 0;
  for (const group of groups) {
    const own = printWay(group, { ...options, before: common.at(-1), isOnly: ways.length === 1 });
    const isLast = shown === groups.length - 1;
    const fits = lines.length + own.length + (isLast ? 0 : 1) <= options.lines;
    if (!options.isVerbose && shown > 0 && !fits) break;
    for (const line of own) lines.push(line);
    shown += 1;
  }
  const rest = groups.length - shown;
  const more = rest > 0 ? [`${rest} more way${rest === 1 ? '' : 's'} (-v shows all, and each rule)`] : [];
  if (lines.length === 0) return ['no rule matches', ...more];
  return [...(options.isVerbose ? lines : endOf(lines, options.lines - more.length)), ...more];
}

/** Less is no answer: that something is left out, and the rule that decides. */
const MIN_LINES = 2;

/** What decides is at the end of a way. */
function endOf(lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  return ['… (-v shows the way from its start)', ...lines.slice(1 - Math.max(room, MIN_LINES))];
}

/** Who looks at this wants to know which rules refuse it. */
function worstFirst(groups: readonly WayGroup[]): readonly WayGroup[] {
  return groups.toSorted(([a], [b]) => Number(a.refusal === undefined) - Number(b.refusal === undefined));
}

function printWay(
  [example, ...others]: WayGroup,
  {
    before,
    isOnly,
    ...options
  }: PathOptions & { readonly before: ExplainedStep | undefined; readonly isOnly: boolean },
): readonly string[] {
  const { colors, columns } = options;
  const title = isOnly ? [] : wrapLine(colors.faint(groupTitle(example, others.length)), columns);
  return [...title, ...printPath(example.path, options, { before })];
}

function groupTitle(way: ExplainedWay, others: number): string {
  const to = joinHostPort(way.destination, way.port);
  const conditions = formatConditions(way, 'in short');
  const when = conditions === undefined ? '' : ` if ${escapeText(conditions)},`;
  const rest = others === 0 ? '' : `, and alike to ${others} other${others === 1 ? '' : 's'}`;
  return `then,${when} to ${to}${rest}`;
}

/** Steps below the names of their hooks. @param around what has been printed already, and what comes after them */
function printPath(
  steps: readonly ExplainedStep[],
  options: PathOptions,
  around: StepsAround,
): readonly string[] {
  const { strong } = options.colors;
  const lines: string[] = [];
  let current = around.before?.hook;
  for (const step of options.isVerbose ? steps : decisiveSteps(steps, around)) {
    if (step.hook === undefined) lines.push(`${strong('routing')}: ${escapeText(step.words ?? '')}`);
    else if (step.hook !== current) lines.push(strong(step.hook));
    if (step.hook !== undefined) for (const line of printStep(step, options)) lines.push(line);
    current = step.hook;
  }
  return lines;
}

function printStep(
  { place, effect, words, given }: ExplainedStep,
  { colors: { label, faint }, isVerbose, columns }: PathOptions,
): readonly string[] {
  if (place === undefined) return wrapLine(`  ${escapeText(words ?? '')}`, columns);
  const { table, chain, line, rule } = place;
  const when = given.length === 0 ? '' : ` if ${escapeText(given.join(' and '))}`;
  const reason = words === undefined ? '' : `: ${escapeText(words)}`;
  const head = `  ${escapeText(table)} ${label(escapeText(chain))} ${escapeText(effect)}${when}${reason}`;
  const number = line === undefined ? '' : `line${NO_BREAK}${line}`;
  const isNumbered = rule !== undefined && !isVerbose && number !== '';
  const lines = wrapLine(isNumbered ? `${head} ${faint(`(${number})`)}` : head, columns);
  if (rule === undefined || !isVerbose) return lines;
  // As it is, however long, for people search texts for it.
  return [...lines, faint(`      ${line === undefined ? '' : `line ${line}: `}${escapeText(rule)}`)];
}

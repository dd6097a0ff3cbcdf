import { escapeText } from '../../diagnostic/escape-text.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { IPVSScheduler } from '../../model/ipvs.ts';
import { describeSource } from './describe-source.ts';
import type { Connection, ExplainedWay } from './explanation.ts';
import { formatShare } from './format-share.ts';

/** More endpoints than these are counted: `--output json` has all. */
const MAX_LISTED = 20;

interface Surroundings {
  readonly connection: Connection;
  readonly scheduler: IPVSScheduler | undefined;
  readonly colors: Colors;
}

/** The endpoints that may have the connection, and what they see as its source. */
export function printEndpoints(
  ways: readonly ExplainedWay[],
  { connection: { source }, scheduler, colors }: Surroundings,
): readonly string[] {
  const [first, second] = ways;
  if (first === undefined) return [];
  const fates = new Set(ways.map((way) => describeSource(way.source, source)));
  const sources = [...fates].map((fate) => `${colors.strong('source')}: ${escapeText(fate)}`);
  const title = colors.strong('goes to');
  if (second === undefined) return [`${title} ${describeEndpoint(first)}`, ...sources];
  const isMixed = fates.size > 1;
  const rows = ways.slice(0, MAX_LISTED).map((way) => {
    const note = isMixed ? `, where the source ${describeSource(way.source, source)}` : '';
    return `  ${formatShare(way.share)}  ${describeEndpoint(way)}${escapeText(note)}`;
  });
  const more = ways.length - rows.length;
  return [
    `${title} 1 of ${count(ways.length, 'endpoint')}, ${describeChooser(scheduler)}:`,
    ...rows,
    ...(more > 0 ? [`  and ${more} more (--output json lists all)`] : []),
    ...(isMixed ? [] : sources),
  ];
}

function describeEndpoint({ destination, port, owner }: ExplainedWay): string {
  const who = owner === undefined ? '' : `  ${escapeText(owner)}`;
  return `${joinHostPort(destination, port)}${who}`;
}

/** How IPVS chooses among real servers that all have the same weight; chance chooses elsewhere. */
function describeChooser(scheduler: IPVSScheduler | undefined): string {
  switch (scheduler) {
    case undefined:
      return 'by chance';
    case 'rr':
    case 'wrr':
      return `in turn (scheduler ${scheduler})`;
    case 'sh':
    case 'mh':
      return `by a hash of the client (scheduler ${scheduler})`;
    case 'dh':
      return `by a hash of the destination (scheduler ${scheduler})`;
    case 'lc':
    case 'wlc':
    case 'lblc':
    case 'lblcr':
    case 'sed':
    case 'nq':
      return `the least busy one (scheduler ${scheduler})`;
    default:
      return assertNever(scheduler);
  }
}

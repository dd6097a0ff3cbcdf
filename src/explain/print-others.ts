import { escapeText } from '../diagnostic/escape-text.ts';
import { assertNever } from '../diagnostic/invariant.ts';
import type { Colors } from '../diagnostic/print-pretty.ts';
import { add } from '../lang/packet/fraction.ts';
import { joinHostPort } from '../model/ip.ts';
import { describeSource } from './describe-source.ts';
import type { Connection, ExplainedWay } from './explanation.ts';
import { formatShare } from './format-share.ts';
import { groupBy } from './group-ways.ts';

interface Surroundings {
  readonly connection: Connection;
  readonly colors: Colors;
  /** Some connections are served, under the same conditions. */
  readonly hasEndpoints: boolean;
}

/** Ways that lead to no endpoint: who refuses them and why, or where they go instead. */
export function printOthers(ways: readonly ExplainedWay[], surroundings: Surroundings): readonly string[] {
  const groups = groupBy(ways, ({ result, reason, source }) => JSON.stringify([result, reason, source]));
  const isOnly = groups.length === 1 && !surroundings.hasEndpoints;
  return groups.flatMap((group) => {
    const [first, ...others] = group;
    const share = others.reduce((sum, way) => add(sum, way.share), first.share);
    const [line = '', ...more] = printGroup(group, surroundings);
    return [isOnly ? line : `${formatShare(share)} ${line}`, ...more];
  });
}

function printGroup(
  [first, ...others]: readonly [ExplainedWay, ...ExplainedWay[]],
  { connection, colors }: Surroundings,
): readonly string[] {
  const why = first.reason === undefined ? '' : `: ${escapeText(first.reason)}`;
  const to = joinHostPort(first.destination, first.port);
  const isSent = first.destination !== connection.destination || first.port !== connection.port;
  const way = isSent ? ` on the way to ${to}${others.length === 0 ? '' : ` and ${others.length} more`}` : '';
  switch (first.result) {
    case 'rejected':
    case 'dropped':
      return [`${colors.error(first.result)}${way}${why}`];
    case 'unknown':
      return [`${colors.warning('unknown')}${way}${why}`];
    case 'node':
      return [
        `${colors.warning('no rule of any Service matches')}: it goes to what listens on ${to} of the node, if anything`,
      ];
    case 'elsewhere': {
      const source = describeSource(first.source, connection.source);
      return [
        `${colors.warning('no rule of any Service matches')}: it goes on to ${to} as it is`,
        ...(first.source.kind === 'kept' ? [] : [`${colors.strong('source')}: ${escapeText(source)}`]),
      ];
    }
    case 'endpoint':
      return [];
    default:
      return assertNever(first.result);
  }
}

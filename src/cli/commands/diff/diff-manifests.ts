import { compareOf } from '../../../library/compare.ts';
import { readCluster } from '../../input/read-cluster.ts';
import type { Side } from '../../input/say-judged.ts';
import { EXIT } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';
import { printTrafficDiff } from './print-diff.ts';
import { comparisonOptions, type DiffAnswer, type DiffRequest, TROUBLE } from './request.ts';

/** The two sides, as paths. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/** Says what a change of manifests does. */
export async function diffManifests(
  sides: Sides,
  { flags, node }: DiffRequest,
  terminal: Terminal,
): Promise<DiffAnswer> {
  const read = (path: string, side: Side) =>
    readCluster({ paths: [path], flags, node: node.config, side }, terminal);
  const before = read(sides.before, 'old');
  const after = read(sides.after, 'new');
  const hasLock = flags.lock !== undefined;
  const compared = compareOf({ before, after, node, hasLock }, comparisonOptions(flags));
  await report(compared.diagnostics, flags, terminal);
  if (compared.report === undefined) return TROUBLE;
  const text = await printTrafficDiff(compared.report, flags.output, terminal);
  return { exitCode: compared.isSame ? EXIT.ok : EXIT.differs, text };
}

import { type ClusterSide, compareClusters } from '../../../compare/compare.ts';
import { isSame } from '../../../compare/report.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { applyPolicy } from '../../../diagnostic/policy.ts';
import { IP_FAMILIES } from '../../../model/ip.ts';
import { type ReadCluster, readCluster } from '../../input/read-cluster.ts';
import { policyOf } from '../../options/input-options.ts';
import { wantedSetting } from '../../options/output-options.ts';
import { EXIT } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';
import { printTrafficDiff } from './print-diff.ts';
import { type DiffAnswer, type DiffRequest, TROUBLE } from './request.ts';

/** The two sides, as paths. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/** Says what a change of manifests does. What is only doubtful about the old side is nobody's business any more. */
export async function diffManifests(
  { before, after }: Sides,
  request: DiffRequest,
  terminal: Terminal,
): Promise<DiffAnswer> {
  const { flags, config } = request;
  const node = { name: config.nodeName, ips: config.nodeIPs };
  const old = readCluster({ paths: [before], flags, node }, terminal);
  const now = readCluster({ paths: [after], flags, node }, terminal);
  const compared = hasErrors(request.diagnostics) ? undefined : compareSides(old, now, request);
  const errorsOfOld = old.diagnostics.filter(({ severity }) => severity === 'error');
  const found = [
    ...request.diagnostics,
    ...errorsOfOld,
    ...now.diagnostics,
    ...(compared?.diagnostics ?? []),
  ];
  const diagnostics = applyPolicy(found, policyOf(flags));
  await report(diagnostics, flags, terminal);
  if (compared === undefined || hasErrors(diagnostics)) return TROUBLE;
  const text = await printTrafficDiff(compared.report, flags.output, terminal);
  return { exitCode: isSame(compared.report) ? EXIT.ok : EXIT.differs, text };
}

function compareSides(old: ReadCluster, now: ReadCluster, { flags, config }: DiffRequest) {
  const [before, after] = [sideOf(old), sideOf(now)];
  if (before === undefined || after === undefined) return undefined;
  return compareClusters({
    before,
    after,
    config,
    setting: wantedSetting(flags, config),
    families: flags.family === undefined ? IP_FAMILIES : [flags.family],
    hasLock: flags.lock !== undefined,
  });
}

function sideOf({ cluster, lock }: ReadCluster): ClusterSide | undefined {
  return cluster === undefined || lock === undefined ? undefined : { cluster, lock };
}

import { compareWithNodeOf } from '../../../library/compare.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { readNodeText } from '../../input/read-node-text.ts';
import { EXIT } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';
import { printDrift } from './print-diff.ts';
import { comparisonOptions, type DiffAnswer, type DiffRequest, TROUBLE } from './request.ts';

/** What manifests are compared with. */
export interface Drift {
  readonly paths: readonly string[];
  /** Where the rules of a node are. */
  readonly rules: string;
}

/** Says how the rules of a node have drifted from what manifests want. */
export async function diffRules(
  { paths, rules }: Drift,
  { flags, node }: DiffRequest,
  terminal: Terminal,
): Promise<DiffAnswer> {
  const loaded = readCluster({ paths, flags, node: node.config }, terminal);
  const text = readNodeText(rules, terminal);
  const compared = compareWithNodeOf({ loaded, node }, text, comparisonOptions(flags));
  await report(compared.diagnostics, flags, terminal);
  if (compared.report === undefined) return TROUBLE;
  const printed = await printDrift(compared.report, flags.output, terminal);
  return { exitCode: compared.isSame ? EXIT.ok : EXIT.differs, text: printed };
}

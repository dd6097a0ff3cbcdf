import type { ComparisonOptions } from '../../../library/compare.ts';
import type { ManifestOptions } from '../../../library/options.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { RuleLayout } from '../../../model/proxy-config.ts';
import type { NodeSettings } from '../../input/read-node.ts';
import type { ClusterFlags } from '../../options/cluster-options.ts';
import { type InputFlags, manifestOptions } from '../../options/input-options.ts';
import type { ProxyFlags } from '../../options/proxy-options.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import type { DiffFormat } from './print-diff.ts';

export interface DiffFlags extends InputFlags, ClusterFlags, ProxyFlags {
  readonly rules?: string;
  readonly family?: IPFamily;
  readonly layout?: RuleLayout;
  readonly output: DiffFormat;
}

/** A comparison that was asked for. */
export interface DiffRequest {
  readonly flags: DiffFlags;
  readonly node: NodeSettings;
}

/** What flags say of the comparison. */
export function comparisonOptions(flags: DiffFlags): ComparisonOptions & ManifestOptions {
  const { family, layout } = flags;
  return { ...manifestOptions(flags), layout, families: family && [family] };
}

/** What comes of it: nothing is printed before all is known. */
export interface DiffAnswer {
  readonly exitCode: ExitCode;
  readonly text: string;
}

export const TROUBLE: DiffAnswer = { exitCode: EXIT.trouble, text: '' };

import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { ProxyConfig, RuleLayout } from '../../../model/proxy-config.ts';
import type { ClusterFlags } from '../../options/cluster-options.ts';
import type { InputFlags } from '../../options/input-options.ts';
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
  readonly config: ProxyConfig;
  /** Of the `--config` file. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What comes of it: nothing is printed before all is known. */
export interface DiffAnswer {
  readonly exitCode: ExitCode;
  readonly text: string;
}

export const TROUBLE: DiffAnswer = { exitCode: EXIT.trouble, text: '' };

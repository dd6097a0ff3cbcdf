import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { OutputOptions } from '../../../library/choose-output.ts';
import type { NodeInput } from '../../../library/compile.ts';
import type { PolicyOptions } from '../../../library/options.ts';
import type { ProxyConfig } from '../../../model/proxy-config.ts';
import type { NodeSettings } from '../../input/read-node.ts';
import type { ClusterFlags } from '../../options/cluster-options.ts';
import { type InputFlags, manifestOptions } from '../../options/input-options.ts';
import type { NodeFlags } from '../../options/node-options.ts';
import { type OutputFlags, wantedArtifacts, wantedFamilies } from '../../options/output-options.ts';
import type { ProxyFlags } from '../../options/proxy-options.ts';
import type { Output } from '../../output/emit.ts';

export type RenderFlags = InputFlags & ClusterFlags & ProxyFlags & OutputFlags & NodeFlags;

/** Manifests and a node, read. */
export interface RenderInput extends NodeInput {
  readonly node: NodeSettings;
}

/** What is rendered, and what there is to say of it. */
export interface Rendered {
  /** undefined: there are errors. */
  readonly output: Output | undefined;
  /** The text of a lock file with everything that was allocated; undefined: there are errors. */
  readonly lock: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** What else there is to say, on stderr. */
  readonly note?: string;
}

/** What flags want to be made. */
export function outputOptions(flags: RenderFlags, { mode }: ProxyConfig): OutputOptions & PolicyOptions {
  return {
    ...manifestOptions(flags),
    layout: flags.layout,
    form: flags.noflush === true ? 'noflush' : 'tables',
    artifacts: wantedArtifacts(flags, mode).map(({ name }) => name),
    withHealth: flags.withHealth,
    confirmSeconds: flags.confirm,
    families: wantedFamilies(flags, mode),
  };
}

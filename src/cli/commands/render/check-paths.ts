import { basename, dirname, join, resolve } from 'node:path';
import type { ProxyConfig } from '../../../model/proxy-config.ts';
import type { ClusterFlags } from '../../options/cluster-options.ts';
import { clashOfFiles, type NamedFile } from '../../options/file-clash.ts';
import { EVERY_NODE } from '../../options/node-options.ts';
import { type OutputFlags, outputPath, wantedArtifacts } from '../../options/output-options.ts';

interface PathFlags extends ClusterFlags, OutputFlags {
  readonly config?: string;
  readonly node?: string;
}

/** Which file of the command line output would overwrite, as text; undefined: none. */
export function overwrittenFile(
  inputs: readonly string[],
  flags: PathFlags,
  config: ProxyConfig,
): string | undefined {
  const { lock, current } = flags;
  const read = [lock, current, flags.config, ...inputs].filter((path) => path !== undefined);
  return clashOfFiles({
    lock,
    current,
    config: flags.config,
    inputs,
    outputs: outputsOf(flags, config, read),
  });
}

/** Which folders the nodes will have is not known yet: each that another path lies in may be one. */
function outputsOf(flags: PathFlags, config: ProxyConfig, others: readonly string[]): readonly NamedFile[] {
  const folders = flags.node === EVERY_NODE ? others.map((path) => basename(dirname(resolve(path)))) : ['.'];
  return wantedArtifacts(flags, config.mode).flatMap(({ fileName }) =>
    folders.flatMap((folder) => {
      const path = outputPath(join(folder, fileName), flags);
      return path === undefined
        ? []
        : [{ name: flags.outputDir === undefined ? '-o' : '--output-dir', path }];
    }),
  );
}

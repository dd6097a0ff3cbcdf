import { type Command, Option } from 'commander';
import type { IPFamily } from '../../model/cluster.ts';
import { ARTIFACTS, type ArtifactName } from '../../render/artifacts.ts';
import { parseFamily } from './values.ts';

/** Options that say what `render` writes, and where. */
export interface OutputFlags {
  readonly family?: IPFamily;
  readonly noflush?: boolean;
  readonly script?: boolean;
  readonly artifact?: ArtifactName;
  readonly outputFile?: string;
  readonly outputDir?: string;
}

/** Adds the options of OutputFlags. */
export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .addOption(
      new Option('--family <family>', 'ipv4 or ipv6 (default: ipv4)')
        .argParser(parseFamily)
        .conflicts(['script', 'artifact', 'outputDir']),
    )
    .addOption(
      new Option(
        '--noflush',
        'only our chains, for iptables-restore --noflush: needs the jumps in place',
      ).conflicts('script'),
    )
    .addOption(
      new Option(
        '--script',
        'a shell script for both families, to live beside the rules of others',
      ).conflicts(['artifact', 'outputDir']),
    )
    .addOption(
      new Option('--artifact <name>', 'one of what the mode gives')
        .choices(Object.keys(ARTIFACTS))
        .conflicts('outputDir'),
    )
    .option('-o, --output-file <file>', 'write to a file, which changes only when all is well')
    .addOption(new Option('--output-dir <dir>', 'write all artifacts into a folder').conflicts('outputFile'));
}

/** The artifacts that are wanted: one, or all of them. */
export function wantedArtifacts(flags: OutputFlags): readonly ArtifactName[] {
  if (flags.outputDir !== undefined) return ['iptables', 'ip6tables', 'script'];
  if (flags.script === true) return ['script'];
  return [flags.artifact ?? (flags.family === 'IPv6' ? 'ip6tables' : 'iptables')];
}

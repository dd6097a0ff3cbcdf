import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { defaultProxyConfig } from '../../kubernetes/proxy-defaults.ts';
import { MAX_CONFIRM_SECONDS } from '../../library/choose-output.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { ProxyConfig, ProxyMode, RuleLayout } from '../../model/proxy-config.ts';
import { ARTIFACT_NAMES, type ArtifactName, artifactsOf, MODES } from '../../modes/index.ts';
import type { Artifact, Mode } from '../../modes/mode.ts';
import { parseFamily, parseInteger, parseLayout } from './values.ts';

/** Options that say what `render` writes, and where. */
export interface OutputFlags {
  readonly family?: IPFamily;
  readonly layout?: RuleLayout;
  readonly noflush?: boolean;
  readonly current?: string;
  readonly script?: boolean;
  readonly withHealth?: boolean;
  readonly confirm?: number;
  readonly artifact?: ArtifactName;
  readonly outputFile?: string;
  readonly outputDir?: string;
}

/** Adds the options of OutputFlags. */
export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .addOption(
      new Option('--family <family>', `ipv4 or ipv6 (default: ${byMode(mainFamily)})`).argParser(parseFamily),
    )
    .option(
      '--layout <layout>',
      `how rules are laid out: kube-proxy, in its own chains, or compact, in far fewer that do the same (default: ${byMode(({ layouts }) => layouts[0])})`,
      parseLayout,
    )
    .addOption(
      new Option(
        '--noflush',
        'only our chains, for iptables-restore --noflush: needs the jumps in place',
      ).conflicts('script'),
    )
    .addOption(
      new Option(
        '--current <file>',
        "only what differs from a node's rules: of iptables-save, for iptables-restore --noflush, or of nft list ruleset, for nft -f; - is stdin",
      ).conflicts(['script', 'noflush', 'artifact', 'outputDir']),
    )
    .addOption(
      new Option(
        '--script',
        'a shell script for both families, to live beside the rules of others',
      ).conflicts(['artifact', 'outputDir']),
    )
    .option('--with-health', 'the script also answers health checks of load balancers, with nginx')
    .option(
      '--confirm <seconds>',
      'the script puts back what was there unless somebody confirms in time',
      parseInteger(1, MAX_CONFIRM_SECONDS),
    )
    .addOption(
      new Option('--artifact <name>', 'one of what the mode gives')
        .choices(ARTIFACT_NAMES)
        .conflicts('outputDir'),
    )
    .option('-o, --output-file <file>', 'write to a file, which changes only when all is well')
    .addOption(
      new Option(
        '--output-dir <dir>',
        "write all artifacts into a folder; with --node '*' into one for each node",
      ).conflicts('outputFile'),
    );
}

function mainFamily({ artifacts }: Mode): string {
  const [family = '', ...others] = artifacts.find(({ isMain }) => isMain)?.families ?? [];
  return others.length > 0 ? 'both' : family.toLowerCase();
}

/** A default that modes have of their own: `kube-proxy; in nftables mode compact`. */
function byMode(defaultOf: (mode: Mode) => string): string {
  const usual = defaultOf(MODES[defaultProxyConfig.mode]);
  const others = new Map<string, readonly string[]>();
  for (const mode of Object.values<Mode>(MODES)) {
    const value = defaultOf(mode);
    if (value !== usual) others.set(value, [...(others.get(value) ?? []), mode.name]);
  }
  return [usual, ...[...others].map(([value, names]) => `in ${names.join(' and ')} mode ${value}`)].join(
    '; ',
  );
}

/** What output options ask for that the mode does not have. @returns what is wrong, as text */
export function outputProblem(flags: OutputFlags, config: ProxyConfig): string | undefined {
  const mode = MODES[config.mode];
  const { artifact, layout } = flags;
  const names = artifactsOf(mode.name).map(({ name }) => name);
  if (artifact !== undefined && !names.includes(artifact)) {
    return `mode ${mode.name} has no artifact ${artifact}: it has ${names.join(', ')}`;
  }
  if (layout !== undefined && !mode.layouts.includes(layout)) {
    return `mode ${mode.name} has no layout ${layout}: it has ${mode.layouts.join(', ')}`;
  }
  if (flags.current !== undefined && mode.current.kind === 'replaced') {
    return `mode ${mode.name} has no --current: ${mode.current.why}`;
  }
  const ofScripts = scriptOption(flags);
  if (ofScripts !== undefined && wantedArtifacts(flags, mode.name).every(({ name }) => name !== 'script')) {
    return `${ofScripts} is for scripts: add --script or --output-dir`;
  }
  return mode.outputProblem(flags, config);
}

function scriptOption({ withHealth, confirm }: OutputFlags): string | undefined {
  if (withHealth === true) return '--with-health';
  return confirm === undefined ? undefined : '--confirm';
}

/** The artifacts that are wanted: one, or all of them. */
export function wantedArtifacts(flags: OutputFlags, mode: ProxyMode): readonly Artifact<ArtifactName>[] {
  const { family, artifact, script, outputDir } = flags;
  const all = artifactsOf(mode);
  const ofFamily = all.filter(({ families }) => family === undefined || families.includes(family));
  if (outputDir !== undefined) return ofFamily;
  const wanted = script === true ? 'script' : artifact;
  if (wanted !== undefined) return all.filter(({ name }) => name === wanted);
  return ofFamily.filter(({ isMain }) => isMain).slice(0, 1);
}

/** The families whose states artifacts are made of. */
export function wantedFamilies(flags: OutputFlags, mode: ProxyMode): readonly IPFamily[] {
  if (flags.family !== undefined) return [flags.family];
  return [...new Set(wantedArtifacts(flags, mode).flatMap(({ families }) => families))];
}

/** Where an artifact goes; undefined: stdout. */
export function outputPath(fileName: string, { outputDir, outputFile }: OutputFlags): string | undefined {
  if (outputDir !== undefined) return join(outputDir, fileName);
  return outputFile === '-' ? undefined : outputFile;
}

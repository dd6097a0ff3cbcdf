import { type Command, Option } from 'commander';
import type { IPFamily } from '../../model/cluster.ts';
import type { ProxyConfig, RuleLayout } from '../../model/proxy-config.ts';
import {
  ARTIFACTS,
  ARTIFACTS_OF_MODE,
  type ArtifactName,
  LAYOUTS_OF_MODE,
  type RenderedMode,
} from '../../modes/artifacts.ts';
import { parseFamily, parseLayout } from './values.ts';

/** Options that say what `render` writes, and where. */
export interface OutputFlags {
  readonly family?: IPFamily;
  readonly layout?: RuleLayout;
  readonly noflush?: boolean;
  readonly current?: string;
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
      new Option(
        '--family <family>',
        'ipv4 or ipv6 (default: ipv4; in ipvs and nftables mode both)',
      ).argParser(parseFamily),
    )
    .option(
      '--layout <layout>',
      'how rules are laid out: kube-proxy, in its own chains, or compact, in far fewer that do the same (default: kube-proxy; in nftables mode compact)',
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
        "only what differs from a node's iptables-save, for iptables-restore --noflush; - is stdin",
      ).conflicts(['script', 'noflush', 'artifact', 'outputDir']),
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
    .addOption(
      new Option(
        '--output-dir <dir>',
        "write all artifacts into a folder; with --node '*' into one for each node",
      ).conflicts('outputFile'),
    );
}

/** What output options ask for that the mode does not have. @returns what is wrong, as text */
export function outputProblem(
  flags: OutputFlags,
  { mode, localhostNodePorts }: Pick<ProxyConfig, 'mode' | 'localhostNodePorts'>,
): string | undefined {
  const { artifact, family } = flags;
  const names: readonly ArtifactName[] = ARTIFACTS_OF_MODE[mode];
  if (artifact !== undefined && !names.includes(artifact)) {
    return `mode ${mode} has no artifact ${artifact}: it has ${names.join(', ')}`;
  }
  const layouts = LAYOUTS_OF_MODE[mode];
  if (flags.layout !== undefined && !layouts.includes(flags.layout)) {
    return `mode ${mode} has no layout ${flags.layout}: it has ${layouts.join(', ')}`;
  }
  if (flags.current !== undefined && mode !== 'iptables') {
    return CURRENT_PROBLEMS[mode];
  }
  if (mode === 'ipvs') return ipvsOutputProblem(flags);
  if (mode === 'nftables') return nftablesOutputProblem(flags, localhostNodePorts);
  const rival = rivalOf(flags);
  if (family === undefined || rival === undefined) return undefined;
  return `option '--family <family>' cannot be used with option '${rival}'`;
}

/** Why other modes need no `--current`. */
const CURRENT_PROBLEMS = {
  ipvs: '--current is for iptables mode: the script of ipvs mode looks itself what the host has, and changes what differs',
  nftables:
    '--current is for iptables mode: in nftables mode we have tables of our own, which are replaced at once',
} as const;

/** What stands for both families, or names one itself. */
function rivalOf({ artifact, outputDir, script }: OutputFlags): string | undefined {
  if (artifact !== undefined) return '--artifact <name>';
  if (outputDir !== undefined) return '--output-dir <dir>';
  return script === true ? '--script' : undefined;
}

function ipvsOutputProblem({ artifact, family, noflush, outputDir }: OutputFlags): string | undefined {
  if (artifact === 'ip6tables' && family === 'IPv4') return 'there is no ip6tables artifact in --family ipv4';
  const hasRules = artifact === 'iptables' || artifact === 'ip6tables' || outputDir !== undefined;
  if (noflush !== true || hasRules) return undefined;
  return '--noflush is for rules: add --artifact iptables, --artifact ip6tables or --output-dir';
}

function nftablesOutputProblem(
  { noflush, layout }: OutputFlags,
  localhostNodePorts: boolean,
): string | undefined {
  if (layout === 'kube-proxy' && localhostNodePorts) {
    return "kube-proxy's layout of nftables mode has no localhost NodePorts: take --layout compact for them";
  }
  if (noflush !== true) return undefined;
  return '--noflush is for iptables-restore: in nftables mode we have tables of our own, and touch no others';
}

/** The layout that is wanted: the one asked for, else the mode's default. */
export function wantedLayout({ layout }: OutputFlags, mode: RenderedMode): RuleLayout {
  return layout ?? LAYOUTS_OF_MODE[mode][0];
}

/** The artifacts that are wanted: one, or all of them. */
export function wantedArtifacts(flags: OutputFlags, mode: RenderedMode): readonly ArtifactName[] {
  const { family } = flags;
  if (flags.outputDir !== undefined) {
    return ARTIFACTS_OF_MODE[mode].filter((name) => isOfFamily(name, family));
  }
  if (flags.script === true) return ['script'];
  if (mode === 'ipvs') return [flags.artifact ?? 'script'];
  if (mode === 'nftables') return [flags.artifact ?? 'nftables'];
  return [flags.artifact ?? (family === 'IPv6' ? 'ip6tables' : 'iptables')];
}

function isOfFamily(name: ArtifactName, family: IPFamily | undefined): boolean {
  const families: readonly IPFamily[] = ARTIFACTS[name].families;
  return family === undefined || families.includes(family);
}

/** The families whose states artifacts are made of. */
export function wantedFamilies(flags: OutputFlags, mode: RenderedMode): readonly IPFamily[] {
  if (mode !== 'iptables' && flags.family !== undefined) return [flags.family];
  return [...new Set(wantedArtifacts(flags, mode).flatMap((name) => ARTIFACTS[name].families))];
}

import { type Command, Option } from 'commander';
import type { PortRange } from '../../kubernetes/ranges.ts';
import { KUBERNETES_VERSIONS, NEWEST_KUBERNETES, parseKubernetesVersion } from '../../kubernetes/versions.ts';
import type { ManifestOptions } from '../../library/options.ts';
import type { BuildFlags, BuiltManifests } from '../input/built-manifests.ts';
import type { WalkOptions } from '../input/find-files.ts';
import { type IgnorePattern, parseIgnorePattern } from '../input/glob.ts';
import type { InputRequest } from '../input/read-inputs.ts';
import type { Project } from '../project/project.ts';
import { invalidValue } from './invalid-value.ts';
import { parseCode } from './parse-code.ts';
import { parseDualStackCIDRs, parsePortRange } from './values.ts';

/** Options of every command that reads manifests. */
export interface InputFlags extends BuildFlags {
  /** Set before the command begins. */
  readonly built?: BuiltManifests;
  /** Set before the command begins: what a cluster holds, where kubectl was asked for it. It stands for stdin. */
  readonly live?: BuiltManifests;
  /** Set before the command begins: the project file, if one counts. */
  readonly fromProject?: Project;
  /** False: `--no-project`. */
  readonly project?: boolean;
  readonly filename?: readonly string[];
  readonly ignore?: readonly IgnorePattern[];
  readonly ignoreVcs?: boolean;
  readonly serviceClusterIpRange?: readonly string[];
  readonly serviceNodePortRange?: PortRange;
  readonly relaxedServiceNames?: boolean;
  readonly kubernetesVersion?: string;
  readonly duplicates?: ManifestOptions['duplicates'];
  readonly strict?: boolean;
  readonly disable?: readonly string[];
  readonly warningsAsErrors?: boolean;
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** Adds `[paths...]` and the options of InputFlags. */
export function addInputOptions(command: Command): Command {
  return command
    .argument('[paths...]', 'manifests: files, folders (with all below them), or - for stdin')
    .optionsGroup('Input:')
    .option('-f, --filename <path>', 'the same as an option, as for kubectl; repeatable', collectPaths)
    .option(
      '-k, --kustomize <folder>',
      'what "kustomize build" or "kubectl kustomize" makes of a folder; repeatable',
      collectPaths,
    )
    .option('--helm <chart>', 'what "helm template" makes of a chart; repeatable', collectPaths)
    .option('--values <file>', 'values for --helm; repeatable', collectPaths)
    .option('--set <key=value>', 'one of them; repeatable', collectPaths)
    .option(
      '--kubernetes-version <version>',
      `whose rules, verdicts and defaults hold: ${KUBERNETES_VERSIONS[0]} to ${NEWEST_KUBERNETES.name}, or a patch release like 1.33.6 (default: ${NEWEST_KUBERNETES.name})`,
      parseVersion,
    )
    .option(
      '--ignore <glob>',
      'leave out files and folders that match, as in .gitignore; repeatable',
      collectPatterns,
    )
    .option('--no-project', 'do not look for svcgen.yaml, which sets options for all below its folder')
    .option('--no-ignore-vcs', 'read what .gitignore leaves out, too (.svcgenignore always counts)')
    .option(
      '--service-cluster-ip-range <cidr>',
      'service range of the cluster; for two families, separated by a comma',
      parseDualStackCIDRs,
    )
    .option('--service-node-port-range <range>', 'range of NodePorts (default: 30000-32767)', parsePortRange)
    .option(
      '--relaxed-service-names',
      'allow names of Services to start with a digit, as all do since Kubernetes 1.36',
    )
    .addOption(
      new Option(
        '--duplicates <which>',
        'of different objects with one name: an error, or the first or the last one counts (default: error)',
      ).choices(['error', 'first', 'last']),
    )
    .optionsGroup('Diagnostics:')
    .option('--strict', 'unknown fields and repeated keys are errors')
    .option('--disable <code>', 'do not report this code; repeatable, or separated by commas', collectCodes)
    .option('--warnings-as-errors', 'warnings stop the command as errors do')
    .option('--all', 'show every error and warning, not only the most telling ones of very many')
    .option('-q, --quiet', 'do not say what was judged, but only what is wrong')
    .option('-v, --verbose', 'also say what was passed over');
}

/** Adds what kubectl wants to know when it is asked for the objects of a cluster. */
export function addKubectlOptions(command: Command): Command {
  return command
    .optionsGroup('Cluster (read with kubectl, unless manifests are given):')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig to use');
}

/** What is left out of folders. */
export function walkOptions({ ignore, ignoreVcs }: Pick<InputFlags, 'ignore' | 'ignoreVcs'>): WalkOptions {
  return { patterns: ignore ?? [], ignoreVcs: ignoreVcs ?? true };
}

/** What is read beside the paths of the command line, and how. */
export function inputRequest(flags: InputFlags): InputRequest {
  return {
    walk: walkOptions(flags),
    built: flags.built,
    live: flags.live,
    project: flags.fromProject,
  };
}

/** What flags say of the manifests, and of what is reported. */
export function manifestOptions(flags: InputFlags): ManifestOptions {
  return {
    serviceCIDRs: flags.serviceClusterIpRange,
    nodePortRange: flags.serviceNodePortRange,
    relaxedServiceNames: flags.relaxedServiceNames,
    kubernetesVersion: flags.kubernetesVersion,
    duplicates: flags.duplicates,
    strict: flags.strict,
    disabledCodes: flags.disable,
    warningsAsErrors: flags.warningsAsErrors,
  };
}

function collectPaths(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

function collectPatterns(value: string, previous: readonly IgnorePattern[] = []): readonly IgnorePattern[] {
  const pattern = parseIgnorePattern(value);
  if (pattern === undefined) throw invalidValue('it is no pattern (like *.bak or charts/**).');
  return [...previous, pattern];
}

function collectCodes(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, ...value.split(',').map((code) => parseCode(code.trim()))];
}

function parseVersion(value: string): string {
  if (parseKubernetesVersion(value) !== undefined) return value;
  throw invalidValue(`known are ${KUBERNETES_VERSIONS.join(', ')}, and their patch releases`);
}

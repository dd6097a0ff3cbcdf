import { type DiagnosticPolicy, defaultPolicy } from '../diagnostic/policy.ts';
import type { PortRange } from '../kubernetes/ranges.ts';
import { NEWEST_KUBERNETES, parseKubernetesVersion } from '../kubernetes/versions.ts';
import type { KubernetesVersion } from '../model/kubernetes-version.ts';
import type { InputFile, SourceFile } from '../model/source.ts';
import type { SynthesizeOptions } from '../resolve/synthesis/synthesize-pods.ts';
import { defaultValidateOptions, type ValidateOptions } from '../validate/options.ts';

/** A file as text. The path is what diagnostics call it. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A file of manifests, YAML or JSON: as text, as bytes, or to be read bit by bit. */
export type ManifestFile = TextFile | InputFile;

/** What is reported, and how severe it is. */
export interface PolicyOptions {
  /** Unknown fields and repeated keys are errors. */
  readonly strict?: boolean | undefined;
  /** Codes that are not reported. */
  readonly disabledCodes?: readonly string[] | undefined;
  readonly warningsAsErrors?: boolean | undefined;
}

/** What the cluster is like that manifests are for. */
export interface ManifestOptions extends PolicyOptions {
  /** Where clusterIPs are: one CIDR, or one of each family. Default: what ServiceCIDR objects say. */
  readonly serviceCIDRs?: readonly string[] | undefined;
  /** Default: 30000 to 32767. */
  readonly nodePortRange?: PortRange | undefined;
  /** Names of Services may start with a digit. */
  readonly relaxedServiceNames?: boolean | undefined;
  /** Whose verdicts, rules and defaults hold: `1.34`, `1.33.6`. Default: the newest that svcgen knows. */
  readonly kubernetesVersion?: string | undefined;
  /** Which of different objects with one name counts; `error`: none, unless they are alternatives. Default: error. */
  readonly duplicates?: ValidateOptions['duplicates'] | undefined;
  /** Files that were found in a folder, where anything may be, with the folder that each is in. Default: none. */
  readonly folders?: ReadonlyMap<string, string> | undefined;
  /** Whether those may be alternatives to each other (overlays, providers): for verdicts only. Default: they are not. */
  readonly alternatives?: boolean | undefined;
  /** Paths of files whose objects may be whole only when kustomize has built them: what they lack is no error. */
  readonly unfinished?: ReadonlySet<string> | undefined;
}

/** How a cluster is completed. */
export interface ClusterOptions extends ManifestOptions {
  /** Makes pods of the templates of Deployments and other workloads, and gives Pods that have none an address. */
  readonly synthesizePods?: boolean | undefined;
  /** Where those pods have their addresses: one CIDR, or one of each family. */
  readonly podCIDRs?: readonly string[] | undefined;
  /** Where load balancers get addresses that have none: one CIDR, or one of each family. Default: they get none. */
  readonly loadBalancerRanges?: readonly string[] | undefined;
  /** What was allocated before, as an earlier result has it: none of that changes. */
  readonly lock?: TextFile | undefined;
  /** False: a missing clusterIP or nodePort is an error. Default: it is allocated. */
  readonly allocate?: boolean | undefined;
  /** Told what comes next: long work may be shown. */
  readonly onStage?: ((stage: string) => void) | undefined;
}

/** The policy that the options ask for. */
export function policyOf({ strict, disabledCodes, warningsAsErrors }: PolicyOptions): DiagnosticPolicy {
  return {
    strict: strict ?? defaultPolicy.strict,
    disabledCodes: disabledCodes === undefined ? defaultPolicy.disabledCodes : new Set(disabledCodes),
    warningsAsErrors: warningsAsErrors ?? defaultPolicy.warningsAsErrors,
  };
}

/** What validation is told by the options. */
export function validateOptionsOf(options: ManifestOptions): ValidateOptions {
  const { strict, disabledCodes } = policyOf(options);
  return {
    ...defaultValidateOptions,
    serviceCIDRs: options.serviceCIDRs,
    nodePortRange: options.nodePortRange ?? defaultValidateOptions.nodePortRange,
    relaxedServiceNames: options.relaxedServiceNames ?? defaultValidateOptions.relaxedServiceNames,
    kubernetes: kubernetesOf(options),
    duplicates: options.duplicates ?? defaultValidateOptions.duplicates,
    folders: options.folders ?? defaultValidateOptions.folders,
    alternatives: options.alternatives ?? defaultValidateOptions.alternatives,
    unfinished: options.unfinished ?? defaultValidateOptions.unfinished,
    strict,
    disabledCodes,
  };
}

/** The version of Kubernetes that the options name, which must be one that there is; else the newest. */
export function kubernetesOf({
  kubernetesVersion,
}: Pick<ManifestOptions, 'kubernetesVersion'>): KubernetesVersion {
  const version = kubernetesVersion === undefined ? undefined : parseKubernetesVersion(kubernetesVersion);
  return version ?? NEWEST_KUBERNETES;
}

/** The node that synthesized pods are on when the input has no Nodes. */
export type NodeIdentity = Pick<SynthesizeOptions, 'nodeName' | 'nodeIPs'>;

/** A file in memory, as stages take it. */
export function inputFileOf(file: ManifestFile): InputFile {
  return 'text' in file ? sourceFileOf(file) : file;
}

/** A text as the bytes of its file. */
export function sourceFileOf({ path, text }: TextFile): SourceFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

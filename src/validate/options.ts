import type { CodeCategory } from '../diagnostic/code-record.ts';
import { type DiagnosticPolicy, defaultPolicy } from '../diagnostic/policy.ts';
import { DEFAULT_NODE_PORT_RANGE, type PortRange } from '../kubernetes/ranges.ts';
import { NEWEST_KUBERNETES } from '../kubernetes/versions.ts';
import type { KubernetesVersion } from '../model/kubernetes-version.ts';

/** Who may object: the categories of rules that run. */
export type RuleCategory = Exclude<CodeCategory, 'input'>;

/** What the cluster is like, and how strict to be. */
export interface ValidateOptions extends Pick<DiagnosticPolicy, 'strict' | 'disabledCodes'> {
  /**
   * `--service-cluster-ip-range`: one or two CIDRs, the first one's family being the cluster's default.
   * undefined: not given, then ServiceCIDR objects in the input say it, and without those no range is known.
   */
  readonly serviceCIDRs: readonly string[] | undefined;
  /** `--service-node-port-range`, both ends included. */
  readonly nodePortRange: PortRange;
  /** `--relaxed-service-names`: names of Services are RFC 1123 labels, not RFC 1035, in every version. */
  readonly relaxedServiceNames: boolean;
  /** Whose API server judges. */
  readonly kubernetes: KubernetesVersion;
  /** `--duplicates`: which of different objects with one name counts; `error`: none, unless they are alternatives. */
  readonly duplicates: 'error' | 'first' | 'last';
  /** Files that were found in a folder, where anything may be, with the folder that each is in. */
  readonly folders: ReadonlyMap<string, string>;
  /** Whether found files may be alternatives to each other, as long as nothing is made of them. */
  readonly alternatives: boolean;
  /** Files whose objects may be whole only when kustomize has built them: what they lack is no error. */
  readonly unfinished: ReadonlySet<string>;
  readonly categories: ReadonlySet<RuleCategory>;
  /** Rules run that only hint (info): what is deprecated everywhere, or may surprise later. For those who look after manifests. */
  readonly saysHints: boolean;
}

/** kube-apiserver's defaults, and all categories. */
export const defaultValidateOptions: ValidateOptions = {
  serviceCIDRs: undefined,
  nodePortRange: DEFAULT_NODE_PORT_RANGE,
  relaxedServiceNames: false,
  kubernetes: NEWEST_KUBERNETES,
  strict: defaultPolicy.strict,
  duplicates: 'error',
  folders: new Map(),
  alternatives: false,
  unfinished: new Set(),
  categories: new Set<RuleCategory>(['api', 'cross', 'node']),
  saysHints: false,
  disabledCodes: defaultPolicy.disabledCodes,
};

/** Whether names of Services may begin with a digit: by flag, or because the version allows it. */
export function areServiceNamesRelaxed({ relaxedServiceNames, kubernetes }: ValidateOptions): boolean {
  return relaxedServiceNames || kubernetes.api.relaxedServiceNames;
}

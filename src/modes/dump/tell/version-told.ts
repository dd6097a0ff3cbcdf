import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { aboutRun, listNames } from '../../../diagnostic/report.ts';
import { formatReleases, KUBERNETES_RELEASES } from '../../../kubernetes/releases.ts';
import type { Release } from '../../../kubernetes/versions.ts';
import type { SavedRulesCode } from '../../../lang/text/codes.ts';
import type { KubernetesVersion } from '../../../model/kubernetes-version.ts';

/** Something in the rules of a node that not every kube-proxy makes. */
export interface VersionSign {
  /** What it is: `chain filter-prerouting`. */
  readonly what: string;
  /** undefined: nobody knows where it is. */
  readonly line: number | undefined;
  /** Of releases older than those that svcgen makes rules of, only the number is known. */
  readonly fits: (release: Release | KubernetesVersion) => boolean;
  /** Settings that are off by default make it too: it counts as far as others leave a choice. */
  readonly isDoubtful?: true;
}

/** What the rules of a node tell of the kube-proxy that made them. */
export interface VersionTold {
  readonly signs: readonly VersionSign[];
  /** Those that all signs fit, oldest first; empty: of no one version. */
  readonly releases: readonly (Release | KubernetesVersion)[];
}

/** Those whose rules svcgen can tell, but not make: the first stands for all before it too. */
const OLDER_RELEASES: readonly Release[] = Array.from({ length: 8 }, (_, index) => ({
  minor: 22 + index,
  patch: 0,
}));

const TOLD_RELEASES = [...OLDER_RELEASES, ...KUBERNETES_RELEASES];

/** @returns undefined when nothing tells */
export function tellVersion(signs: readonly VersionSign[]): VersionTold | undefined {
  const certain = signs.filter(({ isDoubtful }) => isDoubtful !== true);
  if (certain.length === 0) return undefined;
  const releases = fitting(TOLD_RELEASES, certain);
  const likely = fitting(
    releases,
    signs.filter(({ isDoubtful }) => isDoubtful === true),
  );
  return { signs: certain, releases: likely.length > 0 ? likely : releases };
}

function fitting(releases: VersionTold['releases'], signs: readonly VersionSign[]): VersionTold['releases'] {
  return releases.filter((release) => signs.every(({ fits }) => fits(release)));
}

/** The version that rules of a node are taken for. */
export interface VersionTaken {
  /** undefined: nothing tells, and the user has not said it. */
  readonly kubernetes: KubernetesVersion | undefined;
  /** What the rules tell: `1.31 to 1.33.5`; undefined: nothing, or they are of several versions. */
  readonly told: string | undefined;
  /** The same, where svcgen makes rules of none of them. */
  readonly older: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

const NONE_TOLD: VersionTaken = {
  kubernetes: undefined,
  told: undefined,
  older: undefined,
  diagnostics: [],
};

/** What the user says counts; else the newest that fits. */
export function takeVersion(
  told: VersionTold | undefined,
  given: KubernetesVersion | undefined,
): VersionTaken {
  const known = told?.releases.filter(isKnown) ?? [];
  if (told === undefined || known.length === KUBERNETES_RELEASES.length)
    return { ...NONE_TOLD, kubernetes: given };
  if (told.releases.length === 0)
    return { ...NONE_TOLD, kubernetes: given, diagnostics: [ofSeveral(told, given)] };
  const range = rangeText(told.releases);
  const isOther = given !== undefined && told.signs.some(({ fits }) => !fits(given));
  const newest = known.at(-1);
  if (newest === undefined && given === undefined)
    return { ...NONE_TOLD, older: range, diagnostics: [older(told, range)] };
  return {
    ...NONE_TOLD,
    kubernetes: given ?? newest,
    told: range,
    diagnostics: isOther ? [otherThanGiven(told, given, range)] : [],
  };
}

function isKnown(release: Release | KubernetesVersion): release is KubernetesVersion {
  return 'proxy' in release;
}

/** Rules that svcgen cannot make are compared by what they do: that is alike, how they are laid out is not. */
function older({ signs }: VersionTold, range: string): Diagnostic {
  const [first] = KUBERNETES_RELEASES;
  const telling = signs.filter(({ fits }) => first !== undefined && !fits(first));
  return aboutRun<SavedRulesCode>({
    code: 'saved-rules-version',
    severity: 'warning',
    message: `an older kube-proxy made the rules of this node, of Kubernetes ${range}: it has ${listNames(telling.map(describeSign))}`,
    hint: `svcgen makes rules of ${first?.name} and later: "svcgen diff --rules" compares what those of the node do to traffic, and "svcgen explain --rules" says it of one connection`,
  });
}

function otherThanGiven({ signs }: VersionTold, given: KubernetesVersion, range: string): Diagnostic {
  const against = signs.filter(({ fits }) => !fits(given)).map(describeSign);
  return aboutRun<SavedRulesCode>({
    code: 'saved-rules-version',
    severity: 'warning',
    message: `the rules of the node are those of kube-proxy ${range}, not of ${given.name}: ${listNames(against)}`,
    hint: 'leave --kubernetes-version out to take them for what they are',
  });
}

/** An update that has not come to its end, two kube-proxies in turn, or texts of several nodes. */
function ofSeveral({ signs }: VersionTold, given: KubernetesVersion | undefined): Diagnostic {
  const said = (contradiction(signs) ?? signs).map((sign) => {
    const own = fitting(TOLD_RELEASES, [sign]);
    return `${describeSign(sign)} is of ${own.length === 0 ? 'none' : rangeText(own)}`;
  });
  return aboutRun<SavedRulesCode>({
    code: 'saved-rules-version',
    severity: 'warning',
    message: `kube-proxies of several versions made the rules of this node: ${listNames(said)}`,
    hint:
      given === undefined
        ? 'restart kube-proxy, and save the rules again, or say with --kubernetes-version which one the node runs'
        : `they are taken for those of ${given.name}, as --kubernetes-version says`,
  });
}

/** Two signs that no version has both of. */
function contradiction(signs: readonly VersionSign[]): readonly VersionSign[] | undefined {
  for (const [index, one] of signs.entries()) {
    const other = signs.slice(index + 1).find((each) => fitting(TOLD_RELEASES, [one, each]).length === 0);
    if (other !== undefined) return [one, other];
  }
  return undefined;
}

/** `1.22 or earlier`, `1.23`, `1.31 to 1.33.5`. */
function rangeText(releases: VersionTold['releases']): string {
  const [first] = releases;
  const known = releases.filter(isKnown);
  if (first === undefined || isKnown(first)) return formatReleases(known);
  const last = known.length > 0 ? formatReleases(known).split(' to ').at(-1) : `1.${releases.at(-1)?.minor}`;
  if (first === TOLD_RELEASES[0]) return `${last} or earlier`;
  return last === `1.${first.minor}` ? last : `1.${first.minor} to ${last}`;
}

function describeSign({ what, line }: VersionSign): string {
  return line === undefined ? what : `${what} (line ${line})`;
}

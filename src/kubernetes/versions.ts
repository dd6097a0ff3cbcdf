import type {
  ApiFacts,
  ApiWarning,
  KubernetesVersion,
  NftablesFacts,
  ProxyFacts,
} from '../model/kubernetes-version.ts';

/** What a release changes, against the one before. */
interface Change {
  readonly since: string;
  readonly proxy?: Partial<Omit<ProxyFacts, 'nftables'>>;
  readonly nftables?: Partial<NftablesFacts>;
  readonly api?: Partial<ApiRules>;
  /** What the API server warns of from now on. */
  readonly warnings?: readonly ApiWarning[];
}

type ApiRules = Omit<ApiFacts, 'warnings'>;

/** Kubernetes 1.30, with which the table begins. */
const FIRST_PROXY: Omit<ProxyFacts, 'nftables'> = {
  makesEndpointsCanonical: false,
  duplicateEndpoints: 'local-one',
  hintsNeedAnnotation: true,
  heedsNodeHints: false,
  ignoresZeroSourceRanges: false,
  nodePortAddressWords: 'none',
  countsInKernel: false,
};

const FIRST_NFTABLES: NftablesFacts = {
  isOnByDefault: false,
  baseChains: 'early',
  interfaceMatch: 'iif',
  masqueradeBy: 'address-and-port',
  marksBy: 'chain',
  hairpinBy: 'endpoint-chain',
  endpointsBy: 'chains',
  singleEndpoint: 'as-several',
  commentsFirewallElements: true,
  cutsComments: false,
  familyWithoutCIDR: 'primary',
  dropsUnallocated: false,
};

const FIRST_API: ApiRules = {
  relaxedServiceNames: false,
  reservesKubeletPort: true,
  strictAddresses: false,
  canonicalAddresses: false,
  trafficDistributions: [],
  serviceCIDRVersions: ['networking.k8s.io/v1alpha1'],
  checksServiceNames: false,
  checksStatefulSetTemplates: false,
  relaxedEnvironment: false,
  relaxedSearchDomains: false,
  allowsZeroSleep: false,
  checksAffinityValues: false,
  containerRestartPolicy: 'refused',
};

/** By what each release differs from the one before; docs/kube-proxy-versions.md says where it was seen. */
const CHANGES: readonly Change[] = [
  {
    since: '1.31',
    proxy: {
      makesEndpointsCanonical: true,
      hintsNeedAnnotation: false,
      nodePortAddressWords: 'primary-alone',
      countsInKernel: true,
    },
    nftables: { isOnByDefault: true, commentsFirewallElements: false, familyWithoutCIDR: 'every-address' },
    api: {
      trafficDistributions: ['PreferClose'],
      serviceCIDRVersions: ['networking.k8s.io/v1alpha1', 'networking.k8s.io/v1beta1'],
    },
    warnings: ['more-node-labels'],
  },
  { since: '1.32', api: { relaxedEnvironment: true }, warnings: ['overlapping-paths'] },
  {
    since: '1.33',
    nftables: { dropsUnallocated: true },
    api: {
      reservesKubeletPort: false,
      canonicalAddresses: true,
      serviceCIDRVersions: [
        'networking.k8s.io/v1alpha1',
        'networking.k8s.io/v1beta1',
        'networking.k8s.io/v1',
      ],
      checksServiceNames: true,
      relaxedSearchDomains: true,
      allowsZeroSleep: true,
      checksAffinityValues: true,
    },
    warnings: [
      'addresses-everywhere',
      'host-bits',
      'endpoints-kind',
      'container-port-names',
      'affinity-values',
      'revision-history',
    ],
  },
  { since: '1.33.6', nftables: { baseChains: 'late', interfaceMatch: 'iifname' } },
  {
    since: '1.34',
    proxy: { heedsNodeHints: true, ignoresZeroSourceRanges: true },
    nftables: { baseChains: 'late', interfaceMatch: 'iif', masqueradeBy: 'address' },
    api: {
      trafficDistributions: ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
      serviceCIDRVersions: ['networking.k8s.io/v1beta1', 'networking.k8s.io/v1'],
      checksStatefulSetTemplates: true,
      containerRestartPolicy: 'dropped',
    },
    warnings: ['headless-fields', 'service-cidr-beta'],
  },
  { since: '1.34.2', nftables: { interfaceMatch: 'iifname' } },
  { since: '1.35', api: { containerRestartPolicy: 'kept' }, warnings: ['prefer-close'] },
  {
    since: '1.36',
    proxy: { duplicateEndpoints: 'running-one' },
    nftables: {
      masqueradeBy: 'cluster-ips',
      marksBy: 'rule',
      hairpinBy: 'set',
      endpointsBy: 'map',
    },
    api: { relaxedServiceNames: true, strictAddresses: true },
    warnings: ['external-ips'],
  },
  {
    since: '1.37',
    proxy: { nodePortAddressWords: 'mixed' },
    nftables: { singleEndpoint: 'address', cutsComments: true },
    api: { serviceCIDRVersions: ['networking.k8s.io/v1'] },
  },
];

/** The minor versions that svcgen knows. */
export const FIRST_MINOR = 30;
export const LAST_MINOR = 37;

/** The same as words, oldest first: `1.30`, … */
export const KUBERNETES_VERSIONS: readonly string[] = Array.from(
  { length: LAST_MINOR - FIRST_MINOR + 1 },
  (_, index) => `1.${FIRST_MINOR + index}`,
);

const VERSION = /^v?1\.([1-9]\d)(?:\.(\d{1,3}))?$/;

/**
 * Reads `1.34`, `v1.34` or `1.34.2`. Without a patch number the first release is meant, 1.34.0: what `1.34` stands for
 * would otherwise change with each patch release that programs other rules.
 * @returns undefined: no version that is known
 */
export function parseKubernetesVersion(text: string): KubernetesVersion | undefined {
  const [, minorText, patchText] = VERSION.exec(text) ?? [];
  const minor = Number(minorText);
  if (minorText === undefined || minor < FIRST_MINOR || minor > LAST_MINOR) return undefined;
  const patch = Number(patchText ?? 0);
  return { minor, patch, name: text.replace(/^v/, ''), ...factsOf(minor, patch) };
}

/** The number of a release, without facts. */
export type Release = Pick<KubernetesVersion, 'minor' | 'patch'>;

/** The releases that differ from those before them, oldest first. */
export function changingReleases(): readonly Release[] {
  return CHANGES.map(({ since }) => releaseOf(since));
}

/** `1.33.6`, as numbers. */
function releaseOf(since: string): Release {
  const [, minor = 0, patch = 0] = since.split('.').map(Number);
  return { minor, patch };
}

/** What kube-proxy and the API server of a release do. */
export function factsOf(minor: number, patch: number): Pick<KubernetesVersion, 'proxy' | 'api'> {
  const changes = CHANGES.filter(({ since }) => {
    const first = releaseOf(since);
    return first.minor < minor || (first.minor === minor && first.patch <= patch);
  });
  const nftables: NftablesFacts = Object.assign(
    {},
    FIRST_NFTABLES,
    ...changes.map((change) => change.nftables),
  );
  const proxy: Omit<ProxyFacts, 'nftables'> = Object.assign(
    {},
    FIRST_PROXY,
    ...changes.map((change) => change.proxy),
  );
  const api: ApiRules = Object.assign({}, FIRST_API, ...changes.map((change) => change.api));
  const warnings = new Set(changes.flatMap((change) => change.warnings ?? []));
  return { proxy: { ...proxy, nftables }, api: { ...api, warnings } };
}

/** The newest version, which holds where none is named. */
export const NEWEST_KUBERNETES: KubernetesVersion = {
  minor: LAST_MINOR,
  patch: 0,
  name: `1.${LAST_MINOR}`,
  ...factsOf(LAST_MINOR, 0),
};

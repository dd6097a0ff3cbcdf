/** A release of Kubernetes, and all that svcgen has to know of it. `src/kubernetes/versions.ts` has the table. */
export interface KubernetesVersion {
  readonly minor: number;
  readonly patch: number;
  /** As the user named it: `1.34` (which is 1.34.0), `1.34.1`. */
  readonly name: string;
  readonly proxy: ProxyFacts;
  readonly api: ApiFacts;
}

/** What kube-proxy does in this version, where versions differ. */
export interface ProxyFacts {
  /** Endpoint addresses are made canonical before names and comments are made of them; else they stay as they are spelled. */
  readonly makesEndpointsCanonical: boolean;
  /** Which of two endpoints with one address and port counts. */
  readonly duplicateEndpoints: 'local-one' | 'running-one';
  /** Zone hints count only for Services with the topology annotation. */
  readonly hintsNeedAnnotation: boolean;
  /** Hints for nodes count, before those for zones. */
  readonly heedsNodeHints: boolean;
  /** A load balancer's source range of all addresses means that there are no ranges. */
  readonly ignoresZeroSourceRanges: boolean;
  /** Which words `--nodeport-addresses` knows beside CIDRs. */
  readonly nodePortAddressWords: 'none' | 'primary-alone' | 'mixed';
  /** Where the kernel can count, iptables mode counts with `-m nfacct`. */
  readonly countsInKernel: boolean;
  readonly nftables: NftablesFacts;
}

/** How nftables mode lays its rules out. */
export interface NftablesFacts {
  /** The mode is there without a feature gate (NFTablesProxyMode). */
  readonly isOnByDefault: boolean;
  /** `early`: filter chains see destinations as they came, at -110; `late`: most of them at 0. */
  readonly baseChains: 'early' | 'late';
  /** How interfaces of local pods are matched. */
  readonly interfaceMatch: 'iif' | 'iifname';
  /** What the masquerade rule of a clusterIP looks at; the last: one rule for all of them, in chain services. */
  readonly masqueradeBy: 'address-and-port' | 'address' | 'cluster-ips';
  /** Marks are set by a chain of their own, or by each rule. */
  readonly marksBy: 'chain' | 'rule';
  /** Who sees that a pod reaches itself: a rule in each endpoint's chain, or a set of connections. */
  readonly hairpinBy: 'endpoint-chain' | 'set';
  /** How an endpoint is chosen without session affinity: each has a chain, or a map has all. */
  readonly endpointsBy: 'chains' | 'map';
  /** How one endpoint alone is reached then: as one of several would be, or without drawing a number. */
  readonly singleEndpoint: 'as-several' | 'address';
  /** Elements of firewall-ips have comments. */
  readonly commentsFirewallElements: boolean;
  /** A comment of an element that nft would refuse is cut; else kube-proxy fails to program anything. */
  readonly cutsComments: boolean;
  /**
   * Where NodePorts answer in a family of which `--nodeport-addresses` has no CIDR, because all are of the other, or
   * because the node has no address for `primary` to mean: there `primary` is nowhere.
   */
  readonly familyWithoutCIDR: 'primary' | 'every-address';
  /** ServiceCIDR objects are there by default, and so is the rule that drops what they leave unallocated. */
  readonly dropsUnallocated: boolean;
}

/** What the API server does in this version by default, where versions differ. */
export interface ApiFacts {
  /** Names of Services may begin with a digit (gate RelaxedServiceNameValidation). */
  readonly relaxedServiceNames: boolean;
  /** The port of kubelets, 10250, cannot be that of a load balancer. */
  readonly reservesKubeletPort: boolean;
  /** IP addresses and CIDRs in odd spelling are refused (gate StrictIPCIDRValidation). */
  readonly strictAddresses: boolean;
  /** IPv6 addresses of EndpointSlices and CIDRs of ServiceCIDRs have to be canonical. */
  readonly canonicalAddresses: boolean;
  /** What `spec.trafficDistribution` takes. */
  readonly trafficDistributions: readonly string[];
  /** API versions of ServiceCIDR that are there, if only for those who switch them on. */
  readonly serviceCIDRVersions: readonly string[];
  /** The serviceName of a StatefulSet has to be a DNS label. */
  readonly checksServiceNames: boolean;
  /** The template of a StatefulSet is validated like any other; before, nothing but its metadata was. */
  readonly checksStatefulSetTemplates: boolean;
  /** Names of environment variables are any printable ASCII (gate RelaxedEnvironmentVariableValidation). */
  readonly relaxedEnvironment: boolean;
  /** Search domains may be `.` and have underscores (gate RelaxedDNSSearchValidation). */
  readonly relaxedSearchDomains: boolean;
  /** A lifecycle hook may sleep no time at all (gate PodLifecycleSleepActionAllowZero). */
  readonly allowsZeroSleep: boolean;
  /** Values in required node affinities have to be label values. */
  readonly checksAffinityValues: boolean;
  /** What becomes of the restartPolicy of a plain container (gate ContainerRestartRules). */
  readonly containerRestartPolicy: 'refused' | 'dropped' | 'kept';
  /** What it warns of on creation, beyond what it has always warned of. */
  readonly warnings: ReadonlySet<ApiWarning>;
}

/** A warning that not every version gives. */
export type ApiWarning =
  /** Node labels that are deprecated beside those of beta.kubernetes.io. */
  | 'more-node-labels'
  /** Files of a volume in each other's way. */
  | 'overlapping-paths'
  /** Odd spellings in EndpointSlices, Endpoints, Nodes and Pods, as in Services. */
  | 'addresses-everywhere'
  /** Bits behind the prefix of an IPv4 CIDR. */
  | 'host-bits'
  | 'endpoints-kind'
  | 'container-port-names'
  | 'affinity-values'
  | 'revision-history'
  | 'headless-fields'
  | 'service-cidr-beta'
  | 'prefer-close'
  | 'external-ips';

import type { Diagnostic } from './diagnostic/diagnostic.ts';
import { hasErrors } from './diagnostic/has-errors.ts';
import type { ObjectCounts } from './diagnostic/summarize.ts';
import type { Cluster, IPFamily, Service } from './model/cluster.ts';
import type { Manifest } from './model/manifest.ts';
import type { NodeStates, ServicePort } from './model/node-state.ts';
import type { ProxyConfig } from './model/proxy-config.ts';
import type { InputFile } from './model/source.ts';
import type { DocumentMemory } from './parse/document-memory.ts';
import { parseInTurn } from './parse/parse.ts';
import { type AllocateOptions, allocate } from './resolve/allocation/allocate.ts';
import type { AllocationLock } from './resolve/allocation/allocation-lock.ts';
import { type ResolveResult, resolve, resolveAmong } from './resolve/proxy/resolve.ts';
import { sharedServices } from './resolve/proxy/service-resolver.ts';
import { type SynthesizeOptions, synthesizePods } from './resolve/synthesis/synthesize-pods.ts';
import type { ValidateOptions } from './validate/options.ts';
import { type ValidationResult, validatorOf } from './validate/validate.ts';

/** How manifests become a complete cluster. */
export interface LoadOptions {
  readonly validate: ValidateOptions;
  /** undefined: only the Pods in the input count. */
  readonly synthesizePods: SynthesizeOptions | undefined;
  readonly allocate: AllocateOptions;
  /** What earlier readings of the files have read; undefined: this is the only one. */
  readonly memory?: DocumentMemory | undefined;
  /** Changes objects before anything is said of them. */
  readonly patch?: ManifestPatcher | undefined;
  /** Told what comes next: long work may be shown. */
  readonly onStage?: (stage: string) => void;
}

/** Makes other objects of those that were read. */
export type ManifestPatcher = (manifests: Iterable<Manifest>) => Iterable<Manifest>;

export interface LoadedCluster {
  /** Every Service has its addresses. undefined: there are errors. */
  readonly cluster: Cluster | undefined;
  /** undefined: nothing was allocated, because there are errors. */
  readonly lock: AllocationLock | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** How many objects of other kinds there were. */
  readonly ignored: ReadonlyMap<string, number>;
  /** How many objects are right, how many wrong, and how many of other kinds. */
  readonly objects: ObjectCounts;
  /** Files that hold an object, of whatever kind, if only a List of nothing. */
  readonly filesWithObjects: ReadonlySet<string>;
}

/** What there is to say about manifests, as far as that depends on nothing but them. */
export type CheckedManifests = Pick<
  LoadedCluster,
  'diagnostics' | 'ignored' | 'objects' | 'filesWithObjects'
>;

/** From bytes to diagnostics: parses and validates, and makes nothing of it. For one set of files after the other. */
export function manifestChecker(options: ValidateOptions): (files: readonly InputFile[]) => CheckedManifests {
  const read = manifestReader(options);
  return (files) => {
    const { diagnostics, ignored, objects, filesWithObjects } = read(files);
    return { diagnostics, ignored, objects, filesWithObjects };
  };
}

/** The same for one set of files. */
export function checkManifests(files: readonly InputFile[], options: ValidateOptions): CheckedManifests {
  return manifestChecker(options)(files);
}

/** From bytes to objects. They are validated as they are read. */
function manifestReader(
  options: ValidateOptions,
  { memory, patch = (manifests) => manifests }: Pick<LoadOptions, 'memory' | 'patch'> = {},
): (files: readonly InputFile[]) => ReadManifests {
  const validate = validatorOf(options);
  return (files) => {
    const { made, ...parsed } = parseInTurn(files, (each) => validate(patch(each)), {
      isThorough: options.strict,
      skims: !options.strict,
      memory,
    });
    return { ...made, ...parsed, diagnostics: [...parsed.diagnostics, ...made.diagnostics] };
  };
}

type ReadManifests = CheckedManifests & Pick<ValidationResult, 'cluster'>;

/** From bytes to a cluster. Errors of one stage keep the next ones from starting. */
export function loadCluster(files: readonly InputFile[], options: LoadOptions): LoadedCluster {
  const { onStage = () => {} } = options;
  onStage('parsing and validating');
  const read = manifestReader(options.validate, options)(files);
  const { cluster, ignored, objects, filesWithObjects, diagnostics: checked } = read;
  const failed = { cluster: undefined, lock: undefined, ignored, objects, filesWithObjects };
  if (hasErrors(checked)) return { ...failed, diagnostics: checked };
  onStage('resolving');
  const populated = withPods(cluster, options.synthesizePods);
  const allocated = allocate(populated.cluster, options.allocate);
  const diagnostics = [...checked, ...populated.diagnostics, ...allocated.diagnostics];
  if (hasErrors(diagnostics)) return { ...failed, diagnostics };
  return { ...failed, diagnostics, cluster: allocated.cluster, lock: allocated.lock };
}

function withPods(cluster: Cluster, options: SynthesizeOptions | undefined) {
  return options === undefined ? { cluster, diagnostics: [] } : synthesizePods(cluster, options);
}

/** What one node has to serve; not to be rendered when a diagnostic is an error. */
export interface ResolvedNode {
  readonly states: NodeStates;
  readonly diagnostics: readonly Diagnostic[];
}

/** From a cluster to what one node has to serve. */
export function resolveFamilies(
  cluster: Cluster,
  config: ProxyConfig,
  families: readonly IPFamily[],
): ResolvedNode {
  return joinFamilies(families.map((family) => resolve(cluster, { config, family })));
}

/**
 * The same for no node in particular: where every endpoint can be chosen, as if no policy was Local. Which node it is matters to
 * nothing that is left.
 */
export function resolveEverywhere(
  cluster: Cluster,
  config: ProxyConfig,
  families: readonly IPFamily[],
): ResolvedNode {
  const { states, diagnostics } = resolveFamilies(withoutPolicies(cluster), config, families);
  return { states, diagnostics: diagnostics.filter(({ code }) => code !== 'node-name-given') };
}

function withoutPolicies(cluster: Cluster): Cluster {
  const isLocal = ({ internalTrafficPolicy, externalTrafficPolicy }: Service) =>
    internalTrafficPolicy === 'Local' || externalTrafficPolicy === 'Local';
  if (!cluster.services.some(isLocal)) return cluster;
  const everywhere = { internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster' } as const;
  return { ...cluster, services: cluster.services.map((service) => ({ ...service, ...everywhere })) };
}

/** Resolves one node after the other. */
export interface NodeResolver {
  /** By name. What nodes have in common is made once. */
  readonly resolve: (nodeName: string | undefined) => ResolvedNode;
  /** One service port for all that are equal but for which of their endpoints are on the node. */
  readonly alike: (servicePort: ServicePort) => ServicePort;
}

/** The same for one node after the other. */
export function nodeResolver(
  cluster: Cluster,
  config: ProxyConfig,
  families: readonly IPFamily[],
): NodeResolver {
  const shared = families.map((family) => ({ family, ...sharedServices(cluster, family) }));
  return {
    resolve: (nodeName) =>
      joinFamilies(
        shared.map(({ family, services }) =>
          resolveAmong(cluster, { config: { ...config, nodeName }, family }, services),
        ),
      ),
    alike: (servicePort) => shared.reduce((found, { alike }) => alike(found), servicePort),
  };
}

function joinFamilies(results: readonly ResolveResult[]): ResolvedNode {
  return {
    states: new Map(results.map(({ state }) => [state.family, state])),
    diagnostics: results.flatMap(({ diagnostics }) => diagnostics),
  };
}

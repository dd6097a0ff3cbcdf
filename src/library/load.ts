import { type LoadedCluster, loadCluster, type ManifestPatcher } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import type { Cluster } from '../model/cluster.ts';
import type { InputFile } from '../model/source.ts';
import type { DocumentMemory } from '../parse/document-memory.ts';
import { type AllocationLock, parseAllocationLock } from '../resolve/allocation/allocation-lock.ts';
import { checkClusterOptions } from './check-cluster-options.ts';
import { checkNamedFiles, type FoundFiles, pathsOf } from './check-named-files.ts';
import {
  type ClusterOptions,
  inputFileOf,
  type ManifestFile,
  type NodeIdentity,
  validateOptionsOf,
} from './options.ts';

/** Manifests, read up to a cluster in which every Service has its addresses. */
export interface LoadedManifests {
  /** undefined: there are errors. */
  readonly cluster: Cluster | undefined;
  /** What was allocated; undefined: there are errors. */
  readonly lock: AllocationLock | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Reads them again, with changes; undefined: there are errors. */
  readonly patched?: (patch: ManifestPatcher) => LoadedManifests;
}

/** What every function of the library takes: files, or what `load` has made of them. */
export type Manifests = readonly ManifestFile[] | LoadedManifests;

/** How manifests are read and completed. */
export interface LoadManifestsOptions extends ClusterOptions {
  /** Where pods are that are made of templates, when there are no Nodes. */
  readonly nodeName?: string | undefined;
  readonly nodeIPs?: readonly string[] | undefined;
  /**
   * For programs that load the same files again and again, such as editors: documents that have not changed since the last time
   * are not read again. `nextMemory(last)` makes one for each call.
   */
  readonly memory?: DocumentMemory | undefined;
}

const NOWHERE: NodeIdentity = { nodeName: undefined, nodeIPs: [] };

/**
 * Parses, validates and completes manifests, for programs that make several things of them. Options are those of the
 * functions that the result is given to. Diagnostics are raw: these functions apply the policy to all of them.
 */
export function load(manifests: Manifests, options: LoadManifestsOptions = {}): LoadedManifests {
  if ('diagnostics' in manifests) return manifests;
  const checked = checkClusterOptions(options);
  const node = { nodeName: options.nodeName, nodeIPs: checked.nodeIPs };
  if (hasErrors(checked.diagnostics)) return failed(checked.diagnostics);
  const files = manifests.map(inputFileOf);
  return loadFiles(files, checked.options, { node, named: pathsOf(files), memory: options.memory });
}

/** What else there is to know of files. */
interface FileContext {
  readonly node?: NodeIdentity | undefined;
  /** Those that were named, as opposed to found in a folder. */
  readonly named: FoundFiles['named'];
  readonly memory?: DocumentMemory | undefined;
  /** Told what was read, before anything is said of it. */
  readonly onLoaded?: (loaded: LoadedCluster) => void;
  readonly patch?: ManifestPatcher;
}

/** The same of options whose values are canonical. */
export function loadFiles(
  files: readonly InputFile[],
  options: ClusterOptions,
  { node = NOWHERE, named, memory, onLoaded = () => {}, patch }: FileContext,
): LoadedManifests {
  const locked = options.lock === undefined ? undefined : readLock(options.lock);
  if (locked !== undefined && hasErrors(locked.diagnostics)) return failed(locked.diagnostics);
  const validate = validateOptionsOf(options);
  const { serviceCIDRs, nodePortRange } = validate;
  const { onStage, ...silent } = options;
  const { podCIDRs } = options;
  const loaded = loadCluster(files, {
    validate,
    memory,
    synthesizePods:
      options.synthesizePods === true
        ? { podCIDRs, nodeName: node.nodeName, nodeIPs: node.nodeIPs }
        : undefined,
    allocate: {
      serviceCIDRs,
      nodePortRange,
      loadBalancerRanges: options.loadBalancerRanges,
      lock: locked?.lock,
      noAllocate: options.allocate === false,
    },
    patch,
    ...(onStage === undefined ? {} : { onStage }),
  });
  onLoaded(loaded);
  const diagnostics = checkNamedFiles(loaded, { files, named });
  if (hasErrors(diagnostics)) return failed(diagnostics);
  return {
    cluster: loaded.cluster,
    lock: loaded.lock,
    diagnostics,
    patched: (change) => loadFiles(files, silent, { node, named, memory, patch: change }),
  };
}

function readLock({ path, text }: { readonly path: string; readonly text: string }) {
  return parseAllocationLock(text, path);
}

function failed(diagnostics: readonly Diagnostic[]): LoadedManifests {
  return { cluster: undefined, lock: undefined, diagnostics };
}

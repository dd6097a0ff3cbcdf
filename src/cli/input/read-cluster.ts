import { type LoadOptions, loadCluster } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import type { Cluster } from '../../model/cluster.ts';
import { sizeOf } from '../../parse/input-file.ts';
import type { AllocationLock } from '../../resolve/allocation/allocation-lock.ts';
import type { ClusterFlags } from '../options/cluster-options.ts';
import { type InputFlags, validateOptions } from '../options/input-options.ts';
import { startProgress } from '../output/progress.ts';
import type { OutputFile } from '../output/write-files.ts';
import type { Terminal } from '../terminal.ts';
import { checkNamedFiles } from './check-named-files.ts';
import { type LockFile, lockFileUpdate, readLockFile } from './lock-file.ts';
import { readInputs } from './read-inputs.ts';
import { tellPassedOver } from './tell-passed-over.ts';

/** What a command line asks for, as far as reading is concerned. */
export interface ReadRequest {
  readonly paths: readonly string[];
  readonly flags: InputFlags & ClusterFlags;
  /** The node that output is made for: where synthesized pods are when the input has no Nodes. */
  readonly node?: { readonly name: string | undefined; readonly ips: readonly string[] };
}

export interface ReadCluster {
  /** undefined: there are errors. */
  readonly cluster: Cluster | undefined;
  /** What was allocated; undefined: there are errors. */
  readonly lock: AllocationLock | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The lock file, when it has to be written anew: before the output, or with it. */
  readonly lockFiles: readonly OutputFile[];
}

/** Reads manifests up to a cluster in which every Service has its addresses. */
export function readCluster(request: ReadRequest, terminal: Terminal): ReadCluster {
  const { paths, flags } = request;
  const inputs = readInputs(paths, flags.ignore ?? [], terminal);
  const lockFile = flags.lock === undefined ? undefined : readLockFile(flags.lock);
  const problems = [...inputs.diagnostics, ...(lockFile?.diagnostics ?? [])];
  if (hasErrors(problems))
    return { cluster: undefined, lock: undefined, diagnostics: problems, lockFiles: [] };
  const bytes = inputs.files.reduce((sum, file) => sum + sizeOf(file), 0);
  const progress = startProgress(terminal, bytes);
  const loaded = loadCluster(inputs.files, { ...loadOptions(request, lockFile), onStage: progress.show });
  progress.clear();
  if (flags.verbose === true) tellPassedOver(loaded, inputs, terminal);
  const diagnostics = [...problems, ...checkNamedFiles(loaded, inputs)];
  const { cluster, lock } = loaded;
  const hasLock = lockFile !== undefined && lock !== undefined;
  return {
    cluster: hasErrors(diagnostics) ? undefined : cluster,
    lock,
    diagnostics,
    lockFiles: hasLock ? lockFileUpdate(lockFile, lock) : [],
  };
}

function loadOptions({ flags, node }: ReadRequest, lockFile: LockFile | undefined): LoadOptions {
  const validate = validateOptions(flags);
  const { serviceCIDRs, nodePortRange } = validate;
  const wantsPods = flags.synthesizePods === true;
  return {
    validate,
    synthesizePods: wantsPods
      ? { podCIDRs: flags.podCidr, nodeName: node?.name, nodeIPs: node?.ips ?? [] }
      : undefined,
    allocate: { serviceCIDRs, nodePortRange, lock: lockFile?.lock, noAllocate: !flags.allocate },
  };
}

import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { PortRange } from '../../kubernetes/ranges.ts';
import { isAPIServer } from '../../kubernetes/services.ts';
import type { Cluster, Service } from '../../model/cluster.ts';
import { addressAt } from '../address-range.ts';
import { type AddressPool, claimAddress } from './address-pool.ts';
import type { AllocationLock, LockedService } from './allocation-lock.ts';
import { applyLock, type Pools } from './apply-lock.ts';
import { type Draft, finishDraft, lockDraft, startDraft } from './draft.ts';
import { fillDraft } from './fill-draft.ts';
import { withHeadlessFamilies } from './headless-families.ts';
import { lostValueWarnings, shortageErrors } from './problems.ts';
import { type ServiceRanges, serviceRanges } from './service-ranges.ts';

export interface AllocateOptions {
  /** `--service-cluster-ip-range`; undefined: not given, then ServiceCIDR objects, else the defaults say it. */
  readonly serviceCIDRs: readonly string[] | undefined;
  /** `--service-node-port-range`. */
  readonly nodePortRange: PortRange;
  /** What was allocated before; undefined: nothing that is to be kept. */
  readonly lock: AllocationLock | undefined;
  /** A value that is neither given nor locked is an error. */
  readonly noAllocate: boolean;
}

export interface AllocateResult {
  /** With clusterIPs, nodePorts and healthCheckNodePorts filled in. */
  readonly cluster: Cluster;
  /** What was allocated, for Services that are still there. */
  readonly lock: AllocationLock;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Gives Services what the API server would have allocated (pkg/registry/core/service of 1.34), but deterministically:
 * the value that a hash of the Service's name points to in the upper band of a range, or the next free one. Explicit
 * values are never given away; locked ones come first, then the rest in order of the Services.
 */
export function allocate(cluster: Cluster, options: AllocateOptions): AllocateResult {
  const ranges = serviceRanges(cluster, options.serviceCIDRs);
  const drafts = startDrafts(cluster.services, ranges);
  const all = [...drafts.values()];
  const diagnostics = all.length === 0 ? [] : fillDrafts(all, poolsOf(cluster, options, ranges), options);
  return {
    cluster: { ...cluster, services: cluster.services.map((service) => finished(drafts, service, ranges)) },
    lock: lockOf(all),
    diagnostics,
  };
}

/** Gives drafts what they lack. Says what they lose, or cannot get. */
function fillDrafts(drafts: readonly Draft[], pools: Pools, options: AllocateOptions): readonly Diagnostic[] {
  const services = options.lock?.services ?? {};
  const lost = drafts.flatMap((draft) => applyLock(draft, services[draft.key] ?? {}, pools));
  reserveForAPIServer(drafts, pools.addresses);
  const shortages = drafts.flatMap((draft) => fillDraft(draft, pools, options));
  return [...lostValueWarnings(lost, pools), ...shortageErrors(shortages, pools)];
}

/** All values that are set explicitly are taken, those of Services that lack nothing too. */
function poolsOf(cluster: Cluster, options: AllocateOptions, ranges: ServiceRanges): Pools {
  const taken = new Set<string>();
  const takenPorts = new Set<number>();
  for (const service of cluster.services) {
    for (const ip of service.clusterIPs) taken.add(ip);
    for (const { nodePort } of service.ports) takenPorts.add(nodePort);
    takenPorts.add(service.healthCheckNodePort);
  }
  return {
    addresses: { ranges, taken, skips: new Map() },
    ports: { range: options.nodePortRange, taken: takenPorts, skips: new Map() },
  };
}

function startDrafts(services: readonly Service[], ranges: ServiceRanges): ReadonlyMap<Service, Draft> {
  const drafts = new Map<Service, Draft>();
  for (const service of services) {
    const draft = startDraft(service, ranges);
    if (draft !== undefined) drafts.set(service, draft);
  }
  return drafts;
}

function finished(drafts: ReadonlyMap<Service, Draft>, service: Service, ranges: ServiceRanges): Service {
  const draft = drafts.get(service);
  return draft === undefined ? withHeadlessFamilies(service, ranges) : finishDraft(draft);
}

/** The API server gives the very first address of the range to its own Service when it starts: nobody else gets it. */
function reserveForAPIServer(drafts: readonly Draft[], pool: AddressPool): void {
  const [range] = pool.ranges.ranges;
  if (range === undefined || range.size === 0) return;
  const ip = addressAt(range, 0);
  if (claimAddress(pool, ip) !== 'claimed') return;
  for (const draft of drafts) {
    if (!isAPIServer(draft.service)) continue;
    const index = draft.families.indexOf(range.family);
    if (index >= 0) draft.clusterIPs[index] ??= ip;
  }
}

function lockOf(drafts: readonly Draft[]): AllocationLock {
  const services: [string, LockedService][] = [];
  for (const draft of drafts) {
    const locked = lockDraft(draft);
    if (locked !== undefined) services.push([draft.key, locked]);
  }
  services.sort(([a], [b]) => (a < b ? -1 : 1));
  return { version: 1, services: Object.fromEntries(services) };
}

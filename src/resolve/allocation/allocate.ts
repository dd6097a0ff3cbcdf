import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, count, listNames } from '../../diagnostic/report.ts';
import type { PortRange } from '../../kubernetes/ranges.ts';
import { isAPIServer } from '../../kubernetes/services.ts';
import { type Cluster, objectKey, type Service } from '../../model/cluster.ts';
import { formatFieldPath } from '../../model/field-path.ts';
import { familyOf } from '../../model/ip.ts';
import type { ResolveCode } from '../codes.ts';
import { addressAt } from './address-range.ts';
import {
  type AllocationLock,
  allocationLock,
  type LockedService,
  lockedProxyKey,
} from './allocation-lock.ts';
import { type Draft, finishDraft, lockDraft, startDraft, withHeadlessFamilies } from './draft.ts';
import { applyLock, fillDraft, type LostValue, type Shortage } from './fill-draft.ts';
import { giveLoadBalancerIPs } from './load-balancers.ts';
import {
  type AddressPool,
  addressRangesText,
  claimAddress,
  makePools,
  nodePortRangeText,
  type Pools,
} from './pools.ts';
import { type ServiceRanges, serviceRanges } from './service-ranges.ts';

export interface AllocateOptions {
  /** `--service-cluster-ip-range`; undefined: not given, then ServiceCIDR objects, else the defaults say it. */
  readonly serviceCIDRs: readonly string[] | undefined;
  /** `--service-node-port-range`. */
  readonly nodePortRange: PortRange;
  /** `--load-balancer-range`; undefined: load balancers have the addresses that manifests give them, or none. */
  readonly loadBalancerRanges?: readonly string[] | undefined;
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
  const diagnostics = all.length === 0 ? [] : fillDrafts(all, makePools(cluster, ranges, options), options);
  const services = cluster.services.map((service) => finished(drafts, service, ranges));
  const { loadBalancerRanges, lock, noAllocate } = options;
  const balanced = giveLoadBalancerIPs(services, cluster, { loadBalancerRanges, lock, noAllocate });
  const proxyPorts = keptProxyPorts(cluster.services, lock);
  return {
    cluster: { ...cluster, services: withProxyPorts(balanced.services, proxyPorts) },
    lock: lockOf(all, { loadBalancerIPs: balanced.given, proxyPorts }),
    diagnostics: [...diagnostics, ...balanced.diagnostics],
  };
}

/** By `namespace/name` of the Service, then by `lockedProxyKey`. */
type KeptProxyPorts = ReadonlyMap<string, Readonly<Record<string, number>>>;

/** Services carry the locked ones to where the mode is known, and new ones are allocated. */
function withProxyPorts(services: readonly Service[], kept: KeptProxyPorts): readonly Service[] {
  if (kept.size === 0) return services;
  return services.map((service) => {
    const lockedProxyPorts = kept.get(objectKey(service));
    return lockedProxyPorts === undefined ? service : { ...service, lockedProxyPorts };
  });
}

/** What is locked for ports that are still there. It stays locked in other modes, too. */
function keptProxyPorts(services: readonly Service[], lock: AllocationLock | undefined): KeptProxyPorts {
  const kept = new Map<string, Readonly<Record<string, number>>>();
  if (lock === undefined) return kept;
  for (const service of services) {
    const { proxyPorts } = lock.services[objectKey(service)] ?? {};
    if (proxyPorts === undefined) continue;
    const known = new Set(
      service.ports.flatMap((port) => [lockedProxyKey(port, 'cluster'), lockedProxyKey(port, 'local')]),
    );
    const entries = Object.entries(proxyPorts).filter(([key]) => known.has(key));
    if (entries.length > 0) kept.set(objectKey(service), Object.fromEntries(entries));
  }
  return kept;
}

/** Gives drafts what they lack. Says what they lose, or cannot get. */
function fillDrafts(drafts: readonly Draft[], pools: Pools, options: AllocateOptions): readonly Diagnostic[] {
  const services = options.lock?.services ?? {};
  const lost = drafts.flatMap((draft) => applyLock(draft, services[draft.key] ?? {}, pools));
  reserveForAPIServer(drafts, pools.addresses);
  const shortages = drafts.flatMap((draft) => fillDraft(draft, pools, options));
  return [...lostValueWarnings(lost, pools), ...shortageErrors(shortages, pools)];
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

function lockOf(
  drafts: readonly Draft[],
  {
    loadBalancerIPs,
    proxyPorts,
  }: {
    readonly loadBalancerIPs: ReadonlyMap<string, readonly string[]>;
    readonly proxyPorts: KeptProxyPorts;
  },
): AllocationLock {
  const locked = new Map<string, LockedService>();
  for (const draft of drafts) {
    const values = lockDraft(draft);
    if (values !== undefined) locked.set(draft.key, values);
  }
  for (const [key, ips] of loadBalancerIPs)
    if (ips.length > 0) locked.set(key, { ...locked.get(key), loadBalancerIPs: ips });
  for (const [key, ports] of proxyPorts) locked.set(key, { ...locked.get(key), proxyPorts: ports });
  return allocationLock(locked);
}

const MISSING_CODES = {
  clusterIP: 'cluster-ip-given',
  nodePort: 'node-port-given',
  healthCheckNodePort: 'health-check-node-port-given',
} as const;

/** Warnings about locked values that had to give way. */
function lostValueWarnings(lost: readonly LostValue[], pools: Pools): readonly Diagnostic[] {
  return lost.map(({ draft, field, value, reason }) => {
    const ranges =
      typeof value === 'number' ? nodePortRangeText(pools) : addressRangesText(pools, familyOf(value));
    const why = reason === 'taken' ? 'is taken by now' : `is outside ${ranges}`;
    return aboutField<ResolveCode>('Service', draft.service, field, {
      code: 'locked-value-usable',
      severity: 'warning',
      message: `${formatFieldPath(field)} cannot stay ${value} as locked: it ${why}`,
      hint: 'it moves to another value, which the lock holds from now on',
    });
  });
}

/** Errors about values that Services lack: one for each value, but one in all for what is full. */
function shortageErrors(shortages: readonly Shortage[], pools: Pools): readonly Diagnostic[] {
  const full: Record<Shortage['of'], Shortage[]> = { IPv4: [], IPv6: [], nodePorts: [] };
  const diagnostics: Diagnostic[] = [];
  for (const shortage of shortages) {
    const { reason, of } = shortage;
    if (reason === 'none wanted') diagnostics.push(missingError(shortage, pools));
    else if (reason === 'no range') diagnostics.push(noRangeError(shortage, pools));
    else full[of].push(shortage);
  }
  return [...diagnostics, ...Object.values(full).flatMap((each) => fullError(each, pools))];
}

function missingError({ draft, field, kind, of }: Shortage, pools: Pools): Diagnostic {
  const free =
    kind === 'clusterIP'
      ? `set it to a free address of ${addressRangesText(pools, of)}`
      : `set it to a free port of ${nodePortRangeText(pools)}`;
  const orElse = draft.service.type === 'LoadBalancer' && kind === 'nodePort';
  return aboutField<ResolveCode>('Service', draft.service, field, {
    code: MISSING_CODES[kind],
    severity: 'error',
    message: `${formatFieldPath(field)} is missing, and nothing is allocated with --no-allocate`,
    hint: orElse ? `${free}, or spec.allocateLoadBalancerNodePorts to false` : free,
  });
}

function noRangeError({ draft, of }: Shortage, pools: Pools): Diagnostic {
  const { service } = draft;
  const index = of === 'nodePorts' ? -1 : service.ipFamilies.indexOf(of);
  const field = index < 0 ? ['spec', 'ipFamilyPolicy'] : ['spec', 'ipFamilies', index];
  return aboutField<ResolveCode>('Service', service, field, {
    code: 'service-family-has-range',
    severity: 'error',
    message: `the cluster has no service range of family "${of}", only ${addressRangesText(pools)}`,
    hint: `add an ${of} range to --service-cluster-ip-range, or ask for one family only`,
  });
}

function fullError(shortages: readonly Shortage[], pools: Pools): readonly Diagnostic[] {
  const [first] = shortages;
  if (first === undefined) return [];
  const names = listNames([...new Set(shortages.map(({ draft }) => draft.key))]);
  const report =
    first.kind === 'clusterIP'
      ? ({
          code: 'service-range-has-room',
          message: `${addressRangesText(pools, first.of)} is full: no address is left for ${names}`,
          hint: 'give a larger --service-cluster-ip-range',
        } as const)
      : ({
          code: 'node-port-range-has-room',
          message: `${nodePortRangeText(pools)} is full: ${count(shortages.length, 'port')} of ${names} cannot be served`,
          hint: 'give a larger --service-node-port-range, or set spec.allocateLoadBalancerNodePorts to false',
        } as const);
  return [
    aboutField<ResolveCode>('Service', first.draft.service, first.field, { ...report, severity: 'error' }),
  ];
}

import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutField, listNames } from '../../diagnostic/report.ts';
import { type Cluster, objectKey, type Service } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { ResolveCode } from '../codes.ts';
import { type AddressRange, addressAt, addressRange, rangeHolds } from './address-range.ts';
import type { AllocationLock } from './allocation-lock.ts';
import { firstFree, type Skips } from './bands.ts';
import { hashName } from './name-hash.ts';

/** Where load balancers get addresses that manifests do not give them. */
export interface LoadBalancerOptions {
  /** `--load-balancer-range`; undefined: they get none. At most one of each family. */
  readonly loadBalancerRanges: readonly string[] | undefined;
  readonly lock: AllocationLock | undefined;
  /** Only what is locked is given away. */
  readonly noAllocate: boolean;
}

export interface LoadBalancerResult {
  readonly services: readonly Service[];
  /** By `namespace/name`: what was given, to be locked. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Gives load balancers without an address one of each of their families that there is a range of, as clusterIPs are
 * allocated: what is locked first, then what the hash of the name points to. What anything in the input has is not given away.
 * @param services with their clusterIPs
 */
export function giveLoadBalancerIPs(
  services: readonly Service[],
  cluster: Cluster,
  options: LoadBalancerOptions,
): LoadBalancerResult {
  const ranges = (options.loadBalancerRanges ?? []).flatMap((cidr) => addressRange(cidr) ?? []);
  const open = ranges.length === 0 ? [] : services.filter(isOpen);
  if (open.length === 0) return { services, given: new Map(), diagnostics: [] };
  const pool: Pool = { ranges, taken: takenAddresses(services, cluster), skips: new Map() };
  const given = new Map<string, string[]>(open.map((service) => [objectKey(service), []]));
  const lost = open.flatMap((service) => giveLocked(service, options, pool, given));
  const missing = options.noAllocate ? [] : open.flatMap((service) => giveFree(service, pool, given));
  return {
    services: services.map((service) => withIngress(service, given.get(objectKey(service)))),
    given,
    diagnostics: [...lost, ...noRoom(missing, ranges)],
  };
}

interface Pool {
  readonly ranges: readonly AddressRange[];
  readonly taken: Set<string>;
  readonly skips: Map<AddressRange, Skips>;
}

type Given = Map<string, string[]>;

function isOpen({ type, loadBalancerIngress, clusterIPs }: Service): boolean {
  return type === 'LoadBalancer' && loadBalancerIngress.length === 0 && clusterIPs.length > 0;
}

function takenAddresses(services: readonly Service[], { nodes, pods }: Cluster): Set<string> {
  const taken = new Set<string>();
  for (const { clusterIPs, externalIPs, loadBalancerIngress } of services) {
    for (const ip of clusterIPs) taken.add(ip);
    for (const ip of externalIPs) taken.add(ip);
    for (const { ip } of loadBalancerIngress) taken.add(ip);
  }
  for (const { addresses } of nodes) for (const ip of addresses) taken.add(ip);
  for (const { podIPs } of pods) for (const ip of podIPs) taken.add(ip);
  return taken;
}

function giveLocked(
  service: Service,
  { lock }: LoadBalancerOptions,
  { ranges, taken }: Pool,
  given: Given,
): readonly Diagnostic[] {
  const key = objectKey(service);
  return (lock?.services[key]?.loadBalancerIPs ?? []).flatMap((ip) => {
    const isInRange = ranges.some((range) => rangeHolds(range, ip));
    if (isInRange && !taken.has(ip)) {
      taken.add(ip);
      given.get(key)?.push(ip);
      return [];
    }
    const why = isInRange ? 'is taken by now' : 'is outside --load-balancer-range';
    return [
      aboutField<ResolveCode>('Service', service, ['spec', 'type'], {
        code: 'locked-value-usable',
        severity: 'warning',
        message: `the load balancer cannot stay ${ip} as locked: it ${why}`,
        hint: 'it moves to another value, which the lock holds from now on',
      }),
    ];
  });
}

/** @returns the service once for each address that is missing */
function giveFree(service: Service, { ranges, taken, skips }: Pool, given: Given): readonly Service[] {
  const key = objectKey(service);
  const ips = given.get(key) ?? [];
  return ranges.flatMap((range) => {
    const isWanted = service.clusterIPs.some((ip) => familyOf(ip) === range.family);
    if (!isWanted || ips.some((ip) => familyOf(ip) === range.family)) return [];
    const known = skips.get(range) ?? new Map<number, number>();
    skips.set(range, known);
    const isFree = (offset: number) => !taken.has(addressAt(range, offset));
    const bands = { size: range.size, staticSize: 0 };
    const offset = firstFree(bands, hashName(`${key}/${range.family}`), { skips: known, isFree });
    if (offset === undefined) return [service];
    const ip = addressAt(range, offset);
    taken.add(ip);
    ips.push(ip);
    return [];
  });
}

function withIngress(service: Service, ips: readonly string[] | undefined): Service {
  if (ips === undefined || ips.length === 0) return service;
  return { ...service, loadBalancerIngress: ips.map((ip) => ({ ip, ipMode: 'VIP' }) as const) };
}

function noRoom(missing: readonly Service[], ranges: readonly AddressRange[]): readonly Diagnostic[] {
  const [first] = missing;
  if (first === undefined) return [];
  const names = listNames([...new Set(missing.map(objectKey))]);
  return [
    aboutField<ResolveCode>('Service', first, ['spec', 'type'], {
      code: 'load-balancer-range-has-room',
      severity: 'error',
      message: `${ranges.map(({ cidr }) => cidr).join(',')} is full: no address is left for the load balancers ${names}`,
      hint: 'give a larger --load-balancer-range',
    }),
  ];
}

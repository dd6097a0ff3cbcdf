import { DEFAULT_POD_CIDRS } from '../../kubernetes/ranges.ts';
import type { Cluster, Node } from '../../model/cluster.ts';
import { familyOf, IP_FAMILIES } from '../../model/ip.ts';
import { type AddressRange, addressAt, addressRange } from '../allocation/address-range.ts';
import { firstFree, type Skips, skipsOf } from '../allocation/bands.ts';
import { hashName } from '../allocation/name-hash.ts';

/** Where pods that are made from templates get their addresses. */
export interface PodAddresses {
  /** Of all nodes; of each family the first counts. */
  readonly ranges: readonly AddressRange[];
  /** What single nodes have instead, by name. */
  readonly ofNodes: ReadonlyMap<string, readonly AddressRange[]>;
  readonly taken: Set<string>;
  readonly skips: Map<AddressRange, Skips>;
}

/**
 * Ranges for pods: `--pod-cidr` when it is given; else the podCIDRs of the Node that a pod runs on, and the defaults
 * of both families where it has none. Addresses that anything in the input has are not given away.
 */
export function podAddresses(cluster: Cluster, given: readonly string[] | undefined): PodAddresses {
  const ofNodes = given === undefined ? cluster.nodes.map(nodeRanges) : [];
  return {
    ranges: rangesOf(given ?? DEFAULT_POD_CIDRS),
    ofNodes: new Map(ofNodes),
    taken: takenAddresses(cluster),
    skips: new Map(),
  };
}

/** One address of each family, IPv4 first. */
export type PodIPs =
  | { readonly kind: 'addresses'; readonly ips: readonly string[] }
  | { readonly kind: 'full'; readonly range: AddressRange };

/** Gives a pod its addresses: those that its name hashes to, or the next free ones. */
export function allocatePodIPs(
  addresses: PodAddresses,
  { key, nodeName }: { readonly key: string; readonly nodeName: string | undefined },
): PodIPs {
  const ofNode = (nodeName === undefined ? undefined : addresses.ofNodes.get(nodeName)) ?? [];
  const ips: string[] = [];
  for (const family of IP_FAMILIES) {
    const range = [...ofNode, ...addresses.ranges].find((each) => each.family === family);
    if (range === undefined) continue;
    const ip = takeAddress(addresses, range, `${key}/${family}`);
    if (ip === undefined) return { kind: 'full', range };
    ips.push(ip);
  }
  return { kind: 'addresses', ips };
}

/** The first address is left to the bridge of the node, as long as there are others. */
function takeAddress({ taken, skips }: PodAddresses, range: AddressRange, name: string): string | undefined {
  const bands = { size: range.size, staticSize: Math.min(1, range.size) };
  const isFree = (offset: number) => !taken.has(addressAt(range, offset));
  const offset = firstFree(bands, hashName(name), { skips: skipsOf(skips, range), isFree });
  if (offset === undefined) return undefined;
  const ip = addressAt(range, offset);
  taken.add(ip);
  return ip;
}

function nodeRanges({ name, podCIDRs }: Node): readonly [string, readonly AddressRange[]] {
  return [name, rangesOf(podCIDRs)];
}

function rangesOf(cidrs: readonly string[]): readonly AddressRange[] {
  const ranges = cidrs.map(addressRange).filter((range) => range !== undefined);
  return ranges.filter(({ family }, index) => ranges.findIndex((each) => each.family === family) === index);
}

function takenAddresses(cluster: Cluster): Set<string> {
  const taken = new Set<string>();
  const take = (ips: readonly string[]) => {
    for (const ip of ips) taken.add(ip);
  };
  for (const { podIPs } of cluster.pods) take(podIPs);
  for (const { addresses } of cluster.nodes) take(addresses);
  for (const { clusterIPs, externalIPs } of cluster.services) {
    take(clusterIPs);
    take(externalIPs);
  }
  for (const { endpoints } of cluster.endpointSlices) for (const { addresses } of endpoints) take(addresses);
  for (const { subsets } of cluster.endpoints) {
    for (const { addresses, notReadyAddresses } of subsets) {
      for (const { ip } of addresses) taken.add(ip);
      for (const { ip } of notReadyAddresses) taken.add(ip);
    }
  }
  return taken;
}

/** The first address of each family. */
export function primaryAddresses(addresses: readonly string[]): readonly string[] {
  return IP_FAMILIES.map((family) => addresses.find((ip) => familyOf(ip) === family)).filter(
    (ip) => ip !== undefined,
  );
}

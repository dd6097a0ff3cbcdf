import type { EndpointAddress, EndpointPort, EndpointSubset } from '../../model/cluster.ts';

/** An address that several ports share, and where it comes in the order of all addresses. */
interface Member {
  readonly address: EndpointAddress;
  rank: number;
}

/** A port, and who serves it: true for ready. `port` is undefined for addresses without ports. */
interface PortMembers {
  readonly port: EndpointPort | undefined;
  readonly members: Map<Member, boolean>;
}

/**
 * Brings subsets into canonical form, as the controllers do (`RepackSubsets`, pkg/api/v1/endpoints): every port once,
 * ports with the same addresses together. Addresses with one IP and one target's uid count once, and as not ready if
 * they are so anywhere on that port. Addresses are sorted by IP as text, then uid; ports and subsets stay in the
 * order in which they first appear, where the controllers sort by hash.
 */
export function repackSubsets(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  const members = new Map<string, Member>();
  const ports = new Map<string, PortMembers>();
  for (const { addresses, notReadyAddresses, ports: own } of subsets) {
    const lists =
      own.length === 0 ? [membersOf(ports, undefined)] : own.map((port) => membersOf(ports, port));
    for (const address of addresses) addTo(lists, memberFor(members, address), { ready: true });
    for (const address of notReadyAddresses) addTo(lists, memberFor(members, address), { ready: false });
  }
  const sorted = [...members.values()].sort(byAddress);
  sorted.forEach((member, rank) => {
    member.rank = rank;
  });
  return mergePorts([...ports.values()].filter((entry) => entry.members.size > 0));
}

function membersOf(ports: Map<string, PortMembers>, port: EndpointPort | undefined): PortMembers {
  const key =
    port === undefined ? '' : JSON.stringify([port.name, port.protocol, port.port, port.appProtocol]);
  let entry = ports.get(key);
  if (entry === undefined) {
    entry = { port, members: new Map() };
    ports.set(key, entry);
  }
  return entry;
}

function memberFor(members: Map<string, Member>, address: EndpointAddress): Member {
  const key = `${address.ip} ${address.targetRef?.uid ?? ''}`;
  let member = members.get(key);
  if (member === undefined) {
    member = { address, rank: 0 };
    members.set(key, member);
  }
  return member;
}

function addTo(lists: readonly PortMembers[], member: Member, { ready }: { readonly ready: boolean }): void {
  for (const { members } of lists) if (members.get(member) !== false) members.set(member, ready);
}

function byAddress(a: Member, b: Member): number {
  if (a.address.ip !== b.address.ip) return a.address.ip < b.address.ip ? -1 : 1;
  const [uidA, uidB] = [a.address.targetRef?.uid ?? '', b.address.targetRef?.uid ?? ''];
  if (uidA === uidB) return 0;
  return uidA < uidB ? -1 : 1;
}

function mergePorts(entries: readonly PortMembers[]): readonly EndpointSubset[] {
  const merged = new Map<string, EndpointSubset & { readonly ports: EndpointPort[] }>();
  for (const { port, members } of entries) {
    const sorted = [...members].sort(([a], [b]) => a.rank - b.rank);
    const key = sorted.map(([{ rank }, ready]) => (ready ? rank : -1 - rank)).join();
    let subset = merged.get(key);
    if (subset === undefined) {
      subset = { ...splitByReadiness(sorted), ports: [] };
      merged.set(key, subset);
    }
    if (port !== undefined) subset.ports.push(port);
  }
  return [...merged.values()];
}

function splitByReadiness(members: readonly (readonly [Member, boolean])[]) {
  const addresses: EndpointAddress[] = [];
  const notReadyAddresses: EndpointAddress[] = [];
  for (const [{ address }, ready] of members) (ready ? addresses : notReadyAddresses).push(address);
  return { addresses, notReadyAddresses };
}

/** How many addresses an Endpoints object holds. */
const MAX_ADDRESSES = 1000;

/**
 * Cuts subsets to 1000 addresses (`truncateEndpoints`, pkg/controller/endpoint): ready ones stay first. What does not
 * fit is taken from each subset in proportion, rounded up, so that the last ones may lose a few more.
 * @returns undefined when everything fits
 */
export function truncateSubsets(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] | undefined {
  let ready = 0;
  let notReady = 0;
  for (const { addresses, notReadyAddresses } of subsets) {
    ready += addresses.length;
    notReady += notReadyAddresses.length;
  }
  if (ready + notReady <= MAX_ADDRESSES) return undefined;
  if (ready > MAX_ADDRESSES) {
    const take = proportionalCut(MAX_ADDRESSES, ready);
    return subsets.map((each) => ({ ...each, addresses: take(each.addresses), notReadyAddresses: [] }));
  }
  const take = proportionalCut(MAX_ADDRESSES - ready, notReady);
  return subsets.map((each) => ({ ...each, notReadyAddresses: take(each.notReadyAddresses) }));
}

/** Takes the start of each list, `capacity` in all of `total`. */
function proportionalCut(capacity: number, total: number) {
  let left = capacity;
  return (list: readonly EndpointAddress[]): readonly EndpointAddress[] => {
    const share = Math.min(left, Math.ceil((list.length / total) * capacity));
    const taken = list.slice(0, share);
    left -= taken.length;
    return taken;
  };
}

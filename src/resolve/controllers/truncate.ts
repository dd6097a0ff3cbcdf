import type { EndpointAddress, EndpointSubset } from '../../model/cluster.ts';

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

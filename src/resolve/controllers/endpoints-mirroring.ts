import { LAST_CHANGE_ANNOTATION, LEADER_ANNOTATION, MIRRORING_CONTROLLER } from '../../kubernetes/labels.ts';
import type {
  ControllerEndpoint,
  ControllerSlice,
  EndpointAddress,
  EndpointSubset,
  Endpoints,
  StringMap,
} from '../../model/cluster.ts';
import { familyOf, IP_FAMILIES } from '../../model/ip.ts';
import { sliceLabels, sliceName, withoutKey } from './slice-metadata.ts';
import { repackSubsets } from './subsets.ts';

/** kube-controller-manager's `--mirroring-max-endpoints-per-subset`. */
const MAX_ENDPOINTS_PER_SUBSET = 1000;

const NO_NAMES: readonly string[] = [];

/**
 * The EndpointSlices that the EndpointSliceMirroring controller makes of an Endpoints object
 * (pkg/controller/endpointslicemirroring 1.34): subsets are repacked; each gives one slice for each of its address
 * families, with at most 1000 of its addresses, ready ones first. Slices are sorted by name. Which objects it mirrors:
 * `isMirrored`.
 */
export function mirrorEndpoints(endpoints: Endpoints): readonly ControllerSlice[] {
  const labels = sliceLabels(endpoints, MIRRORING_CONTROLLER);
  const annotations = mirroredAnnotations(endpoints.annotations);
  const subsets = repackSubsets(endpoints.subsets).map(toMembers);
  const slices: ControllerSlice[] = [];
  for (const family of IP_FAMILIES) {
    let number = 0;
    for (const { ports, members } of subsets) {
      const own = members.filter(({ addresses: [ip = ''] }) => familyOf(ip) === family);
      if (own.length === 0) continue;
      number += 1;
      slices.push({
        namespace: endpoints.namespace,
        name: sliceName(endpoints, family, number),
        labels,
        annotations,
        locate: endpoints.locate,
        serviceName: endpoints.name,
        addressType: family,
        ports,
        endpoints: own,
      });
    }
  }
  return slices.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether the mirroring controller takes an Endpoints object: not those marked, nor leader election records. */
export function isMirrored({ labels, annotations }: Endpoints): boolean {
  if (Object.hasOwn(annotations, LEADER_ANNOTATION)) return false;
  return labels['endpointslice.kubernetes.io/skip-mirror'] !== 'true';
}

function toMembers({ ports, addresses, notReadyAddresses }: EndpointSubset) {
  const members: ControllerEndpoint[] = [];
  for (const address of addresses) members.push(toEndpoint(address, { ready: true }));
  for (const address of notReadyAddresses) members.push(toEndpoint(address, { ready: false }));
  return { ports, members: members.slice(0, MAX_ENDPOINTS_PER_SUBSET) };
}

/** The mirroring controller writes the condition `ready` alone; what is absent means serving, not terminating. */
function toEndpoint(address: EndpointAddress, { ready }: { readonly ready: boolean }): ControllerEndpoint {
  const plain = {
    addresses: [address.ip],
    ready,
    serving: true,
    terminating: false,
    hostname: address.hostname === '' ? undefined : address.hostname,
    nodeName: address.nodeName,
    zone: undefined,
    zoneHints: NO_NAMES,
    nodeHints: NO_NAMES,
    targetRef: address.targetRef,
  };
  return address.spelledIP === undefined ? plain : { ...plain, spelledIP: address.spelledIP };
}

function mirroredAnnotations(annotations: StringMap): StringMap {
  return withoutKey(
    withoutKey(annotations, LAST_CHANGE_ANNOTATION),
    'kubectl.kubernetes.io/last-applied-configuration',
  );
}

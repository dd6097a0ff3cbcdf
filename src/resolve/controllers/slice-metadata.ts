import type { IPFamily, ObjectMeta, Service, StringMap } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';

/** Marks slices and Endpoints of services without a cluster IP. */
export const HEADLESS = 'service.kubernetes.io/headless';

/** Who writes a slice. */
export type SliceWriter = 'endpointslice-controller.k8s.io' | 'endpointslicemirroring-controller.k8s.io';

/** Whether the endpoint controllers look after a service: it has a selector, and is not just another name. */
export function hasController({ type, selector }: Service): boolean {
  if (type === 'ExternalName') return false;
  for (const _ in selector) return true;
  return false;
}

/** Whether a service has no virtual address of its own. */
export function isHeadless({ clusterIPs }: Service): boolean {
  return clusterIPs[0] === 'None';
}

/** The families that a service has endpoints in; IPv4 when it names none. Both when it requires both. */
export function familiesOf({ ipFamilies, ipFamilyPolicy, clusterIPs }: Service): readonly IPFamily[] {
  const addresses = clusterIPs.filter((ip) => ip !== 'None');
  const families = ipFamilies.length > 0 ? ipFamilies : addresses.map(familyOf);
  const [first = 'IPv4'] = families;
  if (families.length > 1 || ipFamilyPolicy !== 'RequireDualStack')
    return families.length > 0 ? families : [first];
  return first === 'IPv4' ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
}

/** Labels of a slice: those of its service or Endpoints, and the two that say whose it is and who wrote it. */
export function sliceLabels(owner: ObjectMeta, writer: SliceWriter): StringMap {
  return { ...owner.labels, [SERVICE_NAME]: owner.name, [MANAGED_BY]: writer };
}

/** A label map without one key. */
export function withoutKey(map: StringMap, key: string): StringMap {
  if (!Object.hasOwn(map, key)) return map;
  const { [key]: _, ...rest } = map;
  return rest;
}

/**
 * Controllers let the API server draw names. These tell slices of all services of a namespace apart, too: the last
 * two parts are family and number, what stands before them is the service. At most 63 + 5 + 1 + 7 characters.
 * @param number from 1, counted for each service and family
 */
export function sliceName(owner: ObjectMeta, family: IPFamily, number: number): string {
  return `${owner.name}-${family.toLowerCase()}-${number}`;
}

import { SERVICE_NAME_LABEL, SLICE_MANAGED_BY_LABEL } from '../../kubernetes/labels.ts';
import { virtualIPs } from '../../kubernetes/services.ts';
import type { IPFamily, ObjectMeta, Service, StringMap } from '../../model/cluster.ts';
import { familyOf, otherFamily } from '../../model/ip.ts';

/** The families that a service has endpoints in; IPv4 when it names none. Both when it requires both. */
export function familiesOf(service: Service): readonly IPFamily[] {
  const { ipFamilies, ipFamilyPolicy } = service;
  const families = ipFamilies.length > 0 ? ipFamilies : virtualIPs(service).map(familyOf);
  const [first = 'IPv4'] = families;
  if (families.length > 1 || ipFamilyPolicy !== 'RequireDualStack')
    return families.length > 0 ? families : [first];
  return [first, otherFamily(first)];
}

/**
 * Labels of a slice: those of its service or Endpoints, and the two that say whose it is and who wrote it.
 * @param writer a controller
 */
export function sliceLabels(owner: ObjectMeta, writer: string): StringMap {
  return { ...owner.labels, [SERVICE_NAME_LABEL]: owner.name, [SLICE_MANAGED_BY_LABEL]: writer };
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

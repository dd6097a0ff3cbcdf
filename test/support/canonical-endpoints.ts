import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model/json.ts';

/**
 * Objects in the form of `fixtures/conformance/endpoints`: without names of slices and without any order; slices of one
 * Service with the same address type and ports are one entry, which keeps how many endpoints each of them had.
 */
export function canonicalEndpoints(items: readonly JsonObject[]): JsonObject {
  return {
    endpoints: sorted(items.filter(({ kind }) => kind === 'Endpoints').map(endpointsOf)),
    slices: mergeSlices(items.filter(({ kind }) => kind === 'EndpointSlice')),
  };
}

/** The expected side, in the same order. */
export function canonicalExpected({ endpoints, slices }: JsonObject): JsonObject {
  const sortLists = (value: JsonValue): JsonValue => {
    if (Array.isArray(value)) return sorted(value.map(sortLists));
    return isJsonObject(value) ? mapValues(value, sortLists) : value;
  };
  return { endpoints: sortLists(endpoints ?? []), slices: sortLists(slices ?? []) };
}

function endpointsOf({ metadata, subsets }: JsonObject): JsonObject {
  const { namespace = null, name = null, annotations } = objectOf(metadata);
  const overCapacity = objectOf(annotations)['endpoints.kubernetes.io/over-capacity'];
  return {
    namespace,
    name,
    subsets: sorted(listOf(subsets).map(subsetOf)),
    ...(overCapacity === undefined ? {} : { overCapacity }),
  };
}

function subsetOf(subset: JsonObject): JsonObject {
  const { ports, addresses, notReadyAddresses } = subset;
  return {
    ports: sorted(listOf(ports)),
    addresses: sorted(listOf(addresses)),
    notReadyAddresses: sorted(listOf(notReadyAddresses)),
  };
}

function mergeSlices(slices: readonly JsonObject[]): JsonValue {
  const merged = new Map<string, { head: JsonObject; sizes: number[]; endpoints: JsonValue[] }>();
  for (const { metadata, addressType = null, ports, endpoints } of slices) {
    const { namespace = null, labels } = objectOf(metadata);
    const service = objectOf(labels)['kubernetes.io/service-name'] ?? null;
    const head = { namespace, service, addressType, ports: sorted(listOf(ports).map(withoutEmpty)) };
    const key = JSON.stringify(head);
    const entry = merged.get(key) ?? { head, sizes: [] as number[], endpoints: [] as JsonValue[] };
    entry.sizes.push(listOf(endpoints).length);
    entry.endpoints.push(...listOf(endpoints).map(endpointOf));
    merged.set(key, entry);
  }
  return sorted(
    [...merged.values()].map(({ head, sizes, endpoints }) => ({
      ...head,
      sliceSizes: sorted(sizes),
      endpoints: sorted(endpoints),
    })),
  );
}

function endpointOf({ addresses, conditions, hints, ...rest }: JsonObject): JsonObject {
  const names = (list: JsonValue | undefined) => sorted(listOf(list).map(({ name }) => name ?? null));
  const { forZones, forNodes } = objectOf(hints);
  return {
    address: Array.isArray(addresses) ? addresses.join() : null,
    ...objectOf(conditions),
    ...rest,
    ...(forZones === undefined ? {} : { forZones: names(forZones) }),
    ...(forNodes === undefined ? {} : { forNodes: names(forNodes) }),
  };
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== ''));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

function mapValues(object: JsonObject, map: (value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

/** By what they are, keys in any order. */
function sorted(list: readonly JsonValue[]): JsonValue {
  const keyed = list.map((value) => ({ value, key: JSON.stringify(withSortedKeys(value)) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ value }) => value);
}

function withSortedKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, withSortedKeys(each)]));
}

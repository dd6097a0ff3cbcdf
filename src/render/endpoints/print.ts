import { escapeJson } from '../../diagnostic/escape.ts';
import { MIRRORING_CONTROLLER, SLICE_MANAGED_BY_LABEL } from '../../kubernetes/labels.ts';
import { yamlDocument } from '../../lang/text/yaml-text.ts';
import type {
  ControllerEndpoint,
  ControllerSlice,
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Endpoints,
  ObjectMeta,
  ObjectReference,
  StringMap,
} from '../../model/cluster.ts';
import type { JsonObject, JsonValue } from '../../model/json.ts';

/** An object to print. */
export type PrintableEndpoints =
  | { readonly kind: 'Endpoints'; readonly object: Endpoints }
  | { readonly kind: 'EndpointSlice'; readonly object: ControllerSlice };

export type EndpointsFormat = 'yaml' | 'json';

export const endpointsFormats: readonly EndpointsFormat[] = ['yaml', 'json'];

/**
 * Prints objects as they come, one a chunk: YAML documents, each after its `---` so that the text may follow other
 * documents, or one JSON `List`. Both are what `kubectl apply` and `svcgen render` read.
 */
export function printEndpoints(
  objects: Iterable<PrintableEndpoints>,
  format: EndpointsFormat,
): Generator<string> {
  return format === 'yaml' ? printYAML(objects) : printJSON(objects);
}

function* printYAML(objects: Iterable<PrintableEndpoints>): Generator<string> {
  for (const each of objects) yield `---\n${yamlDocument(manifestOf(each))}`;
}

function* printJSON(objects: Iterable<PrintableEndpoints>): Generator<string> {
  let before = '{\n  "apiVersion": "v1",\n  "kind": "List",\n  "items": [\n    ';
  let after = `${before.trimEnd()}]\n}\n`;
  for (const each of objects) {
    yield before + escapeJson(JSON.stringify(manifestOf(each), null, 2)).replaceAll('\n', '\n    ');
    before = ',\n    ';
    after = '\n  ]\n}\n';
  }
  yield after;
}

function manifestOf(each: PrintableEndpoints): JsonObject {
  return each.kind === 'Endpoints' ? endpointsManifest(each.object) : endpointSliceManifest(each.object);
}

/** An Endpoints object as the API server takes it. */
export function endpointsManifest(endpoints: Endpoints): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: metadataOf(endpoints),
    ...(endpoints.subsets.length === 0 ? {} : { subsets: endpoints.subsets.map(subsetOf) }),
  };
}

/** An EndpointSlice as the API server takes it. */
export function endpointSliceManifest(slice: ControllerSlice): JsonObject {
  const isMirror = slice.labels[SLICE_MANAGED_BY_LABEL] === MIRRORING_CONTROLLER;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: metadataOf(slice),
    addressType: slice.addressType,
    ports: slice.ports.map(slicePortOf),
    endpoints: slice.endpoints.map((endpoint) => endpointOf(endpoint, { isMirror })),
  };
}

function metadataOf({ name, namespace, labels, annotations }: ObjectMeta): JsonObject {
  return { name, namespace, ...mapField('labels', labels), ...mapField('annotations', annotations) };
}

/** Keys in order, as the API server prints them. */
function mapField(field: string, map: StringMap): JsonObject {
  const entries = Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? {} : { [field]: Object.fromEntries(entries) };
}

function subsetOf({ addresses, notReadyAddresses, ports }: EndpointSubset): JsonObject {
  return {
    ...listField('addresses', addresses.map(addressOf)),
    ...listField('notReadyAddresses', notReadyAddresses.map(addressOf)),
    ...listField('ports', ports.map(portOf)),
  };
}

function listField(field: string, list: readonly JsonValue[]): JsonObject {
  return list.length === 0 ? {} : { [field]: list };
}

function addressOf({ ip, hostname, nodeName, targetRef }: EndpointAddress): JsonObject {
  return {
    ip,
    ...textField('hostname', hostname),
    ...textField('nodeName', nodeName),
    ...(targetRef === undefined ? {} : { targetRef: referenceOf(targetRef) }),
  };
}

function portOf({ name, port, protocol, appProtocol }: EndpointPort): JsonObject {
  return {
    ...textField('name', name),
    ...numberField(port),
    protocol,
    ...textField('appProtocol', appProtocol),
  };
}

/** Controllers write the name of the one unnamed port, too. */
function slicePortOf({ name, port, protocol, appProtocol }: EndpointPort): JsonObject {
  return { name, ...numberField(port), protocol, ...textField('appProtocol', appProtocol) };
}

function numberField(port: number | undefined): JsonObject {
  return port === undefined ? {} : { port };
}

function endpointOf(endpoint: ControllerEndpoint, { isMirror }: { readonly isMirror: boolean }): JsonObject {
  const { addresses, ready, serving, terminating, hostname, nodeName, zone, targetRef } = endpoint;
  return {
    addresses,
    conditions: isMirror ? { ready } : { ready, serving, terminating },
    ...textField('hostname', hostname),
    ...(targetRef === undefined ? {} : { targetRef: referenceOf(targetRef) }),
    ...textField('nodeName', nodeName),
    ...textField('zone', zone),
    ...hintsOf(endpoint),
  };
}

function hintsOf({ zoneHints, nodeHints }: ControllerEndpoint): JsonObject {
  if (zoneHints.length === 0 && nodeHints.length === 0) return {};
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  return {
    hints: { ...listField('forZones', named(zoneHints)), ...listField('forNodes', named(nodeHints)) },
  };
}

function referenceOf({ kind, namespace, name, uid }: ObjectReference): JsonObject {
  return { kind, ...textField('namespace', namespace), name, ...textField('uid', uid) };
}

function textField(field: string, text: string | undefined): JsonObject {
  return text === undefined || text === '' ? {} : { [field]: text };
}

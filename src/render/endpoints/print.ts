import { yamlDocument } from '../../lang/text/yaml-text.ts';
import type { ControllerSlice, Endpoints } from '../../model/cluster.ts';
import type { JsonObject } from '../../model/json.ts';
import { endpointSliceManifest, endpointsManifest } from './manifest.ts';

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
    yield before + JSON.stringify(manifestOf(each), null, 2).replaceAll('\n', '\n    ');
    before = ',\n    ';
    after = '\n  ]\n}\n';
  }
  yield after;
}

function manifestOf(each: PrintableEndpoints): JsonObject {
  return each.kind === 'Endpoints' ? endpointsManifest(each.object) : endpointSliceManifest(each.object);
}

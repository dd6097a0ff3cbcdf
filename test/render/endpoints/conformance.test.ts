import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ControllerSlice, EndpointSlice } from '../../../src/model/cluster.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import { type endpointsFormats, printEndpoints } from '../../../src/render/endpoints/print.ts';
import { endpointObjects } from '../../../src/resolve/controllers/endpoint-objects.ts';
import { canonicalEndpoints, canonicalExpected } from '../../support/canonical-endpoints.ts';
import { clusterOf, objectsOf, readCluster } from '../../support/read-cluster.ts';

const folder = 'fixtures/conformance/endpoints';
const cases = readdirSync(folder);

test.each(cases)('the controllers write the same: %s', (name) => {
  const expected = JSON.parse(readFileSync(`${folder}/${name}/expected.json`, 'utf8')) as JsonObject;
  const items = objectsOf(print(`${folder}/${name}/input.yaml`, 'json'));
  expect(canonicalEndpoints(items)).toEqual(canonicalExpected(expected));
});

test.each(cases)('YAML and JSON hold the same, and are read back as written: %s', (name) => {
  const path = `${folder}/${name}/input.yaml`;
  expect(objectsOf(print(path, 'yaml'))).toEqual(objectsOf(print(path, 'json')));
  const made = [...endpointObjects(readCluster(path), { maxEndpointsPerSlice: 100 }).objects];
  const { endpoints, endpointSlices } = clusterOf(print(path, 'yaml'));
  const plain = (objects: readonly object[]) => JSON.parse(JSON.stringify(objects));
  expect(plain(endpoints)).toEqual(
    plain(made.flatMap((each) => (each.kind === 'Endpoints' ? [each.object] : []))),
  );
  expect(plain(endpointSlices)).toEqual(
    plain(made.flatMap((each) => (each.kind === 'EndpointSlice' ? [asRead(each.object)] : []))),
  );
});

/** A slice without what no node needs, which is not kept when it is read. */
function asRead(slice: ControllerSlice): EndpointSlice {
  return { ...slice, endpoints: slice.endpoints.map(({ zone, targetRef, ...kept }) => kept) };
}

function print(path: string, format: (typeof endpointsFormats)[number]): string {
  const { objects } = endpointObjects(readCluster(path), { maxEndpointsPerSlice: 100 });
  return [...printEndpoints(objects, format)].join('');
}

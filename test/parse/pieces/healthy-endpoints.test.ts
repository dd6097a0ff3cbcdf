import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { isJsonObject, type JsonValue } from '../../../src/model/json.ts';
import { readFastYaml } from '../../../src/parse/fast-yaml/read-fast-yaml.ts';
import { shortenJson, shortenYaml } from '../../../src/parse/pieces/healthy-endpoints.ts';
import { defaultValidateOptions } from '../../../src/validate/options.ts';
import { validate } from '../../../src/validate/validate.ts';

const HEALTHY = { ready: true, serving: true, terminating: false };
const REFERENCE = {
  kind: 'Pod',
  name: 'web-7d4b9c6f5d-9e377',
  namespace: 'team-0',
  uid: '8d48c0f1-4c5b-4d5e-8f60-27b06c714b40',
};
const WHOLE = {
  addresses: ['10.0.0.1'],
  conditions: HEALTHY,
  hints: { forZones: [{ name: 'eu-west-1a' }] },
  hostname: 'web-node-0',
  nodeName: 'node-0',
  targetRef: REFERENCE,
  zone: 'eu-west-1a',
};
const KEPT = {
  addresses: WHOLE.addresses,
  hints: WHOLE.hints,
  hostname: WHOLE.hostname,
  nodeName: WHOLE.nodeName,
};

function sliceOf(...endpoints: readonly unknown[]): JsonValue {
  const slice = {
    addressType: 'IPv4',
    apiVersion: 'discovery.k8s.io/v1',
    endpoints,
    kind: 'EndpointSlice',
    metadata: { labels: { 'kubernetes.io/service-name': 'web' }, name: 'web-abcde', namespace: 'team-0' },
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
  return JSON.parse(JSON.stringify(slice));
}

const yamlOf = (value: JsonValue) =>
  stringify([value], { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
const readShortened = {
  compact: (value: JsonValue): unknown => JSON.parse(shortenJson(JSON.stringify(value))),
  indented: (value: JsonValue): unknown => JSON.parse(shortenJson(JSON.stringify(value, undefined, 4))),
  YAML: (value: JsonValue): unknown => {
    const read = readFastYaml(shortenYaml(yamlOf(value)));
    return Array.isArray(read) ? read[0] : undefined;
  },
};

/** Endpoints that are not quite what controllers write. */
const OTHERS: Readonly<Record<string, JsonValue>> = {
  'not ready': { ...WHOLE, conditions: { ...HEALTHY, ready: false } },
  terminating: { ...WHOLE, conditions: { ...HEALTHY, terminating: true } },
  'a condition that is no boolean': { ...WHOLE, conditions: { ...HEALTHY, serving: 'true' } },
  'a condition more': { ...WHOLE, conditions: { ...HEALTHY, warm: true } },
  'two addresses': { ...WHOLE, addresses: ['10.0.0.1', '10.0.0.2'] },
  'an address that is no text': { ...WHOLE, addresses: [10] },
  'a reference with a number as name': { ...WHOLE, targetRef: { ...REFERENCE, name: 12345678 } },
  'a reference with another field': {
    ...WHOLE,
    targetRef: { ...REFERENCE, fieldPath: 'spec.containers{web}' },
  },
  'a zone that is no text': { ...WHOLE, zone: 1234567 },
  'a field behind the zone': { ...WHOLE, zones: ['eu-west-1a'] },
  'a list in a list': [WHOLE.addresses],
};

describe.each(Object.entries(readShortened))('endpoints in %s', (_, read) => {
  test('lose what nobody reads, where they are healthy', () => {
    expect(read(sliceOf(WHOLE, WHOLE))).toEqual(sliceOf(KEPT, KEPT));
    const bare = { addresses: ['10.0.0.1'], conditions: HEALTHY };
    expect(read(sliceOf(bare, WHOLE))).toEqual(sliceOf({ addresses: ['10.0.0.1'] }, KEPT));
  });

  test.each(Object.entries(OTHERS))('stay as they are: %s', (_name, endpoint) => {
    expect(read(sliceOf(endpoint))).toEqual(sliceOf(endpoint));
    expect(read(sliceOf(WHOLE, endpoint, WHOLE))).toEqual(sliceOf(KEPT, endpoint, KEPT));
  });

  test('mean the same cluster, and the same findings', () => {
    const condition = fc.option(fc.boolean(), { nil: undefined });
    const endpoint = fc.record(
      {
        addresses: fc.array(fc.constantFrom('10.0.0.1', '10.0.0.300', '127.0.0.1', 'fd00::1'), {
          maxLength: 2,
        }),
        conditions: fc.oneof(
          fc.constant(HEALTHY),
          fc.record({ ready: condition, serving: condition, terminating: condition }),
        ),
        nodeName: fc.constantFrom('node-0', 'Node-00', 'a', '12345678'),
        targetRef: fc.constant(REFERENCE),
        zone: fc.constantFrom('eu-west-1a', '', '"'),
      },
      { requiredKeys: ['addresses', 'conditions'] },
    );
    fc.assert(
      fc.property(fc.array(endpoint, { maxLength: 4 }), (endpoints) => {
        const value = sliceOf(...endpoints);
        expect(judge(read(value))).toEqual(judge(value));
      }),
    );
  });
});

function judge(value: unknown) {
  const object = isJsonObject(value) ? value : {};
  const locate = (path: readonly (string | number)[]) => ({
    file: path.join('.'),
    line: 1,
    column: 1,
    excerpt: { text: '', start: 0, length: 1 },
  });
  const identity = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace: 'team-0',
    name: 'web',
  };
  const { cluster, diagnostics } = validate(
    [{ ...identity, value: object, file: 'a', locate }],
    defaultValidateOptions,
  );
  return { slices: cluster.endpointSlices.map(({ locate: _, ...slice }) => slice), diagnostics };
}

test('a text within a string is left alone', () => {
  const note = JSON.stringify(WHOLE);
  const object = { metadata: { annotations: { note, also: `x${note}` } } };
  expect(JSON.parse(shortenJson(JSON.stringify(object)))).toEqual(object);
});

test('what is no JSON does not become any', () => {
  const text = JSON.stringify([WHOLE, WHOLE]);
  fc.assert(
    fc.property(
      fc.nat(text.length - 1),
      fc.constantFrom('', '"', '{', '}', ',', '\\', 'x'),
      (at, character) => {
        const damaged = text.slice(0, at) + character + text.slice(at + 1);
        const parses = (json: string) => {
          try {
            return JSON.parse(json) !== undefined;
          } catch {
            return false;
          }
        };
        expect(parses(shortenJson(damaged))).toBe(parses(damaged));
      },
    ),
    { numRuns: 3000 },
  );
});

test.each(['\u00a0', '\ufeff', '\u2028', '\v', '\f'])(
  'white space that is none in JSON stays: %j',
  (space) => {
    const text = JSON.stringify([WHOLE]);
    for (const { index } of text.matchAll(/(?<=[:,{}[\]])./g)) {
      const strange = `${text.slice(0, index)}${space}${text.slice(index)}`;
      expect(() => JSON.parse(shortenJson(strange)), strange).toThrow(SyntaxError);
    }
  },
);

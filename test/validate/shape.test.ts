import { expect, test } from 'vitest';
import { formatFieldPath } from '../../src/model/field-path.ts';
import { explainShape } from '../../src/validate/shape/explain-shape.ts';
import { readShapes } from '../../src/validate/shape/shape.ts';

const explain = (value: unknown, kind = 'service') =>
  explainShape(value, kind, readShapes()).map(({ code, field, place = field }) =>
    [code, formatFieldPath(field), formatFieldPath(place)].join(' '),
  );

test.each([
  [{ spec: { ports: [{ port: '80' }] } }, 'field-type spec.ports[0].port spec.ports[0].port'],
  [{ spec: { ports: { port: 80 } } }, 'field-type spec.ports spec.ports'],
  [{ spec: { ports: [80] } }, 'field-type spec.ports[0] spec.ports[0]'],
  [{ spec: { ports: [{ port: 1.5 }] } }, 'field-type spec.ports[0].port spec.ports[0].port'],
  [{ spec: { ports: [{ port: 2 ** 31 }] } }, 'integer-size spec.ports[0].port spec.ports[0].port'],
  [
    { spec: { ports: [{ port: Number.POSITIVE_INFINITY }] } },
    'field-type spec.ports[0].port spec.ports[0].port',
  ],
  [
    { spec: { ports: [{ targetPort: true }] } },
    'field-type spec.ports[0].targetPort spec.ports[0].targetPort',
  ],
  [{ spec: { clusterIps: [] } }, 'unknown-field spec.clusterIps spec.clusterIps'],
  [{ Spec: {} }, 'unknown-field Spec Spec'],
  [{ metadata: { labels: { a: 1 } } }, 'field-type metadata.labels metadata.labels[a]'],
  [
    { metadata: { creationTimestamp: '2024-02-30T00:00:00Z' } },
    'timestamp-format metadata.creationTimestamp metadata.creationTimestamp',
  ],
  [JSON.parse('{"__proto__": {}}'), 'unknown-field __proto__ __proto__'],
  [{ constructor: 1 }, 'unknown-field constructor constructor'],
])('%j: %s', (value, expected) => expect(explain(value)).toEqual([expected]));

test.each([
  [{ spec: null, metadata: null, status: null }],
  [{ spec: { ports: [null], selector: { a: null }, clusterIPs: [null] } }],
  [{ spec: { ports: [{ port: 80, targetPort: 'http' }, { targetPort: 8080 }] } }],
  [
    {
      metadata: {
        creationTimestamp: '2024-02-29T23:59:59.123+01:00',
        managedFields: [{ fieldsV1: { any: ['thing'] } }],
      },
    },
  ],
])('%j is a Service', (value) => expect(explain(value)).toEqual([]));

test('quantities are looked into', () => {
  const pod = (memory: unknown) => ({ spec: { containers: [{ resources: { limits: { memory } } }] } });
  expect(['1Gi', 5, '1e3', '.5', null].map((memory) => explain(pod(memory), 'pod'))).toEqual([
    [],
    [],
    [],
    [],
    [],
  ]);
  const limits = 'spec.containers[0].resources.limits';
  expect(explain(pod('1GB'), 'pod')).toEqual([`quantity-format ${limits} ${limits}[memory]`]);
  expect(explain(pod(true), 'pod')).toEqual([`field-type ${limits} ${limits}[memory]`]);
});

test('slips in spelling are told what they may have been', () => {
  const hints = explainShape({ spec: { selecter: {}, zzz: 1 } }, 'service', readShapes()).map(
    ({ hint }) => hint,
  );
  expect(hints[0]).toBe('did you mean "selector"?');
  expect(hints[1]).toMatch(/^known here: /);
});

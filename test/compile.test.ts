import { describe, expect, test } from 'vitest';
import { checkManifests } from '../src/compile.ts';
import type { JsonObject } from '../src/model/json.ts';
import { LARGE_BYTES } from '../src/parse/input-file.ts';
import { parse } from '../src/parse/parse.ts';
import { defaultValidateOptions } from '../src/validate/options.ts';
import { validate } from '../src/validate/validate.ts';
import { LARGE_TEXTS, manyObjects } from './support/large-text.ts';

const PATH = 'cluster.yaml';

function service(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

/** Enough for a large file, with something wrong at its start and end, and two that contradict each other. */
const OBJECTS = [
  service('low', { ports: [{ port: 0 }] }),
  service('web', { clusterIP: '10.97.0.1', ports: [{ port: 80 }] }),
  ...manyObjects(3600, 2400),
  service('web', { clusterIP: '10.97.0.2', ports: [{ port: 80 }] }),
  service('shop', { clusterIP: '10.97.0.1', ports: [{ port: 80 }], tpye: 'NodePort' }),
];

const SERVICE_CIDR = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: 'kubernetes' },
  spec: { cidrs: ['10.96.0.0/16'] },
};

/** Both stages one after the other, each over everything. */
function stageByStage(bytes: Uint8Array) {
  const { manifests, diagnostics, filesWithObjects } = parse([{ path: PATH, bytes }]);
  const { ignored, objects, ...validated } = validate(manifests, defaultValidateOptions);
  return { diagnostics: [...diagnostics, ...validated.diagnostics], ignored, objects, filesWithObjects };
}

function check(bytes: Uint8Array) {
  return checkManifests([{ path: PATH, bytes }], defaultValidateOptions);
}

describe('large files', () => {
  test.each(Object.entries(LARGE_TEXTS))('%s: the same diagnostics as stage by stage', (_, print) => {
    const bytes = Buffer.from(print(OBJECTS));
    expect(bytes.length).toBeGreaterThan(LARGE_BYTES);
    const checked = check(bytes);
    expect(checked).toEqual(stageByStage(bytes));
    const codes = new Set(checked.diagnostics.map(({ code }) => code));
    expect(codes).toContain('object-unique');
    expect(codes).toContain('unknown-field');
  });

  test('what ServiceCIDR objects say counts for the Services before them', () => {
    const bytes = Buffer.from(LARGE_TEXTS['JSON of kubectl']?.([...OBJECTS, SERVICE_CIDR]) ?? '');
    const checked = check(bytes);
    expect(checked).toEqual(stageByStage(bytes));
    expect(checked.diagnostics.some(({ code }) => code === 'cluster-ip-in-range')).toBe(true);
  });

  test('broken at the end: nothing is said but that', () => {
    const text = LARGE_TEXTS['JSON of kubectl']?.(OBJECTS) ?? '';
    const bytes = Buffer.from(`${text.slice(0, -100)}!`);
    expect(check(bytes)).toEqual(stageByStage(bytes));
    expect(check(bytes).diagnostics.map(({ code }) => code)).toEqual(['yaml-syntax']);
  });
});

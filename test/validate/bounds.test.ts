import { describe, expect, test } from 'vitest';
import { MAX_OF_CODE } from '../../src/diagnostic/collector.ts';
import { summarize } from '../../src/diagnostic/summarize.ts';
import { parse } from '../../src/parse/parse.ts';
import { defaultValidateOptions } from '../../src/validate/options.ts';
import { validate } from '../../src/validate/validate.ts';

const PORTS = 20_000;

function validateText(text: string) {
  const { manifests } = parse([{ path: 'input.yaml', bytes: new TextEncoder().encode(text) }]);
  return validate(manifests, defaultValidateOptions);
}

function countsOf(text: string): Readonly<Record<string, { readonly kept: number; readonly all: number }>> {
  const counts: Record<string, { kept: number; all: number }> = {};
  for (const { code, more } of validateText(text).diagnostics) {
    const count = counts[code] ?? { kept: 0, all: 0 };
    counts[code] = { kept: count.kept + 1, all: count.all + 1 + (more?.count ?? 0) };
  }
  return counts;
}

describe('what is kept of very many findings', () => {
  test('of a rule in one object', () => {
    const ports = '  - {port: 0}\n'.repeat(PORTS);
    const text = `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n${ports}`;
    const counts = countsOf(text);
    expect(counts['service-port-in-range']).toEqual({ kept: MAX_OF_CODE, all: PORTS });
    for (const { kept } of Object.values(counts)) expect(kept).toBeLessThanOrEqual(MAX_OF_CODE);
    const { cluster, diagnostics } = validateText(text);
    expect(cluster.services).toEqual([]);
    expect(summarize(diagnostics).filesAffected).toBe(1);
  });

  test('of a rule in many objects', () => {
    const service = (index: number) =>
      `apiVersion: v1\nkind: Service\nmetadata: {name: s${index}}\nspec: {ports: [{port: 0}]}\n`;
    const text = Array.from({ length: MAX_OF_CODE + 7 }, (_, index) => service(index)).join('---\n');
    expect(countsOf(text)['service-port-in-range']).toEqual({ kept: MAX_OF_CODE, all: MAX_OF_CODE + 7 });
  });

  test('of fields that there are not, which leave the object as it is', () => {
    const fields = Array.from({ length: PORTS }, (_, index) => `  x${index}: 1\n`).join('');
    const text = `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports: [{port: 80}]\n${fields}`;
    expect(countsOf(text)['unknown-field']).toEqual({ kept: MAX_OF_CODE, all: PORTS });
    expect(validateText(text).cluster.services).toHaveLength(1);
  });

  test('of fields of a wrong type', () => {
    const ports = '  - {port: [], x: 1}\n'.repeat(PORTS);
    const text = `apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n${ports}`;
    const counts = countsOf(text);
    expect(counts['field-type']).toEqual({ kept: MAX_OF_CODE, all: PORTS });
    expect(counts['unknown-field']).toEqual({ kept: MAX_OF_CODE, all: PORTS });
    expect(validateText(text).cluster.services).toEqual([]);
  });
});

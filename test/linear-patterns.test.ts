import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainLine } from '../src/lang/nftables/read/plain-line.ts';
import { JSON_ENDPOINT, YAML_ENDPOINT } from '../src/parse/pieces/healthy-endpoints.ts';
import { growthOf, MAX_GROWTH } from './support/growth.ts';
import { type Pattern, patternsOf } from './support/patterns.ts';
import { type Pump, pumpsFor } from './support/pump.ts';

/** So short that only a pattern whose time doubles with every character or two takes any. */
const SHORT = [16, 20, 24];
/** Characters enough for a pattern that takes the square of the length to take longer than this. */
const LONG = 4096;
const SUSPICIOUS_MS = 4;
const TRIES = 3;

const modules = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ts|js)$/.test(name) && !name.endsWith('.d.ts'))
  .filter((name) => !name.endsWith('generated/examples.js'))
  .map((name) => join('src', name))
  .map(patternsOf);
/** What is put together at run time, by its module. */
const assembled: readonly Pattern[] = [
  ...(['none', 'verdict', 'destination', 'address'] as const)
    .flatMap((values) => [
      plainLine({ key: ['address', 'address', 'protocol', 'port'], values }),
      plainLine({ key: ['number', 'address', 'port', 'number'], values }),
    ])
    .flatMap((expression) => (expression === undefined ? [] : [expression]))
    .map((expression) => ({ place: 'src/lang/nftables/read/plain-line.ts', expression })),
  ...[JSON_ENDPOINT, YAML_ENDPOINT].map((expression) => ({
    place: 'src/parse/pieces/healthy-endpoints.ts',
    expression,
  })),
];
const patterns = [...modules.flatMap((module) => module.patterns), ...assembled];

function match({ expression }: Pattern, text: string): void {
  expression.lastIndex = 0;
  if (expression.global) text.replaceAll(expression, '');
  else expression.test(text);
}

function isSlow(pattern: Pattern, { before, pumped, after }: Pump): boolean {
  const work = (times: number) => {
    const text = `${before}${pumped.repeat(times)}${after}`;
    return () => match(pattern, text);
  };
  if (SHORT.some((times) => isSuspicious(work(times)))) return true;
  const times = Math.ceil(LONG / pumped.length);
  return isSuspicious(work(times)) && growthOf(work, times) > MAX_GROWTH;
}

/** Whether it takes its time, and not only because the machine does something else. */
function isSuspicious(run: () => void): boolean {
  return Array.from({ length: TRIES }).every(() => {
    const start = performance.now();
    run();
    return performance.now() - start > SUSPICIOUS_MS;
  });
}

test('there are patterns to look at', () => {
  expect(patterns.length).toBeGreaterThan(200);
});

test('all that are put together at run time are known', () => {
  // Patterns of shapes: they are among those that are written down.
  const known = ['src/validate/shape/explain-shape.ts', ...assembled.map(({ place }) => place)];
  const found = modules.flatMap(({ dynamic }) => dynamic);
  expect([...new Set(found)].toSorted()).toEqual([...new Set(known)].toSorted());
});

describe.each(patterns.map((pattern) => [pattern.place, pattern] as const))('%s', (_, pattern) => {
  test('takes time like the length of a text, not like its square', () => {
    expect(pumpsFor(pattern.expression).find((pump) => isSlow(pattern, pump))).toBeUndefined();
  });
});

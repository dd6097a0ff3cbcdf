import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testTraffic } from '../../src/index.ts';

/** A change of manifests that breaks a case. */
interface Mutation {
  readonly what: string;
  readonly replace: string;
  readonly by: string;
  /** Another text, and what replaces it, where one change needs a second. */
  readonly also?: readonly [string, string];
}

const ROOT = 'fixtures/traffic';
const applications = readdirSync(ROOT).filter((name) => existsSync(join(ROOT, name, 'mutations.json')));

/** By the name of the case. */
function mutationsOf(name: string): Readonly<Record<string, Mutation>> {
  return JSON.parse(readFileSync(join(ROOT, name, 'mutations.json'), 'utf8'));
}

test('there are five applications', () => {
  expect(applications).toHaveLength(5);
});

test.each(['pod', 'policy', 'port', 'selector', 'range'])('a change of a %s breaks some case', (kind) => {
  const changes = applications.flatMap((name) => Object.values(mutationsOf(name)));
  expect(changes.filter(({ what }) => what.split(' ').includes(kind))).not.toEqual([]);
});

describe.each(applications)('%s', (name) => {
  const read = (file: string) => readFileSync(join(ROOT, name, file), 'utf8');
  const manifests = read('input.yaml');
  const expectations = [{ path: 'expectations', text: read(`${name}.traffic.yaml`) }];
  const mutations = mutationsOf(name);
  const run = (text: string, filter = '') =>
    testTraffic([{ path: 'input.yaml', text }], expectations, { synthesizePods: true, filter });
  const { report, diagnostics } = run(manifests);
  const cases = report?.cases ?? [];

  test('passes, without a warning', () => {
    expect(diagnostics).toEqual([]);
    expect(cases.length).toBeGreaterThan(5);
    expect(cases.filter(({ failures }) => failures.length > 0)).toEqual([]);
  });

  test('each case has a change that breaks it', () => {
    expect(Object.keys(mutations)).toEqual(cases.map((each) => each.name));
  });

  test.each(Object.entries(mutations))('%s', (caseName, { what, replace, by, also = ['', ''] }) => {
    const [otherText, otherBy] = also;
    expect(manifests, what).toContain(replace);
    expect(manifests, what).toContain(otherText);
    const mutated = run(manifests.replace(replace, by).replace(otherText, otherBy), caseName);
    const object = `case ${JSON.stringify(caseName)}`;
    const failed = mutated.report?.cases.some((each) => each.name === caseName && each.failures.length > 0);
    const refused = mutated.diagnostics.some((each) => each.severity === 'error' && each.object === object);
    const others = mutated.diagnostics.filter(
      (each) => each.severity === 'error' && !each.object.startsWith('case '),
    );
    expect(others).toEqual([]);
    expect(failed === true || refused, what).toBe(true);
  });
});

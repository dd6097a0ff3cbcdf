import type { JsonObject } from '../../src/model/json.ts';
import { parse } from '../../src/parse/parse.ts';
import { allRules } from '../../src/validate/rules/index.ts';
import { readFixture } from './check-text.ts';

/** Longer ones are about size, and take long to change in every way. */
const MAX_LENGTH = 5000;

/** The objects of all fixtures that rules are explained by: what each finds, and what it nearly finds. */
export const exampleObjects: readonly JsonObject[] = allRules
  .flatMap(({ code }) => [`invalid/${code}/input.yaml`, `invalid/${code}/near-miss.yaml`])
  .map((path) => ({ path, bytes: new TextEncoder().encode(readFixture(path)) }))
  .filter(({ bytes }) => bytes.length <= MAX_LENGTH)
  .flatMap((file) => parse([file]).manifests)
  .map(({ value }) => value);

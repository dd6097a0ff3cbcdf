import type { JsonValue } from '../../src/model/json.ts';
import { type ParseResult, parse } from '../../src/parse/parse.ts';

const encoder = new TextEncoder();

/** What the parse stage makes of one file. */
export function parseText(text: string): ParseResult {
  return parse([{ path: 'web.yaml', bytes: encoder.encode(text) }]);
}

/** The values of its objects. */
export function valuesOf(text: string): JsonValue[] {
  return parseText(text).manifests.map(({ value }) => value);
}

/** `severity code line:column` of each diagnostic. */
export function problemsOf(text: string): string[] {
  return parseText(text).diagnostics.map(
    ({ severity, code, span }) => `${severity} ${code} ${span?.line}:${span?.column}`,
  );
}

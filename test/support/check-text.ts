import { readFileSync } from 'node:fs';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { applyPolicy, defaultPolicy } from '../../src/diagnostic/policy.ts';
import { parse } from '../../src/parse/parse.ts';
import { defaultValidateOptions, type ValidateOptions } from '../../src/validate/options.ts';
import { validate } from '../../src/validate/validate.ts';

/** What svcgen has to say about one file of manifests. */
export function checkText(
  text: string,
  options: Partial<ValidateOptions> = {},
  path = 'input.yaml',
): readonly Diagnostic[] {
  const parsed = parse([{ path, bytes: new TextEncoder().encode(text) }]);
  const { diagnostics } = validate(parsed.manifests, { ...defaultValidateOptions, ...options });
  return applyPolicy([...parsed.diagnostics, ...diagnostics], defaultPolicy);
}

/** The text of a file below fixtures/. */
export function readFixture(path: string): string {
  return readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8');
}

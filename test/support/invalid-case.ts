import { existsSync, readFileSync } from 'node:fs';
import type { ValidateOptions } from '../../src/validate/options.ts';

/** Options that a folder of fixtures/invalid sets in its case.json; none when it has no such file. */
export function readCaseOptions(path: string): Partial<ValidateOptions> {
  const file = `${path}/case.json`;
  if (!existsSync(file)) return {};
  const { disabledCodes, categories, ...options } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    ...options,
    ...(disabledCodes === undefined ? {} : { disabledCodes: new Set(disabledCodes) }),
    ...(categories === undefined ? {} : { categories: new Set(categories) }),
  };
}

import { maskTrailingDash } from '../../formats/dns.ts';
import { nameProblem } from '../../formats/object-name.ts';
import { areServiceNamesRelaxed } from '../../options.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateObjectMeta (apimachinery, 1.34): a trailing `-` is fine, because characters follow. */
export const generateNameValid = {
  code: 'generate-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a generateName that no valid name can start with',
  explanation: `The API server puts five characters behind metadata.generateName, so what stands there must be the
start of a valid name of the kind; it may end with '-'.`,
  check({ kind, metadata, path }, report, { options }) {
    const { generateName } = metadata;
    if (!generateName) return;
    const problem = nameProblem(maskTrailingDash(generateName), {
      kind,
      relaxed: areServiceNamesRelaxed(options),
    });
    if (problem === undefined) return;
    report({
      field: [...path, 'generateName'],
      message: `generateName ${quoteValue(generateName)} ${problem}`,
    });
  },
} as const satisfies MetadataRule;

import { suggestLabel } from '../../formats/dns.ts';
import { nameProblem } from '../../formats/object-name.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateObjectMeta with the name function of each kind (1.34). */
export const objectNameValid = {
  code: 'object-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a name that objects of the kind cannot have',
  explanation: `Names are used in URLs and DNS. A Service's name becomes a DNS label, so it is one: lower case
letters, digits and '-', at most 63 characters, starting with a letter (--relaxed-service-names also allows a digit,
as the feature gate RelaxedServiceNameValidation of 1.34 does). Other kinds may have dots too, and 253 characters.
In svcgen, names also reach the comments of rules.`,
  check({ kind, metadata, path }, report, { options }) {
    const { name } = metadata;
    if (!name) return;
    const problem = nameProblem(name, { kind, relaxed: options.relaxedServiceNames });
    if (problem === undefined) return;
    const suggestion = suggestLabel(name);
    report({
      field: [...path, 'name'],
      message: `name ${quoteValue(name)} ${problem}`,
      ...(suggestion === undefined || suggestion === name ? {} : { hint: `try ${suggestion}` }),
    });
  },
} as const satisfies MetadataRule;

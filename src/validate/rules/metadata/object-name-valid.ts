import { suggestLabel } from '../../formats/dns.ts';
import { nameProblem } from '../../formats/object-name.ts';
import { areServiceNamesRelaxed } from '../../options.ts';
import type { MetadataRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateObjectMeta with the name function of each kind (1.34). */
export const objectNameValid = {
  code: 'object-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a name that objects of the kind cannot have',
  explanation: `Names are used in URLs and DNS. A Service's name becomes a DNS label, so it is one: lower case
letters, digits and '-', at most 63 characters. Up to Kubernetes 1.35 it starts with a letter (--relaxed-service-names
allows a digit, as the feature gate RelaxedServiceNameValidation does, which is on since 1.36). Other kinds may have
dots too, and 253 characters. In svcgen, names also reach the comments of rules.`,
  check({ kind, metadata, path }, report, { options }) {
    const { name } = metadata;
    if (!name) return;
    const problem = nameProblem(name, { kind, relaxed: areServiceNamesRelaxed(options) });
    if (problem === undefined) return;
    const suggestion = suggestLabel(name);
    report({
      field: [...path, 'name'],
      message: `name ${quoteValue(name)} ${problem}`,
      ...(suggestion === undefined || suggestion === name ? {} : { hint: `try ${suggestion}` }),
    });
  },
} as const satisfies MetadataRule;

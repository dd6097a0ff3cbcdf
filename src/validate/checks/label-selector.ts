import type { FieldPath } from '../../model/field-path.ts';
import { labelValueProblem, qualifiedNameProblem } from '../formats/qualified-name.ts';
import type * as api from '../generated/shapes.js';
import type { Report } from '../rule.ts';
import { quoteValue } from '../shape/describe-value.ts';

/** ValidateLabelSelector (apimachinery, 1.34). */
export function checkLabelSelector(
  selector: api.LabelSelector | null | undefined,
  path: FieldPath,
  report: Report,
): void {
  const labels = [...path, 'matchLabels'];
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    const place = [...labels, key];
    const keyProblem = qualifiedNameProblem(key);
    if (keyProblem !== undefined)
      report({ field: labels, place, at: 'key', message: `key ${quoteValue(key)} ${keyProblem}` });
    const problem = labelValueProblem(value ?? '');
    if (problem !== undefined)
      report({ field: labels, place, message: `value ${quoteValue(value ?? '')} ${problem}` });
  }
  for (const [index, expression] of (selector?.matchExpressions ?? []).entries()) {
    checkExpression(expression ?? {}, { path: [...path, 'matchExpressions', index] }, report);
  }
}

interface ExpressionCheck {
  readonly path: FieldPath;
  /** Operators with one value, which selectors of nodes have too. */
  readonly extra?: readonly string[];
  /** Mere preferences may compare with what no label can be. */
  readonly allowsAnyValue?: boolean;
}

/** One `key operator values` of a selector. */
export function checkExpression(
  { key, operator, values }: api.LabelSelectorRequirement,
  { path, extra = [], allowsAnyValue = false }: ExpressionCheck,
  report: Report,
): void {
  const keyProblem = qualifiedNameProblem(key ?? '');
  if (keyProblem !== undefined)
    report({ field: [...path, 'key'], message: `key ${quoteValue(key ?? '')} ${keyProblem}` });
  const field = [...path, 'values'];
  const count = values?.length ?? 0;
  if (operator === 'In' || operator === 'NotIn') {
    if (count === 0) report({ field, message: `operator ${operator} needs values` });
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (count > 0) report({ field, message: `operator ${operator} takes no values` });
  } else if (extra.includes(operator ?? '')) {
    if (count !== 1) report({ field, message: `operator ${operator} takes one value` });
  } else report({ field: [...path, 'operator'], message: `${quoteValue(operator ?? '')} is no operator` });
  if (allowsAnyValue) return;
  for (const [index, value] of (values ?? []).entries()) {
    const problem = labelValueProblem(value ?? '');
    if (problem !== undefined)
      report({ field: [...field, index], message: `value ${quoteValue(value ?? '')} ${problem}` });
  }
}

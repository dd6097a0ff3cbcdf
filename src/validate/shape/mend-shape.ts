import type { FieldPath } from '../../model/field-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { ShapeFinding } from './explain-shape.ts';

/** An object with more mistakes than this is not looked at further. */
const MAX_MENDED = 50;

/**
 * An object as it was probably meant, where quotes are all that is wrong with its values (`port: "80"`, `version: 1.10`):
 * so that the rules can say in the same run what else is.
 * @returns undefined when something else is wrong with its shape
 */
export function mendShape(value: JsonObject, findings: readonly ShapeFinding[]): JsonObject | undefined {
  const mistakes = findings.filter(({ code }) => code !== 'unknown-field');
  if (mistakes.length > MAX_MENDED) return undefined;
  let mended: JsonValue = value;
  for (const { meant, field, place = field } of mistakes) {
    if (meant === undefined) return undefined;
    mended = replaceAt(mended, place, meant);
  }
  return isJsonObject(mended) ? mended : undefined;
}

function replaceAt(value: JsonValue, [step, ...rest]: FieldPath, meant: JsonValue): JsonValue {
  if (step === undefined) return meant;
  if (isJsonObject(value)) {
    const entries = Object.entries(value);
    return Object.fromEntries(
      entries.map(([key, each]) => [key, key === step ? replaceAt(each, rest, meant) : each]),
    );
  }
  if (!Array.isArray(value)) return value;
  return value.map((each: JsonValue, index) => (index === step ? replaceAt(each, rest, meant) : each));
}

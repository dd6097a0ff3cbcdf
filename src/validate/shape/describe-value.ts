import type { ShapeFinding } from './explain-shape.ts';
import type { Shape } from './shape.ts';

const MAX_SHOWN = 60;

/** A value as messages show it: strings and long things cut, lists and maps by name only. */
export function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  if (typeof value === 'string') return quoteValue(value);
  return String(value);
}

/** A string in quotes, control characters escaped, cut when it is long. */
export function quoteValue(text: string): string {
  if (text.length <= MAX_SHOWN) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, MAX_SHOWN))}… (${text.length} characters)`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};

/** `an integer or a string` */
export function describeTypes(shape: Shape): string {
  const types = (shape.type ?? []).filter((type) => type !== 'null');
  return types.map((type) => TYPE_NAMES[type]).join(' or ');
}

/** How to write it instead, and what it would be then, where that can be told. */
export function correction(value: unknown, shape: Shape): Pick<ShapeFinding, 'hint' | 'hintFor' | 'meant'> {
  const types = shape.type ?? [];
  const isScalar = typeof value === 'number' || typeof value === 'boolean';
  if (isScalar && types.includes('string'))
    return { meant: String(value), hintFor: (written) => quotesHint(written, String(value)) };
  if (typeof value !== 'string') return {};
  const isNumber = value.trim() !== '' && Number.isInteger(Number(value));
  if (isNumber && types.includes('integer'))
    return { meant: Number(value), hint: `write it without quotes: ${Number(value)}` };
  if (types.includes('array')) return { hint: 'write it as a list, each item with a dash' };
  return {};
}

const PLAIN_SCALAR = /^[\w.+-]{1,40}$/;

/** What YAML reads as a number or a truth value may have been meant as the text that stands there. */
function quotesHint(written: string, value: string): string {
  if (written === value || !PLAIN_SCALAR.test(written)) return `write it in quotes: "${value}"`;
  return `YAML reads ${written} as ${value}: write it in quotes, "${written}"`;
}

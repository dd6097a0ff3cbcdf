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

const TYPE_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    string: 'a string',
    integer: 'an integer',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
  }),
);

/** `an integer or a string` */
export function describeTypes(shape: Shape): string {
  const types = (shape.type ?? []).filter((type) => type !== 'null');
  return types.map((type) => TYPE_NAMES.get(type)).join(' or ');
}

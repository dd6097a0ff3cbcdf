/** A mark, as nft prints it: all of its 32 bits. */
export function hexMark(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}

/** What stands for a list: nft leaves brackets out around one. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** Several, with commas. */
export const safeWords = (value: unknown): string => asList(value).map(safeWord).join(',');

/** A name, number or address: nothing that could end it or the line. */
export function safeWord(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? `${value}` : unknownText(value);
  return text
    .replaceAll(/["{};#]+/g, ' ')
    .replaceAll(INVISIBLE, ' ')
    .trim();
}

/** A text in quotes, which it cannot end. */
export function safelyQuoted(text: string): string {
  return `"${text.replaceAll('"', ' ').replaceAll(INVISIBLE, ' ')}"`;
}

/** What is not known, so that the reader will not know it either. */
export function unknownText(value: unknown): string {
  const text = (JSON.stringify(value) ?? '').replaceAll('"', "'").replaceAll(INVISIBLE, ' ');
  return `json ${text.slice(0, UNKNOWN_LENGTH)}`;
}

const UNKNOWN_LENGTH = 200;
/** What does not show, and line breaks of any kind. */
const INVISIBLE = /[^ \p{L}\p{N}\p{P}\p{S}\p{M}]/gu;

/** V8 copies strings up to this length anyway. */
const COPIED = 12;

/**
 * A part of a text. Longer slices would keep all of the text in memory, which is a piece of a large file: joining two
 * parts makes a string that stands for itself.
 */
export function copyText(text: string, start: number, end: number): string {
  if (end - start <= COPIED) return text.slice(start, end);
  return [text.slice(start, start + COPIED), text.slice(start + COPIED, end)].join('');
}
